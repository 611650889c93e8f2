import pytest

from firebreak.detect.interface import Hit
from firebreak.evaluation.examples import Example
from firebreak.evaluation.measure import measure, part_of
from firebreak.intent.classify import NOTHING
from firebreak.model.conversation import Origin, PartKind, Role
from firebreak.model.errors import Unavailable
from firebreak.model.facts import Absence
from firebreak.model.finding import FindingKind, Severity
from firebreak.pipeline.screen import Screen, Screened


class Finder:
    """Says that each `!` is an injection, and how many there are."""

    name = "finder"
    kind = FindingKind.INJECTION

    def detect(self, part, views):
        return [
            Hit("bang", FindingKind.INJECTION, Severity.HIGH, 0.6, place, place + 1)
            for place, char in enumerate(part.text)
            if char == "!"
        ]

    def score(self, part, views):
        return min(1.0, part.text.count("!") * 0.4 + part.text.count("?") * 0.1)


class BroadFinder(Finder):
    broad = True


class Broken:
    name = "broken"

    def detect(self, part, views):
        raise RuntimeError


class Silent:
    def classify(self, text):
        return NOTHING


def screen(*detectors):
    return Screen(detectors, Silent(), memory_entries=1, budget_s=1)


def ticks():
    now = 0

    def clock():
        nonlocal now
        now += 1_500_000
        return now

    return clock


def seen(text, kind="injection", **more):
    (told,) = measure([Example("i", "s", kind, text, **more)], screen(Finder()), ticks())
    return told


def test_a_finding_of_the_kind_counts_with_the_surest_score():
    assert (seen("a!").found, seen("a!").score) == (True, 0.6)
    assert seen("!!!").score == 1.0
    assert (seen("a?").found, seen("a?").score) == (False, 0.1)
    assert (seen("a!", "secret").found, seen("a!", "secret").score) == (False, 0.0)


def test_detectors_that_judge_answers_by_stretches_are_measured_too():
    (told,) = measure([Example("i", "s", "injection", "well!")], screen(BroadFinder()), ticks())
    assert told.found


def test_time_is_that_of_normaliser_and_detectors():
    assert seen("a").cpu_ms == 1.5


def test_spans_count_where_a_finding_touches_them():
    assert seen("ab! !", spans=((1, 3), (0, 1), (4, 5))).covered == 2


def test_intents_are_left_to_the_policy():
    assert measure([Example("i", "s", "intent", "a", category="coding")], screen(Finder())) == []


def test_a_detector_that_fails_leaves_no_figure():
    with pytest.raises(Unavailable, match="i: broken crashed"):
        measure([Example("i", "s", "pii", "a")], screen(Broken()))


def test_a_text_is_a_part_in_its_voice():
    assert part_of("a", Origin.TOOL)[:3] == (PartKind.TOOL_RESULT, Role.TOOL, Origin.TOOL)
    assert part_of("a", Origin.RETRIEVAL)[:3] == (PartKind.TEXT, Role.USER, Origin.RETRIEVAL)
    assert part_of("a", Origin.SYSTEM)[:3] == (PartKind.TEXT, Role.SYSTEM, Origin.SYSTEM)


@pytest.mark.parametrize("name", ["injection-encoder", "entity-tagger"])
def test_an_encoder_that_was_too_late_leaves_no_figure(name):
    class Late(Screen):
        async def settle(self, parts, screened):
            return [Screened((), None, (Absence(name, "over_budget"),))]

    late = Late([Finder()], Silent(), memory_entries=1, budget_s=1)
    with pytest.raises(Unavailable, match=f"i: {name} over_budget"):
        measure([Example("i", "s", "pii", "a")], late, encoder=True)
