import pytest

from firebreak.detect.registry import known_rules
from firebreak.detect.uninspected import UninspectedDetector
from firebreak.model.conversation import UNINSPECTED_KINDS, Origin, Part, PartKind, Role, Segment
from firebreak.model.finding import FindingKind
from firebreak.text.views import views


def detect(kind, text):
    part = Part(kind, Role.USER, Origin.USER, text, (Segment(0, ()),))
    return UninspectedDetector().detect(part, views(text))


@pytest.mark.parametrize("kind", sorted(UNINSPECTED_KINDS))
def test_what_is_not_text_is_one_hit_over_all_of_it(kind):
    (hit,) = detect(kind, "https://acme.io/cat.png")
    assert (hit.rule, hit.kind, hit.start, hit.end) == (f"uninspected-{kind}", FindingKind.UNINSPECTED, 0, 23)
    assert hit.rule in known_rules()


def test_a_part_without_any_text_is_still_a_hit():
    assert [(h.start, h.end) for h in detect(PartKind.IMAGE, "")] == [(0, 0)]


@pytest.mark.parametrize("kind", sorted(set(PartKind) - UNINSPECTED_KINDS))
def test_text_is_inspected(kind):
    assert not detect(kind, "text")
