"""The detectors on the shared texts: what earlier systems' cases call a secret is found, what is harmless passes."""

import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from firebreak.detect.registry import detectors
from firebreak.model.conversation import Origin, Part, PartKind, Role, Segment
from firebreak.model.finding import FindingKind, Severity
from firebreak.text.views import View, views

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
    """Of what accuses; a signal only describes."""
    part = Part(PartKind.TEXT, Role.USER, Origin.USER, text, (Segment(0, ()),))
    readings = views(text)
    hits = [hit for detector in detectors() for hit in detector.detect(part, readings)]
    return {hit.kind for hit in hits if hit.severity > Severity.INFO}


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


@dataclass(frozen=True)
class Judged:
    """What a case's text holds: a secret, personal data, or neither."""

    text: str
    kind: FindingKind | None


SECRET_FORMS = re.compile(
    r"AKIA[A-Z0-9]{16}|gh[po]_[A-Za-z0-9]{36}|github_pat_\w{60}|sk-(?:ant-|proj-|live-)?[A-Za-z0-9-]{14}|sk_live_\w{20}"
    r"|BEGIN [A-Z ]*PRIVATE KEY|xoxb-\d|glpat-|SG\.a|hf_a|eyJ\w+\.eyJ|api_key.{1,5}[a-z0-9-]{12}|password\W{1,5}\w{6}"
    r"|postgres://u:|AIza"
)
PERSONAL_FORMS = re.compile(r"SSN|ssn \d|card 4|visa|MC:|amex|IBAN|iban|@|call |\(555\)|4242")
AREAS = frozenset(
    {"test/pii", "test/secret", "probe/scan", "test/output_filter", "output_filter", "unit/leak_detector"}
)
HARMLESS = frozenset(
    {
        "id: 000-12-3456",  # no area 000 is issued
        "666-12-3456",  # nor 666
        "card 4111111111111112",  # the check digit is wrong
        "Bearer xxxxxxxxxxxxxxxxxxxxxxxx",  # keeps the place of a token
    }
)


def judged() -> Iterator[Judged]:
    """What the areas that are about secrets and personal data hold, by the forms that are in them."""
    for case in cases():
        if case["area"] not in AREAS:
            continue
        text = text_of(case)
        if not text or text in HARMLESS:
            yield Judged(text, None)
        elif SECRET_FORMS.search(text):
            yield Judged(text, FindingKind.SECRET)
        elif PERSONAL_FORMS.search(text):
            yield Judged(text, FindingKind.PII)


def test_of_the_cases_about_secrets_and_personal_data_98_percent_are_found():
    known = list(judged())
    holding = [one for one in known if one.kind is not None]
    assert len(holding) >= 55
    missed = [one.text for one in holding if one.kind not in kinds(one.text)]
    assert len(missed) <= 0.02 * len(holding), missed


def test_what_only_looks_like_it_passes_in_the_cases():
    wrong = [
        one.text for one in judged() if one.kind is None and kinds(one.text) & {FindingKind.SECRET, FindingKind.PII}
    ]
    assert wrong == []


CODE = frozenset({"docs_train", "docs_train_zh", "docs_eval", "cse_instruct", "bipia_ctx_code", "bipia_ctx_benign"})
TOOLS = frozenset({"gpteacher_toolformer", "i18n_train"})


def test_code_and_documentation_stay_clean_of_secrets():
    """All of them: one in a thousand is a claim that a sample could not carry. Real keys in them count as wrong."""
    rows = [*lines(DATA / "detect" / "train.jsonl.gz"), *lines(DATA / "detect" / "eval.jsonl.gz")]
    texts = [row["text"] for row in rows if row["label"] == 0 and row.get("source", row.get("set")) in CODE | TOOLS]
    assert len(texts) > 9000
    found = [text for text in texts if sure_secret(text)]
    assert len(found) <= 0.001 * len(texts), [text[:80] for text in found]


def sure_secret(text: str) -> bool:
    """Whether the patterns find a secret in the text as it stands with a score of one half or more."""
    part = Part(PartKind.TEXT, Role.USER, Origin.USER, text, (Segment(0, ()),))
    (patterns,) = (detector for detector in detectors() if detector.name == "patterns")
    return any(
        hit.kind is FindingKind.SECRET and hit.score >= 0.5 for hit in patterns.detect(part, (View("raw", text),))
    )


def test_ordinary_text_code_and_documentation_stay_clean():
    texts = [row["text"] for row in lines(DATA / "detect" / "train.jsonl.gz") if row["label"] == 0][::SAMPLE]
    found = [kinds(text) for text in texts]
    assert sum(FindingKind.INJECTION in k for k in found) <= len(texts) * 0.002
    assert sum(FindingKind.SECRET in k for k in found) <= len(texts) * 0.003
