"""Laws of the detectors: what is there is found, exactly, whatever stands around it."""

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from firebreak.detect.interface import Hit
from firebreak.detect.patterns import PatternDetector
from firebreak.detect.registry import RULES, detectors
from firebreak.model.conversation import Origin, Part, PartKind, Role, Segment
from firebreak.text.views import View, views

SURROUNDING = st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["L", "N", "M", "Cf"]), max_size=40)
SECRET = "ghp_" + "Ab3dEf" * 6
ENGINE = PatternDetector(RULES)
DETECTORS = detectors()  # built here, so that no example is timed with it


def detect(text: str) -> list[Hit]:
    part = Part(PartKind.TEXT, Role.USER, Origin.USER, text, (Segment(0, ()),))
    return [hit for detector in DETECTORS for hit in detector.detect(part, views(text))]


def raw_hits(text: str) -> list[Hit]:
    part = Part(PartKind.TEXT, Role.USER, Origin.USER, text, (Segment(0, ()),))
    return ENGINE.detect(part, (View("raw", text),))


@given(SURROUNDING, SURROUNDING)
@example("é😀 ", " \ud7ff")
def test_views_never_lose_a_hit(before: str, after: str) -> None:
    before, after = before.replace("_", " ").replace("\\", " "), after.replace("_", " ")
    text = f"{before} {SECRET} {after}"
    start = len(before) + 1
    places = [(h.start, h.end) for h in detect(text) if h.rule == "github-token"]
    assert (start, start + len(SECRET)) in places


@given(st.text(max_size=300))
def test_hits_are_inside_the_text_and_the_same_every_time(text: str) -> None:
    hits = detect(text)
    assert all(0 <= h.start <= h.end <= len(text) for h in hits)
    assert all(0 < h.score <= 1 for h in hits)
    assert hits == detect(text)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_example_survives_prose_and_json(rule) -> None:
    for text in rule.matches:
        prose = f"Tschüß, hier:\n{text}\nand so on."
        assert rule.finds(prose), "prose"
        assert rule.id in {h.rule for h in raw_hits(prose)} or rule.general, "engine"
        if rule.kind == "secret" and "\n" not in text:
            assert rule.finds(json.dumps({"note": f"see {text} ."}, ensure_ascii=False)), "json"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_what_a_pattern_finds_its_trigger_finds(rule) -> None:
    for text in rule.matches:
        for frame in (text, f"x {text} y", text * 2, f"é\n{text}\té"):
            assert not rule.finds(frame) or rule.compiled.triggers(frame)
