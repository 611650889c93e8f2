import pytest
from tests import answers

from firebreak.codecs.answer import Channel
from firebreak.detect.interface import Hit
from firebreak.intent.classify import Guess
from firebreak.model.conversation import Origin, Part, PartKind, Role
from firebreak.model.decision import Verdict
from firebreak.model.finding import Direction, FindingKind, Severity, Span, Surface
from firebreak.model.reason import Reason
from firebreak.pipeline import restore
from firebreak.pipeline.answer import MAX_CALLS, Answer, Ended, refusal
from firebreak.pipeline.gate import Cut
from firebreak.pipeline.growing import Found
from firebreak.pipeline.place import MAX_ALIKE
from firebreak.pipeline.screen import Screen
from firebreak.pipeline.snapshot import Snapshot

TEXT = Channel(PartKind.TEXT, "0.content")
CALL = Channel(PartKind.TOOL_CALL, "0.call.0", "delete_all")
COPIED = Channel(PartKind.TEXT, "0.logprobs", copied=True)
SPAN = Span(0, 3)


@pytest.fixture(scope="module")
def snap():
    return answers.snapshot()


def found(rule, kind, *, late=False):
    return Found(Hit(rule, kind, Severity.HIGH, 1.0, 0, 3), 0, 3, late)


MAIL = found("email-address", FindingKind.PII)
KEY = found("aws-access-key-id", FindingKind.SECRET)


def ended(ending="complete"):
    return Ended(ending, 200, "stream", 3, "ab", None)


def test_what_the_policy_blocks_is_cut(snap):
    with pytest.raises(Cut):
        answers.answer(snap).weigh(KEY, TEXT, SPAN, "KEY")


def test_what_it_redacts_gets_a_placeholder(snap):
    assert answers.answer(snap).weigh(MAIL, TEXT, SPAN, "b@x") == "[EMAIL_ADDRESS_1]"


@pytest.mark.parametrize(("channel", "late"), [(TEXT, True), (COPIED, False)])
def test_what_cannot_be_redacted_is_cut_and_counts_as_no_change(snap, channel, late):
    answer = answers.answer(snap)
    with pytest.raises(Cut):
        answer.weigh(found("email-address", FindingKind.PII, late=late), channel, SPAN, "b@x")
    assert answer.changes == 0
    assert answer.decision().refuses


def test_what_is_put_back_is_no_finding(snap):
    answer = answers.answer(snap, {"[X_1]": "bob"})
    place = found(restore.RULE, FindingKind.PII)
    assert answer.weigh(place, TEXT, SPAN, "[X_1]") == "bob"
    assert answer.weigh(found(restore.RULE, FindingKind.PII, late=True), TEXT, SPAN, "[X_1]") is None
    assert answer.weigh(place, COPIED, SPAN, "[X_1]") is None
    assert not answer.record(ended(), answer.decision(), None).findings


def test_a_call_is_judged_however_many_came_before(snap):
    answer = answers.answer(snap)
    for _ in range(MAX_CALLS + 5):
        answer.call(Channel(PartKind.TOOL_CALL, "k", "read"), "read\n{}")
    assert not answer.decision().refuses
    with pytest.raises(Cut):
        answer.call(CALL, "delete_all\n{}")
    assert answer.decision().refuses
    assert answer.record(ended(), answer.decision(), None).tools[-1] == "delete_all"


def test_findings_that_are_alike_are_kept_up_to_a_number(snap):
    answer = answers.answer(snap)
    for _ in range(MAX_ALIKE + 5):
        answer.weigh(MAIL, TEXT, SPAN, "b@x")
    assert len(answer.record(ended(), answer.decision(), None).findings) == MAX_ALIKE


def test_a_redaction_counts_as_carried_out_only_where_the_answer_is_whole(snap):
    answer = answers.answer(snap)
    answer.weigh(MAIL, TEXT, SPAN, "b@x")
    assert answer.decision(whole=True).carried_out
    assert not answer.decision().carried_out


def test_in_shadow_nothing_is_changed_and_nothing_carried_out():
    answer = answers.answer(answers.snapshot(answers.SHADOW))
    assert answer.weigh(MAIL, TEXT, SPAN, "b@x") is None
    assert answer.weigh(KEY, TEXT, SPAN, "KEY") is None
    assert (answer.changes, answer.decision(whole=True).carried_out) == (0, False)


class Crashing:
    name = "crashing"

    def detect(self, part, views):
        raise RuntimeError


def test_a_detector_that_fails_ends_the_answer(snap, caplog):
    screen = Screen([Crashing()], snap.screen._classifier, memory_entries=1, budget_s=1)
    answer = answers.answer(Snapshot(snap.program, screen, None, 1))
    with pytest.raises(Cut):
        answer.screen(Part(PartKind.TEXT, Role.ASSISTANT, Origin.ASSISTANT, "text", ()))
    assert [one.part for one in answer.record(ended(), answer.decision(), None).unavailable] == ["crashing"]


@pytest.mark.parametrize(
    ("channel", "surface"),
    [
        (TEXT, Surface.RESPONSE),
        (CALL, Surface.TOOL_CALL),
        (Channel(PartKind.TEXT, "k", origin=Origin.TOOL), Surface.TOOL_RESULT),
    ],
)
def test_where_a_finding_was_seen(snap, channel, surface):
    answer = answers.answer(snap)
    answer.weigh(MAIL, channel, SPAN, "b@x")
    record = answer.record(ended(), answer.decision(), Reason.NOT_JSON, "response")
    assert record.findings[0].surface is surface
    assert (record.direction, record.id, record.reason) == (Direction.RESPONSE, "r-1", "not_json")


