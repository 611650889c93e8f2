"""Records what the readers make of providers' answers.

`python -m tests.tools.golden_answers` rewrites `tests/golden/answers/<api>/<case>.sse` or `.json` (the answer) and
`<case>.golden.json` (what each frame says), or `.ndjson`, `.eventstream`. Review the diff.
"""

import json
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.tools.answer_cases import Case
from tests.tools.answer_cases_others import EVERY

from firebreak.codecs import registry
from firebreak.codecs.answer import Heard
from firebreak.codecs.frames.frame import Frame, Framer

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = ROOT / "tests" / "golden" / "answers"
LIMIT = 1 << 20
ENDINGS = {
    "text/event-stream": "sse",
    "application/json": "json",
    "application/x-ndjson": "ndjson",
    "application/vnd.amazon.eventstream": "eventstream",
}


def frames(framer: Framer, chunks: list[bytes]) -> list[Frame]:
    """All frames of an answer that comes in these chunks."""
    found: list[Frame] = []
    for chunk in chunks:
        piece = chunk
        while more := framer.feed(piece):
            found += more
            piece = b""
    while more := framer.end():
        found += more
    return found


def heard(case: Case) -> list[tuple[Frame, Heard]]:
    """What each frame of an answer says."""
    reader = registry.answer_reader(case.surface)
    framer = reader.framer(case.content_type, LIMIT)
    assert framer is not None
    return [(frame, reader.read(frame) if frame.data else Heard()) for frame in frames(framer, [case.body])]


def golden_of(case: Case) -> list[dict[str, Any]]:
    found = []
    for frame, said in heard(case):
        deltas = [
            {
                "kind": delta.channel.kind.value,
                "key": delta.channel.key,
                "name": delta.channel.name,
                "copied": delta.channel.copied,
                "origin": delta.channel.origin.value,
                "text": delta.text,
                "open": delta.open,
            }
            for delta in said.deltas
        ]
        usage = asdict(said.usage) if said.usage else None
        told = {"deltas": deltas, "closed": said.closed, "paused": said.paused, "usage": usage, "last": said.last}
        found.append(
            {key: value for key, value in told.items() if value} | ({"other": frame.other} if frame.other else {})
        )
    return found


def path_of(api: str, name: str, case: Case) -> Path:
    return GOLDEN / api / f"{name}.{ENDINGS[case.content_type]}"


def main() -> None:
    for api, cases in EVERY.items():
        shutil.rmtree(GOLDEN / api, ignore_errors=True)
        (GOLDEN / api).mkdir(parents=True)
        for name, case in cases.items():
            path_of(api, name, case).write_bytes(case.body)
            text = json.dumps(golden_of(case), indent=1, ensure_ascii=False) + "\n"
            (GOLDEN / api / f"{name}.golden.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
