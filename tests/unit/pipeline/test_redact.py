import json

from firebreak.detect.interface import Hit
from firebreak.model.conversation import Conversation, Origin, Part, PartKind, Role, Segment
from firebreak.model.decision import AuditLevel, Decision, Ruling, Verdict
from firebreak.model.exchange import Caller
from firebreak.model.facts import Facts
from firebreak.model.finding import FindingKind, Severity
from firebreak.pipeline.edit import splice
from firebreak.pipeline.place import place
from firebreak.pipeline.redact import redactions

BODY = b'{"a": "bob and \\u00e9va and bob", "n": 4111222, "m": {"x": "y"}}'


def part(text, *segments, kind=PartKind.TEXT):
    return Part(kind, Role.USER, Origin.USER, text, segments)


TEXT = part("bob and \u00e9va and bob", Segment(0, ("a",)))
NUMBER = part("4111222", Segment(0, ("n",)))


def hit(start, end, rule="name"):
    return Hit(rule, FindingKind.PII, Severity.LOW, 1.0, start, end)


def changed(parts, hits, verdict=Verdict.REDACT, extra=()):
    conversation = Conversation("s", "m", stream=False, parts=tuple(parts))
    findings = place(BODY, conversation, hits)
    facts = Facts("p", "s", "m", stream=False, caller=Caller(), findings=findings)
    rulings = (*(Ruling(f"finding:{index}", Verdict.REDACT, "r") for index in range(len(findings))), *extra)
    decision = Decision(verdict, "r", "", AuditLevel.STANDARD, rulings=rulings, redact=tuple(range(len(findings))))
    changes = redactions(BODY, conversation, hits, facts, decision)
    return None if changes is None else json.loads(splice(BODY, changes))


def test_the_same_text_has_the_same_placeholder():
    assert changed([TEXT], [[hit(0, 3), hit(8, 11), hit(16, 19)]])["a"] == "[NAME_1] and [NAME_2] and [NAME_1]"


def test_hits_that_overlap_are_one():
    assert changed([TEXT], [[hit(0, 6), hit(4, 11)]])["a"] == "[NAME_1] and bob"


def test_two_hits_in_one_number_replace_it_once():
    assert changed([NUMBER], [[hit(0, 3), hit(4, 6)]])["n"] == "[NAME_1]"


def test_all_hits_are_replaced_of_which_a_record_keeps_some():
    text = "x " * 50
    body_part = part(text, Segment(0, ("a",)))
    hits = [hit(at, at + 1) for at in range(20)]
    assert changed([body_part], [hits]) is not None


def test_what_has_no_place_of_its_own_is_not_redacted():
    assert changed([part("bob")], [[hit(0, 3)]]) is None
    assert changed([part("bob", Segment(0, ("a",)), kind=PartKind.IMAGE)], [[hit(0, 3)]]) is None


def test_what_asks_for_more_than_a_finding_is_refused():
    more = Ruling("exchange", Verdict.REDACT, "r")
    assert changed([TEXT], [[hit(0, 3)]], extra=(more,)) is None
    assert changed([TEXT], [[hit(0, 3)]], Verdict.BLOCK) is None


def test_a_ruling_that_is_only_tried_out_asks_for_nothing():
    more = Ruling("exchange", Verdict.REDACT, "r", shadow=True)
    assert changed([TEXT], [[hit(0, 3)]], extra=(more,))["a"].startswith("[NAME_1] ")
