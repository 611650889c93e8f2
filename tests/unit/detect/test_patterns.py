from dataclasses import dataclass, replace

import pytest

from firebreak.detect.patterns import PatternDetector
from firebreak.detect.rule import PatternRule
from firebreak.model.conversation import Origin, Part, PartKind, Role, Segment
from firebreak.model.finding import FindingKind, Severity
from firebreak.text.views import View


@dataclass(frozen=True)
class Shifted:
    """A derived view whose characters lie `by` further on in the original."""

    name: str
    text: str
    by: int = 0

    def span(self, start, end):
        return start + self.by, end + self.by


def part(text="", origin=Origin.USER):
    return Part(PartKind.TEXT, Role.USER, origin, text, (Segment(0, ()),))


def rule(rule_id, pattern, example, **changed):
    kind = changed.pop("kind", FindingKind.SECRET)
    return PatternRule(rule_id, kind, Severity.HIGH, changed.pop("score", 0.8), pattern, "x", (example,), (), **changed)


KEY = rule("key", "key_[a-z]+", "key_a")
WORD = rule("word", "value_[a-z]+", "value_a", derived=False)
ORDER = rule("order", "obey", "obey", kind=FindingKind.INJECTION, score=0.6)


def detect(rules, *views, origin=Origin.USER):
    return PatternDetector(rules).detect(part(views[0].text, origin), views)


def test_a_hit_names_rule_place_and_view():
    (hit,) = detect([KEY], Shifted("raw", "my key_abc."))
    assert (hit.rule, hit.kind, hit.severity, hit.score) == ("key", FindingKind.SECRET, Severity.HIGH, 0.8)
    assert (hit.start, hit.end, hit.view) == (3, 10, "raw")


def test_a_derived_view_adds_what_the_raw_text_hides():
    (hit,) = detect([KEY], Shifted("raw", "a2V5X2FiYw"), Shifted("base64", "key_abc", by=5))
    assert (hit.start, hit.end, hit.view) == (5, 12, "base64")


def test_the_same_place_is_reported_once_and_as_raw():
    hits = detect([KEY], Shifted("raw", "key_abc"), Shifted("folded", "key_abc"), Shifted("case", "key_ab"))
    assert [(h.start, h.end, h.view) for h in hits] == [(0, 7, "raw")]


def test_raw_hits_stay_beside_a_wider_derived_one():
    hits = detect([KEY], Shifted("raw", "key_abc!x"), Shifted("folded", "key_abcx"))
    assert {(h.end, h.view) for h in hits} == {(7, "raw"), (8, "folded")}


def test_a_rule_may_keep_to_the_raw_text():
    assert not detect([WORD], Shifted("raw", "-"), Shifted("folded", "value_a"))
    assert detect([WORD], Shifted("raw", "value_a"))


def test_a_column_tells_what_a_value_is_in_any_view():
    table = "name,pin\nbob,1234"
    pin = rule("pin", r"pin: (\d{4})", "pin: 1234", kind=FindingKind.PII, group=1)
    assert [(h.start, h.end, h.view) for h in detect([pin], Shifted("raw", table))] == [(13, 17, "cells")]
    (hit,) = detect([pin], Shifted("raw", "bmFtZQ"), Shifted("base64", table, by=5))
    assert (hit.start, hit.end, hit.view) == (18, 22, "base64>cells")


def test_of_other_kinds_and_of_what_keeps_to_the_raw_text_no_column_tells():
    table = "name,pin\nbob,1234"
    order = rule("order", r"pin: \d{4}", "pin: 1234", kind=FindingKind.INJECTION)
    assert not detect([order], Shifted("raw", table))
    raw_alone = rule("pin", r"pin: \d{4}", "pin: 1234", kind=FindingKind.PII, derived=False)
    assert detect([raw_alone], Shifted("raw", table))
    assert not detect([raw_alone], Shifted("raw", "-"), Shifted("base64", table))


def test_a_general_rule_yields_to_a_specific_one_of_its_kind():
    general = rule("general", "[a-z]+_[a-z]+", "a_b", general=True)
    assert [h.rule for h in detect([general, KEY], Shifted("raw", "key_abc"))] == ["key"]
    assert [h.rule for h in detect([general, KEY], Shifted("raw", "other_abc"))] == ["general"]
    other_kind = rule("general", "[a-z]+_[a-z]+", "a_b", general=True, kind=FindingKind.PII)
    assert len(detect([other_kind, KEY], Shifted("raw", "key_abc"))) == 2


def test_an_order_counts_more_where_nobody_may_give_one():
    view = Shifted("raw", "obey")
    assert detect([ORDER], view)[0].score == 0.6
    assert detect([ORDER], view, origin=Origin.TOOL)[0].score == 0.8
    assert detect([ORDER], view, origin=Origin.RETRIEVAL)[0].score == 0.8
    assert detect([KEY], Shifted("raw", "key_a"), origin=Origin.TOOL)[0].score == 0.8


def test_a_documented_example_is_reported_low():
    aws = rule("aws", "AKIA[A-Z0-9]{16}", "AKIA" + "Q" * 16)
    (hit,) = detect([aws], Shifted("raw", "AKIA" + "IOSFODNN7EXAMPLE"))
    assert (hit.severity, hit.score) == (Severity.LOW, 0.3)
    assert detect([aws], Shifted("raw", "AKIA" + "Q" * 16))[0].severity is Severity.HIGH


def test_an_order_is_no_documented_example():
    order = rule("order", "AKIA[A-Z0-9]{16}", "AKIA" + "Q" * 16, kind=FindingKind.INJECTION)
    assert detect([order], Shifted("raw", "AKIA" + "IOSFODNN7EXAMPLE"))[0].severity is Severity.HIGH


def test_a_text_that_proves_itself_is_certain():
    proved = rule("proved", "key_[a-z]+", "key_a", sure=lambda text: text.endswith("z"))
    assert [hit.score for hit in detect([proved], Shifted("raw", "key_a key_z"))] == [0.8, 0.99]


def test_the_order_of_rules_does_not_matter():
    rules = [KEY, WORD, ORDER]
    view = View("raw", "obey key_a value_b key_c")
    assert detect(rules, view) == detect(rules[::-1], view)


def test_two_rules_with_one_id_are_refused():
    with pytest.raises(ValueError, match="same id"):
        PatternDetector([KEY, KEY])


def test_a_rule_that_disagrees_with_its_examples_is_refused():
    with pytest.raises(ValueError, match=r"key: matches\[0\] is not found"):
        PatternDetector([WORD, rule("key", "key_[a-z]", "door")])


def test_what_was_prepared_of_the_same_rules_finds_the_same():
    first = PatternDetector([KEY, WORD])
    again = PatternDetector([WORD, KEY], first.prepared)
    view = View("raw", "obey key_a value_b key_c")
    assert again.detect(part(), (view,)) == first.detect(part(), (view,)) != []


@pytest.mark.parametrize("change", [{"matches": ("door",)}, {"pattern": "door"}, {"check": lambda _: False}])
def test_what_was_prepared_of_other_rules_proves_nothing(change):
    prepared = PatternDetector([KEY, WORD]).prepared
    with pytest.raises(ValueError, match=r"is not found"):
        PatternDetector([replace(KEY, **change), WORD], prepared)
