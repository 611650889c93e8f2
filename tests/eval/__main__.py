"""`python -m tests.eval`: the shipped detectors and classifier on the shared evaluation data, held to their floors.

Exit status 1 when a floor is missed. What needs ../shared/data is skipped without it, which it says.
"""

import argparse
import sys
from pathlib import Path

from tests.eval import amid, cases, planted

from firebreak.cli.main import main as firebreak

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
SHARED = ROOT / ".." / "shared" / "data"
CORPUS = ROOT / "tests" / "corpus"
INTENTS = (("intents-defence", "defense-standard.yaml"), ("intents-everyday", "baseline.yaml"))


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.eval", description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "eval", help="where pages and figures are written")
    parser.add_argument("--encoder-dir", default="", help="with these encoders, held to the floors for encoders")
    arguments = parser.parse_args()
    out: Path = arguments.out
    out.mkdir(parents=True, exist_ok=True)
    more = ["--encoder-dir", arguments.encoder_dir] if arguments.encoder_dir else []
    made = planted.write(out / "planted.jsonl")
    hidden = amid.write(CORPUS / "injection.jsonl", out / "amid.jsonl")
    statuses = [
        _measured("written", [CORPUS / "injection.jsonl"], out, more),
        _measured("amid", [hidden], out, more),
        _measured("traffic", [CORPUS / "traffic.jsonl"], out, more),
        _measured("planted", [made], out, []),
    ]
    shared = SHARED / "detect" / "eval.jsonl.gz"
    if shared.is_file():
        leaks = cases.write(SHARED, out / "leaks.jsonl")
        statuses.append(_measured("detectors", [shared, leaks], out, more))
        papers = cases.documents(SHARED, out / "documents.jsonl")
        statuses.append(_measured("documents", [papers], out, more))
    else:
        print("skipped: ../shared/data is not here, and no floor in floors.yaml was looked at\n")
    for name, policy in INTENTS:
        by = ["--policy", str(ROOT / "policies" / policy)]
        statuses.append(_measured(name, [CORPUS / "intent.jsonl"], out, [*by, *more]))
    return max(statuses)


def _measured(name: str, files: list[Path], out: Path, more: list[str]) -> int:
    print(f"== {name}", flush=True)
    stem = "floors" if name == "detectors" else f"floors-{name}"
    with_encoder = HERE / f"{stem}-encoder.yaml"
    floors = with_encoder if "--encoder-dir" in more and with_encoder.is_file() else HERE / f"{stem}.yaml"
    written = ["--report", str(out / f"{name}.html"), "--json", str(out / f"{name}.json")]
    status = firebreak(["eval", *map(str, files), "--floors", str(floors), *written, *more])
    print(f"-- {name}: the page is {out / name}.html\n", flush=True)
    return status


if __name__ == "__main__":
    sys.exit(main())
