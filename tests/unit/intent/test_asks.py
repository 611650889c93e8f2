"""Which text is the exchange's ask, and which other texts count."""

import pytest

from firebreak.intent.asks import ask_text, intents, primary_parts, refers_back, worth_classifying
from firebreak.intent.classify import Guess
from firebreak.model.conversation import Conversation, Origin, Part, PartKind, Role
from firebreak.model.intent import IntentSource


def part(text, message=0, role=Role.USER, origin=None, kind=PartKind.TEXT):
    return Part(kind, role, origin or Origin(role.value), text, (), message=message)


def classify(text):
    """A stand-in whose answers are plain: the first word names the category, a digit after it the confidence."""
    for word in text.split():
        name, _, tenths = word.partition("/")
        if tenths:
            return Guess(name, int(tenths) / 10, f"{name}#0")
    return Guess("unknown", 0.1)


def read(*parts, task=""):
    conversation = Conversation("openai.chat", "m", parts, task=task)
    return intents(conversation, [classify(p.text) if worth_classifying(p) else None for p in parts], classify)


def seen(found):
    return [(intent.category, intent.primary, intent.part) for intent in found]


def test_the_newest_user_message_is_the_ask():
    found = read(part("coding/9", 0), part("fine", 1, Role.ASSISTANT), part("translation/9", 2))
    assert seen(found) == [("translation", True, 2), ("coding", False, 0)]


def test_a_single_text_is_not_classified_again():
    conversation = Conversation("openai.chat", "m", (part("coding/9"),))
    assert intents(conversation, [Guess("math", 0.9)], pytest.fail)[0].category == "math"


def test_several_texts_of_the_newest_message_are_read_together():
    found = read(part("please do", 0), part("coding/9", 0))
    assert seen(found)[0] == ("coding", True, 1)


def test_each_text_of_the_newest_message_counts_by_itself_too():
    found = read(part("summarization/9", 0), part("bulk_surveillance/9", 0))
    assert seen(found) == [("summarization", True, 1), ("bulk_surveillance", False, 1)]


def test_an_ask_that_only_refers_back_is_read_with_what_it_refers_to():
    found = read(part("coding/9", 0), part("Shall I?", 1, Role.ASSISTANT), part("yes, go on", 2))
    assert seen(found) == [("coding", True, 2)]


def test_referring_back_twice_still_finds_the_ask():
    found = read(part("coding/9", 0), part("continue", 1), part("yes please", 2))
    assert seen(found)[0] == ("coding", True, 2)


def test_a_new_unknown_ask_does_not_borrow_the_category_of_an_earlier_one():
    found = read(part("coding/9", 0), part("how do I synthesise sarin", 2))
    assert seen(found) == [("unknown", True, 1), ("coding", False, 0)]


def test_an_unknown_primary_ask_keeps_its_low_confidence():
    assert read(part("gibberish"))[0].confidence == 0.1


@pytest.mark.parametrize(
    ("role", "origin", "kind"),
    [
        (Role.SYSTEM, Origin.SYSTEM, PartKind.TEXT),
        (Role.ASSISTANT, Origin.ASSISTANT, PartKind.TEXT),
        (Role.ASSISTANT, Origin.ASSISTANT, PartKind.TOOL_CALL),
        (Role.TOOL, Origin.TOOL, PartKind.TOOL_RESULT),
        (Role.USER, Origin.TOOL, PartKind.TOOL_RESULT),
        (Role.USER, Origin.RETRIEVAL, PartKind.TEXT),
        (Role.SYSTEM, Origin.SYSTEM, PartKind.TOOL_DEFINITION),
        (Role.USER, Origin.USER, PartKind.METADATA),
    ],
)
def test_an_ask_anywhere_else_is_seen_when_confident(role, origin, kind):
    found = read(part("track the city weapons/9", 1, role, origin, kind), part("coding/9", 0))
    assert seen(found) == [("coding", True, 1), ("weapons", False, 0)]


@pytest.mark.parametrize(
    ("tenths", "origin", "counts"), [(7, Origin.USER, 1), (6, Origin.USER, 0), (7, Origin.TOOL, 0)]
)
def test_other_texts_need_more_confidence(tenths, origin, counts):
    found = read(part(f"weapons/{tenths}", 0, Role.USER, origin), part("coding/9", 1))
    assert len(found) == 1 + counts


def test_a_tool_result_as_newest_message_leaves_the_ask_with_the_user():
    found = read(part("coding/9", 0), part("result of the tool", 2, Role.TOOL, Origin.TOOL, PartKind.TOOL_RESULT))
    assert seen(found) == [("coding", True, 0)]


def test_without_a_user_text_the_last_text_is_the_ask():
    found = read(part("you sort mail", -1, Role.SYSTEM), part("coding/9", 0, Role.ASSISTANT))
    assert seen(found) == [("coding", True, 1)]


def test_without_any_text_part_what_has_text_is_the_ask():
    found = read(part("run the coding/9 tool", -1, Role.SYSTEM, Origin.SYSTEM, PartKind.TOOL_DEFINITION))
    assert seen(found) == [("coding", True, 0)]


def test_a_body_without_text_asks_nothing():
    assert read(part("", kind=PartKind.IMAGE)) == ()


def test_a_task_of_the_api_is_the_ask_and_its_texts_still_count():
    found = read(part("weapons/9"), task="embedding")
    assert seen(found) == [("embedding", True, -1), ("weapons", False, 0)]
    assert found[0].source is IntentSource.SURFACE
    assert found[0].confidence == 1.0


def test_a_category_is_reported_once_with_its_surest_sighting():
    found = read(part("weapons/8", 0), part("weapons/9", 1), part("weapons/8", 2), part("coding/9", 3))
    assert seen(found) == [("coding", True, 3), ("weapons", False, 1)]


def test_the_primary_category_is_not_reported_again():
    assert len(read(part("coding/9", 0), part("coding/8", 1))) == 1


def test_what_is_hidden_in_the_ask_is_an_intent_of_its_own():
    guess = Guess("coding", 0.9, "coding#1", (Guess("weapons", 0.85, "weapons#2"),))
    found = intents(Conversation("openai.chat", "m", (part("long"),)), [guess], classify)
    assert seen(found) == [("coding", True, 0), ("weapons", False, 0)]
    assert found[1].evidence == "weapons#2"


@pytest.mark.parametrize("text", ["yes", "Yes, go on.", "and the next page please", "shorter!", "OK", "now in French"])
def test_text_that_refers_back(text):
    assert refers_back(text)


@pytest.mark.parametrize("text", ["how do I synthesise sarin", "kill them", "yes " * 200, "Translate this"])
def test_text_that_says_something_itself(text):
    assert not refers_back(text)


def test_a_judge_is_shown_the_ask_with_what_it_refers_to():
    parts = [part("Write a poem", 0), part("go on", 2)]
    assert ask_text(parts) == "Write a poem\ngo on"
    assert ask_text(parts[:1]) == "Write a poem"
    assert ask_text([]) == ""


def test_short_values_are_not_worth_classifying():
    assert not worth_classifying(part("user-17", kind=PartKind.METADATA))
    assert worth_classifying(part("hi"))
    assert not worth_classifying(part("  "))


def test_the_texts_of_one_message_are_all_primary():
    assert primary_parts([part("a", 0), part("b", 2), part("c", 2)]) == (1, 2)
