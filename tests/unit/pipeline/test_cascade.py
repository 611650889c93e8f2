"""What the small model is unsure of goes to the encoder; nothing else does."""

import asyncio

import pytest

from firebreak.detect.interface import Hit
from firebreak.model.conversation import Origin, Part, PartKind, Role
from firebreak.model.errors import Unavailable
from firebreak.model.facts import Absence
from firebreak.model.finding import FindingKind, Severity
from firebreak.pipeline.cascade import ENCODER, MAX_PASSAGES, STEP, WIDTH, Band, Cascade, Doubt, Unsure
from firebreak.pipeline.interface import AttackScore
from firebreak.text.views import View, views


class CountingScorer:
    """Unsure of every `maybe`, certain of `surely`."""

    name = "small"
    kind = FindingKind.INJECTION

    def score(self, part, readings):
        text = " ".join(view.text for view in readings)
        return 0.9 if "surely" in text else 0.4 if "maybe" in text else 0.05


class WordEncoder:
    """An attack is a text with `evil` in it, and in a tool's result one with `please`."""

    threshold = 0.5
    origins = frozenset({Origin.USER, Origin.SYSTEM, Origin.TOOL})

    def __init__(self, failure=None):
        self.asked = []
        self._failure = failure

    async def attack_scores(self, texts):
        if self._failure:
            raise self._failure
        self.asked.append(list(texts))
        return self.attack_scores_now(texts)

    def attack_scores_now(self, texts):
        said = [[0.98765 if word in text else 0.01 for word in ("evil", "please")] for text in texts]
        return [AttackScore(user, max(user, data)) for user, data in said]


def part(text, origin=Origin.USER):
    return Part(PartKind.TEXT, Role.USER, origin, text, ())


def cascade(encoder=None):
    return Cascade(CountingScorer(), encoder or WordEncoder(), Band(0.1, 0.8))


def doubts(text, origin=Origin.USER):
    return cascade().doubts(part(text, origin), views(text))


def test_only_what_is_unsure_is_doubted():
    assert [doubt.text for doubt in doubts("maybe evil")] == ["maybe evil"]
    assert doubts("harmless") == ()
    assert doubts("surely evil") == ()
    assert doubts("") == ()


def test_what_the_application_says_itself_is_not_doubted():
    assert doubts("maybe evil", Origin.SYSTEM) == ()
    assert doubts("maybe evil", Origin.TOOL)


def test_only_those_are_doubted_whom_the_encoder_is_for():
    assert doubts("maybe evil", Origin.RETRIEVAL) == ()


@pytest.mark.parametrize("at", [0, STEP - 1, STEP, WIDTH, 2 * STEP - 60])
def test_of_a_long_text_the_unsure_passages_are_shown(at):
    text = "." * at + " maybe " + "." * (3000 - at)
    found = doubts(text)
    assert 1 <= len(found) <= 2
    for doubt in found:
        assert text[doubt.start : doubt.end] == doubt.text
        assert "maybe" in doubt.text


def test_every_character_is_in_some_passage():
    shown = Cascade(Unsure(), WordEncoder(), Band(0.1, 0.8))
    for length in (1, WIDTH, WIDTH + 1, STEP + WIDTH, 5000):
        text = "".join(chr(0x4E00 + number) for number in range(length))
        spans = [(doubt.start, doubt.end) for doubt in shown.doubts(part(text), views(text))]
        covered = {place for start, end in spans for place in range(start, end)}
        assert covered == set(range(length))


def test_without_a_small_model_everything_is_shown():
    shown = Cascade(Unsure(), WordEncoder(), Band(0.1, 0.8))
    assert [doubt.text for doubt in shown.doubts(part("harmless"), views("harmless"))] == ["harmless"]
    assert shown.doubts(part(""), views("")) == ()


class FragileScorer(CountingScorer):
    """Of a passage alone it is not sure, only of the whole."""

    def score(self, part, readings):
        return 0.4 if len(part.text) > WIDTH else 0.05


def test_what_was_marked_is_shown_even_where_the_passage_alone_is_not_suspect():
    text = "x" * 3 * WIDTH
    marked = Hit("small", FindingKind.INJECTION, Severity.MEDIUM, 0.6, WIDTH, WIDTH + 10)
    other = Hit("phrase", FindingKind.INJECTION, Severity.MEDIUM, 0.6, 0, 10)
    shown = Cascade(FragileScorer(), WordEncoder(), Band(0.1, 0.8))
    found = shown.doubts(part(text), [View("raw", text[: 2 * WIDTH] + "y" * WIDTH)], [marked, other])
    assert found
    assert all(doubt.start < marked.end and marked.start < doubt.end for doubt in found)


def test_of_what_was_found_only_the_small_models_word_can_be_taken_back():
    hits = [Hit(rule, FindingKind.INJECTION, Severity.LOW, 0.6, 0, 1) for rule in ("small", "phrase")]
    assert [hit.rule for hit in cascade().left(hits)] == ["phrase"]


@pytest.mark.parametrize(("weight", "score"), [(0.0, 0.6), (1.0, 0.5), (0.5, 0.5505)])
def test_both_models_are_weighed_in_log_odds(weight, score):
    class Sixty(WordEncoder):
        def attack_scores_now(self, texts):
            return [AttackScore(0.6, 0.6) for _ in texts]

    both = Cascade(CountingScorer(), Sixty(), Band(0.1, 0.8), weight)
    assert both.score_now(part("maybe"), views("maybe"))[1] == pytest.approx(score, abs=1e-4)
    (look,), _ = asyncio.run(both.settle([both.doubts(part("maybe"), views("maybe"))]))
    assert [hit.score for hit in look.hits] == [round(both.score_now(part("maybe"), views("maybe"))[1], 4)]


