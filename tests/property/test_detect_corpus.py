"""The detectors on the shared texts: what earlier systems' cases call a secret is found, what is harmless passes."""

import gzip
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from firebreak.detect.registry import detectors
from firebreak.model.conversation import Origin, Part, PartKind, Role, Segment
from firebreak.model.finding import FindingKind
from firebreak.text.views import views

DATA = Path(__file__).resolve().parents[2] / ".." / "shared" / "data"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="../shared/data is not here")
SAMPLE = 7  # every seventh text, so that the test stays short


def lines(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


@cache
def cases() -> tuple[dict[str, Any], ...]:
    return tuple(case for path in sorted((DATA / "cases").glob("*.jsonl.gz")) for case in lines(path))


def kinds(text: str) -> set[FindingKind]:
    part = Part(PartKind.TEXT, Role.USER, Origin.USER, text, (Segment(0, ()),))
    readings = views(text)
    return {hit.kind for detector in detectors() for hit in detector.detect(part, readings)}


def text_of(case: dict[str, Any]) -> str:
    given = case["input"]
    text = given.get("text") or next(iter(given.get("args") or [""]), "")
    return text if isinstance(text, str) else ""


def test_what_is_harmless_passes():
    harmless = [text_of(case) for case in cases() if case["area"] == "known_false_positive"]
    assert harmless
    assert [text for text in harmless if kinds(text)] == []


def test_what_scanners_call_critical_is_found():
    texts = [
        text_of(case)
        for case in cases()
        if (case["area"] == "probe/scan" and case["expected"]["exit_code"] == 1)
        or (case["area"] == "test/secret" and case["expected"]["observed"]["severity"] != "none")
        or (case["area"] == "test/pii" and case["expected"]["observed"]["severity"] in {"major", "critical"})
    ]
    assert len(texts) > 20
    assert [text for text in texts if not kinds(text) & {FindingKind.SECRET, FindingKind.PII}] == []


def test_vendor_keys_that_earlier_systems_missed_are_found():
    missed = ("github_pat_", "sk-proj-", "postgres://u", "glpat-", "SG.", "hf_", "sk-ant-", "gho_", "xoxb-", "AKIA")
    texts = [text_of(case) for case in cases() if case["area"] in {"probe/scan", "output_filter"}]
    texts = [text for text in texts if any(prefix in text for prefix in missed)]
    assert len(texts) >= 10
    assert [text for text in texts if FindingKind.SECRET not in kinds(text)] == []


def test_ordinary_text_code_and_documentation_stay_clean():
    texts = [row["text"] for row in lines(DATA / "detect" / "train.jsonl.gz") if row["label"] == 0][::SAMPLE]
    found = [kinds(text) for text in texts]
    assert sum(FindingKind.INJECTION in k for k in found) <= len(texts) * 0.002
    assert sum(FindingKind.SECRET in k for k in found) <= len(texts) * 0.003
