"""The webhook's reviewed answers; `make golden` rewrites what `tests/golden/kube/admission` expects of each question.

`X.golden.json` holds the HTTP status, the answer with its patch decoded, and what would be told in an Event.
"""

import base64
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.unit.kube.pods import options

from firebreak.kube.admission import answer

GOLDEN = Path(__file__).parents[1] / "golden" / "kube" / "admission"
INPUTS = tuple(sorted(path for path in GOLDEN.glob("*.json") if not path.name.endswith(".golden.json")))


def answered(path: Path) -> str:
    found = answer(path.read_bytes(), options())
    response: dict[str, Any] = found.body.get("response", {})
    if "patch" in response:
        response["patch"] = json.loads(base64.b64decode(response["patch"]))
    said = asdict(found.announcement) if found.announcement else None
    whole = {"status": found.status, "body": found.body, "announcement": said}
    return json.dumps(whole, indent=1, sort_keys=True) + "\n"


def main() -> None:
    for path in INPUTS:
        path.with_suffix(".golden.json").write_text(answered(path), encoding="utf-8")
