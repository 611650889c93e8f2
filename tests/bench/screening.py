"""The price of looking into one new text: normaliser and every default detector, without the classifier of intents.

CPU time of the process. Ordinary texts of 4 KB have a budget; hostile shapes have to stay linear in their length.
"""

import statistics
import sysconfig
import time
from collections import deque
from collections.abc import Callable
from functools import partial
from pathlib import Path

from tests.bench.report import Figure
from tests.bench.rig import POLICY

from firebreak.app.compose import Composer, Limits
from firebreak.model.conversation import Origin, Part, PartKind, Role, Segment
from firebreak.pipeline.screen import Screen

KB = 1024
SIZE = 4 * KB
MOST_MS = 1.0
LINEAR_MOST = 6.0
"""Four times the length; a quadratic step would make it sixteen. What is over four is the processor's caches."""
QUICKEST_MS = 2.0
"""A text that is read faster than this at a quarter of a megabyte is too short to be measured against."""

WORDS = {
    "English": (
        "valve pump pressure gauge filter bearing seal shaft rotor engine coolant hose clamp bolt washer torque wrench panel "
        "sensor cable fuse relay switch battery charger manual section table figure page operator crew shift inspection the "
        "of and to in is for on with before after every weekly monthly check replace clean tighten loosen remove install "
        "measure record report note value range normal low high left right upper lower front rear outer inner small large"
    ),
    "German": "das Ventil und die Pumpe für den Prüfer, ölig über Straße größer während außen möglich Dämpfer schließen",
    "Russian": "насос клапан давление проверить каждый месяц заменить уплотнение записать значение и низкое высокое",
    "Chinese": "每月 检查 泵 和 阀门 压力 更换 密封 记录 数值 正常 范围 左侧 右侧 操作 手册",
}


def ordinary() -> dict[str, Callable[[int], str]]:
    """Sorts of text that requests hold; each maker gives another text for another seed."""
    library = Path(sysconfig.get_path("stdlib"))
    code = "".join((library / name).read_text(encoding="utf-8") for name in ("argparse.py", "tarfile.py", "typing.py"))
    made: dict[str, Callable[[int], str]] = {
        f"{language} prose": partial(_prose, words) for language, words in WORDS.items()
    }
    pages = "".join(page.read_text(encoding="utf-8") for page in sorted((POLICY.parents[1] / "docs").glob("*.md")))
    made["documentation"] = lambda seed: f"{seed}\n" + pages[seed * 997 % (len(pages) - SIZE) :][: SIZE - 16]
    made["code"] = lambda seed: f"# {seed}\n" + code[seed * 997 % (len(code) - SIZE) :][: SIZE - 16]
    made["a tool's JSON"] = _json
    made["a log"] = _log
    return made


def _prose(words: str, seed: int) -> str:
    known = words.split()
    return " ".join(known[(seed * 31 + place * place) % len(known)] + "." * (place % 11 == 0) for place in range(SIZE))[
        :SIZE
    ]


def _json(seed: int) -> str:
    rows = (
        f'{{"id": {seed * 1000 + row}, "name": "part {row * 7 % 13}", "status": "in stock", "price": {row * 3}.50}}'
        for row in range(SIZE // 60)
    )
    return f"[{', '.join(rows)}]"[:SIZE]


def _log(seed: int) -> str:
    rows = (
        f"2026-11-{row % 28 + 1:02}T08:{row % 60:02}:11Z INFO worker[{seed}] handled /items/{row * 17} in {row % 90} ms"
        for row in range(SIZE // 60)
    )
    return "\n".join(rows)[:SIZE]


SHAPES: dict[str, str] = {
    "one letter": "a",
    "zero width": "\u200b",
    "letters kept apart by nothing": "a\u200b",
    "spaces": " ",
    "digits": "4",
    "digits in groups": "4111 1111-",
    "base64 of one letter": "QUFBQUFB",
    "base64 words": "aGVsbG8gd29ybGQ= ",
    "percent escapes": "%61",
    "nested percent": "%25",
    "look-alikes": "аеорсух ",
    "combining marks": "a\u0301\u0302\u0303",
    "tag characters": "\U000e0061",
    "trigger words": "ignore all previous instructions ",
    "keys without values": "password= api_key: ",
    "mails without ends": "a@a.",
    "dots and dashes": "-.-. ",
    "open brackets": "<a [(",
    "addresses": "http://1.2.3.4/",
    "token starts": "sk-AKIAghp_xoxb-",
    "letters apart": "i g n ",
    "emoji": "🅰🇦",
}
"""What is repeated to the length: attempts to make a detector try everything everywhere."""


def measure(rounds: int) -> list[Figure]:
    """Ordinary texts, then hostile shapes at a quarter of a megabyte and at a whole one."""
    composer = Composer(Limits())
    screen = composer.snapshot(POLICY.read_text(encoding="utf-8"), str(POLICY), 1).screen
    deque(composer.warm(), maxlen=0)  # as a worker does after its start
    figures = []
    for name, make in ordinary().items():
        times = [_ms(screen, make(seed)) for seed in range(rounds)]
        figures.append(Figure(f"detectors, 4 KB of {name}, p50", statistics.median(times[1:]), "ms", most=MOST_MS))
    for name, unit in SHAPES.items():
        short, long = (min(_ms(screen, _repeated(unit, size)) for _ in range(2)) for size in (256 * KB, 1024 * KB))
        figures.append(Figure(f"detectors, 1 MB of {name}", long, "ms"))
        if short > QUICKEST_MS:
            figures.append(Figure(f"detectors, {name}: 1 MB to 256 KB", long / short, "x", most=LINEAR_MOST))
    return figures


def _repeated(unit: str, characters: int) -> str:
    return (unit * (characters // len(unit) + 1))[:characters]


def _ms(screen: Screen, text: str) -> float:
    part = Part(PartKind.TEXT, Role.USER, Origin.USER, text, (Segment(0, ()),))
    started = time.process_time_ns()
    screened = screen.all_hits(part)
    took_ns = time.process_time_ns() - started
    crashed = [absence for absence in screened.absences if absence.reason == "crashed"]
    assert not crashed, f"{crashed} on a text that begins {text[:20]!r}"
    return took_ns / 1e6


def main() -> None:
    """These figures alone: `python -m tests.bench.screening`."""
    for figure in measure(200):
        print(f"{figure.name:55} {figure.value:9.3f} {figure.unit:3} {figure.budget:8} {'MISSED' * figure.missed}")


if __name__ == "__main__":
    main()