def test_placeholders_of_the_request_are_not_given_again(snap):
    over = answers.handover(changes=((0, 3, b"[EMAIL_ADDRESS_4]"),))
    assert Answer(snap, over, {}, 0.0).weigh(MAIL, TEXT, SPAN, "b@x") == "[EMAIL_ADDRESS_5]"


def test_why_an_answer_is_withheld(snap):
    answer = answers.answer(snap)
    with pytest.raises(Cut):
        answer.weigh(KEY, TEXT, SPAN, "KEY")
    decision = answer.decision()
    assert decision.verdict is Verdict.BLOCK
    assert refusal(decision, None).code == "content_policy_violation"
    assert (refusal(decision, Reason.NOT_JSON).status, refusal(decision, Reason.NOT_JSON).code) == (502, "not_json")


class Sure:
    """A classifier that takes every text for the same."""

    def __init__(self, guess):
        self.guess = guess

    def classify(self, text):
        del text
        return self.guess


ABOUT = """
policy: {name: about, version: "1"}
defaults: {intent: ALLOW}
categories: [weapons, self_harm, coding]
rules:
  - {id: no-weapons, decision: BLOCK, match_categories: [weapons], match: {on: [tool_call]}}
  - {id: mark, decision: WARN, match_categories: [self_harm], match: {on: [response]}}
"""


def about(guess, policy=ABOUT):
    snap = answers.snapshot(policy)
    return answers.answer(Snapshot(snap.program, Screen([], Sure(guess), memory_entries=1, budget_s=1), None, 1))


def test_what_an_answer_is_about_is_in_its_record():
    answer = about(Guess("self_harm", 0.9, "self_harm#2"))
    for _ in range(3):
        answer.hear(TEXT, "words")
    record = answer.record(ended(), answer.decision(), None)
    assert [(one.category, one.confidence, one.evidence, one.primary) for one in record.intents] == [
        ("self_harm", 0.9, "self_harm#2", False)
    ]
    assert (record.decision.verdict, record.decision.rule) == (Verdict.WARN, "mark")


@pytest.mark.parametrize("guess", [Guess("self_harm", 0.79), Guess("coding", 0.99), Guess("unknown", 0.9)])
def test_what_is_not_sure_or_judged_by_no_rule_is_no_subject(guess):
    answer = about(guess)
    answer.hear(TEXT, "words")
    assert answer.record(ended(), answer.decision(), None).intents == ()


def test_a_category_seen_within_a_stretch_counts_too():
    answer = about(Guess("unknown", 0.2, "", (Guess("self_harm", 0.85),)))
    answer.hear(TEXT, "words")
    assert answer.decision().rule == "mark"


def test_a_rule_on_calls_does_not_judge_what_is_said():
    answer = about(Guess("weapons", 0.95))
    answer.hear(TEXT, "words")
    assert not answer.decision().refuses
    with pytest.raises(Cut):
        answer.hear(CALL, "words")


def test_in_shadow_an_answer_about_it_passes():
    answer = about(Guess("weapons", 0.95), ABOUT.replace('version: "1"', 'version: "1", mode: shadow'))
    answer.hear(CALL, "words")
    assert (answer.decision().verdict, answer.decision().refuses) == (Verdict.BLOCK, False)


def test_who_is_listened_to():
    thought = Channel(PartKind.REASONING, "k")
    result = Channel(PartKind.TEXT, "k", origin=Origin.TOOL)

    def told(policy, channel):
        answer = about(Guess("self_harm", 0.95), policy)
        answer.hear(channel, "words")
        return bool(answer.record(ended(), answer.decision(), None).intents)

    assert [told(ABOUT, one) for one in (TEXT, CALL, thought, result)] == [True, True, False, False]
    nowhere = ABOUT.replace("on: [response]", "on: [request]")
    assert not told(nowhere, TEXT)


class Broad:
    name, broad = "tone", True

    def detect(self, part, views):
        return [Hit("tone", FindingKind.PRESSURE, Severity.INFO, 0.5, 0, len(part.text))]


def test_what_a_stretch_is_like_is_told_by_broad_detectors_alone():
    snap = answers.snapshot(ABOUT)
    screen = Screen([Broad()], Sure(Guess("", 0)), memory_entries=1, budget_s=1)
    answer = answers.answer(Snapshot(snap.program, screen, None, 1))
    assert answer.screen(Part(PartKind.TEXT, Role.ASSISTANT, Origin.ASSISTANT, "some words of it", ())) == ()
    assert [hit.rule for hit in answer.hear(TEXT, "some words of it")] == ["tone"]
    assert answer.hear(TEXT, "two") == ()


class Failing:
    def classify(self, text):
        raise RuntimeError(text)


def test_a_classifier_that_fails_ends_the_answer(caplog):
    snap = answers.snapshot(ABOUT)
    answer = answers.answer(Snapshot(snap.program, Screen([], Failing(), memory_entries=1, budget_s=1), None, 1))
    with pytest.raises(Cut):
        answer.hear(TEXT, "words")