@pytest.mark.parametrize("said", [0.0, 1.0])
@pytest.mark.parametrize("small", [0.0, 1.0])
def test_scores_that_are_certain_can_be_weighed(said, small):
    class Certain(WordEncoder):
        def attack_scores_now(self, texts):
            return [AttackScore(said, said) for _ in texts]

    class Small(CountingScorer):
        def score(self, part, readings):
            return small

    both = Cascade(Small(), Certain(), Band(0.0, 1.1), 1.0)
    assert 0 <= both.score_now(part("x"), views("x"))[1] <= 1


def test_a_hidden_passage_is_placed_in_the_raw_text():
    text = "maybe %65%76%69%6c %6f%72%64%65%72%73"
    found = doubts(text)
    hidden = [doubt for doubt in found if "evil" in doubt.text]
    assert hidden
    assert "%65%76%69%6c" in text[hidden[0].start : hidden[0].end]
    assert hidden[0].view != "raw"


def settle(some, encoder=None):
    looks, absences = asyncio.run(cascade(encoder).settle(some))
    return [look.hits for look in looks], absences


def test_the_encoders_word_becomes_a_finding():
    hits, absences = settle([doubts("maybe evil"), doubts("maybe fine")])
    assert absences == ()
    ((hit,), nothing) = hits
    assert nothing == ()
    assert (hit.rule, hit.kind, hit.score) == (ENCODER, FindingKind.INJECTION, 0.9877)
    assert (hit.start, hit.end) == (0, 10)


def test_the_same_passage_is_shown_once():
    encoder = WordEncoder()
    hits, _ = settle([doubts("maybe evil"), doubts("maybe evil")], encoder)
    assert encoder.asked == [["maybe evil"]]
    assert [len(some) for some in hits] == [1, 1]


def test_what_is_too_much_is_a_fact_and_the_most_suspect_are_read():
    many = [Doubt(f"evil {number}", 0, 1, "raw", number / 1000) for number in range(MAX_PASSAGES + 1)]
    encoder = WordEncoder()
    (hits,), absences = settle([many], encoder)
    assert absences == (Absence(ENCODER, "over_budget"),)
    assert "evil 0" not in encoder.asked[0]
    assert len(hits) == MAX_PASSAGES


def test_what_was_not_shown_is_no_finding_however_sure_the_small_model_is():
    many = [Doubt(f"fine {number}", 0, 1, "raw", 0.99999) for number in range(MAX_PASSAGES + 1)]
    both = Cascade(CountingScorer(), WordEncoder(), Band(0.1, 1.0), 1.0)
    (look,), absences = asyncio.run(both.settle([many]))
    assert absences == (Absence(ENCODER, "over_budget"),)
    assert len(look.hits) == MAX_PASSAGES


def test_only_a_part_that_was_shown_whole_is_cleared():
    many = [Doubt(f"fine {number}", 0, 1, "raw", 0.5) for number in range(MAX_PASSAGES)]
    cut, whole = [many[0], Doubt("fine last", 0, 1, "raw", 0.1)], many
    looks, absences = asyncio.run(cascade().settle([cut, whole]))
    assert absences == (Absence(ENCODER, "over_budget"),)
    assert [(look.hits, look.clears) for look in looks] == [((), False), ((), True)]


@pytest.mark.parametrize(("failure", "reason"), [(TimeoutError(), "over_budget"), (Unavailable("x"), "crashed")])
def test_an_encoder_that_does_not_answer_is_a_fact(failure, reason):
    (look,), absences = asyncio.run(cascade(WordEncoder(failure)).settle([doubts("maybe evil")]))
    assert (look.hits, look.clears) == ((), False)
    assert absences == (Absence(ENCODER, reason),)


@pytest.mark.parametrize(
    ("text", "score"), [("harmless", 0.05), ("surely", 0.9), ("maybe evil", 0.98765), ("maybe fine", 0.01)]
)
def test_both_models_together_have_one_score(text, score):
    assert cascade().score_now(part(text), views(text)) == (FindingKind.INJECTION, score)


def test_what_a_user_may_order_a_tool_may_not():
    shown = cascade()
    found = [shown.doubts(part("maybe please", origin), views("maybe please")) for origin in (Origin.USER, Origin.TOOL)]
    looks, absences = asyncio.run(shown.settle(found))
    assert [(len(look.hits), look.clears) for look in looks] == [(0, True), (1, False)]
    assert absences == ()


class PlayEncoder(WordEncoder):
    """Takes a text with `pretend` in it for play."""

    def attack_scores_now(self, texts):
        data = [0.3 if "softly" in text else 0.9 for text in texts]
        play = [0.8 if "pretend" in text else 0.1 for text in texts]
        return [AttackScore(0.01, *said) for said in zip(data, play, strict=True)]


@pytest.mark.parametrize(
    ("text", "origin", "score", "marked", "clears"),
    [
        ("surely pretend", Origin.USER, 0.9, False, False),
        ("maybe pretend", Origin.USER, 0.01, False, True),
        ("surely fine", Origin.USER, 0.01, False, True),
        ("surely pretend", Origin.TOOL, 0.9, True, False),
        ("surely pretend softly", Origin.TOOL, 0.3, False, True),
    ],
)
def test_of_a_users_play_the_small_models_word_stands_where_it_is_sure(text, origin, score, marked, clears):
    both = Cascade(CountingScorer(), PlayEncoder(), Band(0.1, 1.0))
    assert both.score_now(part(text, origin), views(text))[1] == score
    (look,), _ = asyncio.run(both.settle([both.doubts(part(text, origin), views(text))]))
    assert (bool(look.hits), look.clears) == (marked, clears)
