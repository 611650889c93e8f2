import asyncio
import hashlib
import time

import pytest

from firebreak.detect.interface import Hit
from firebreak.intent.classify import Guess
from firebreak.model.conversation import Origin, Part, PartKind, Role
from firebreak.model.errors import Unavailable
from firebreak.model.facts import Absence
from firebreak.model.finding import FindingKind, Severity
from firebreak.pipeline.cascade import ENCODER, Band, Cascade
from firebreak.pipeline.entities import TAGGER, Entities
from firebreak.pipeline.interface import AttackScore
from firebreak.pipeline.memory import MAX_HITS_KEPT
from firebreak.pipeline.mentions import Sort, Word
from firebreak.pipeline.screen import CLASSIFIER, Screen

PART = Part(PartKind.TEXT, Role.USER, Origin.USER, "hello there", ())


class CountingDetector:
    name = "counting"

    def __init__(self, hits=1, rule="r"):
        self.calls = 0
        self.hits = hits
        self.rule = rule

    def detect(self, part, views):
        self.calls += 1
        return [Hit(self.rule, FindingKind.PII, Severity.LOW, 1.0, 0, 1)] * self.hits


class CrashingDetector:
    name = "crashing"

    def detect(self, part, views):
        raise RuntimeError(part.text)


class SlowDetector:
    name = "slow"

    def detect(self, part, views):
        time.sleep(0.02)
        return [Hit("slow", FindingKind.PII, Severity.LOW, 1.0, 0, 1)]


class ScoringDetector(CountingDetector):
    kind = FindingKind.INJECTION

    def __init__(self, score):
        super().__init__()
        self._score = score

    def score(self, part, views):
        assert views[0].text == part.text
        return self._score


class FixedClassifier:
    def classify(self, text):
        return Guess("coding", 0.9)


class CrashingClassifier:
    def classify(self, text):
        raise ValueError


def screen(*detectors, classifier=None, entries=10, budget_s=1.0):
    return Screen(detectors, classifier or FixedClassifier(), memory_entries=entries, budget_s=budget_s)


def test_a_part_is_screened_by_everyone():
    first, second = CountingDetector(), CountingDetector()
    screened = screen(first, second).part(PART)
    assert len(screened.hits) == 2
    assert screened.guess == Guess("coding", 0.9)
    assert screened.absences == ()


def test_the_same_text_costs_once():
    detector = CountingDetector()
    screening = screen(detector)
    assert screening.part(PART) is screening.part(PART)
    assert detector.calls == 1


def test_a_crash_is_a_fact_and_the_others_still_answer(caplog):
    screened = screen(CrashingDetector(), CountingDetector()).part(PART)
    assert screened.absences == (Absence("crashing", "crashed"),)
    assert len(screened.hits) == 1
    assert PART.text not in caplog.text.replace("Traceback", "").split("RuntimeError")[0]


def test_a_detector_over_its_budget_is_a_fact_and_its_hits_still_count():
    screened = screen(SlowDetector(), budget_s=0.001).part(PART)
    assert Absence("slow", "over_budget") in screened.absences
    assert len(screened.hits) == 1


def test_a_classifier_that_crashes_is_a_fact(caplog):
    screened = screen(classifier=CrashingClassifier()).part(PART)
    assert screened.absences == (Absence(CLASSIFIER, "crashed"),)
    assert screened.guess is None


def test_what_failed_is_tried_again(caplog):
    detector = CountingDetector()
    screening = screen(detector, CrashingDetector())
    screening.part(PART)
    screening.part(PART)
    assert detector.calls == 2


def test_a_text_full_of_hits_does_not_fill_the_memory():
    detector = CountingDetector(hits=MAX_HITS_KEPT + 1)
    screening = screen(detector)
    screening.part(PART)
    screening.part(PART)
    assert detector.calls == 2


def test_a_part_without_text_is_not_classified_and_still_detected():
    image = Part(PartKind.IMAGE, Role.USER, Origin.USER, "", ())
    screened = screen(CountingDetector()).part(image)
    assert screened.guess is None
    assert len(screened.hits) == 1


def test_scores_are_of_those_who_can_score_and_the_highest_counts():
    asked = screen(CountingDetector(), ScoringDetector(0.2), ScoringDetector(0.7), ScoringDetector(0.1))
    assert asked.scores(PART) == {FindingKind.INJECTION: 0.7}
    assert screen(CountingDetector()).scores(PART) == {}


class FixedEncoder:
    threshold = 0.5
    origins = frozenset({Origin.USER, Origin.TOOL})

    def __init__(self, score=0.9):
        self.asked = []
        self.score = score

    async def attack_scores(self, texts):
        if self.score is None:
            raise Unavailable("no")
        return self.attack_scores_now(texts)

    def attack_scores_now(self, texts):
        self.asked.append(list(texts))
        return [AttackScore(self.score, self.score)] * len(texts)


def cascaded(encoder, score=0.4):
    """A screen whose small model is as sure of every text as `score`, and the encoder behind it."""
    small = ScoringDetector(score)
    cascade = Cascade(small, encoder, Band(0.1, 0.8))
    return Screen([small], FixedClassifier(), memory_entries=10, budget_s=10, cascade=cascade)


def settled(one, parts):
    return asyncio.run(one.settle(parts, [one.part(part) for part in parts]))


def test_what_the_encoder_finds_stands_beside_what_was_found():
    (screened,) = settled(cascaded(FixedEncoder()), [PART])
    assert [hit.rule for hit in screened.hits] == ["r", ENCODER]
    assert (screened.guess, screened.absences, screened.doubts) == (Guess("coding", 0.9), (), ())


def test_a_settled_part_is_remembered():
    encoder = FixedEncoder()
    one = cascaded(encoder)
    assert settled(one, [PART]) == settled(one, [PART])
    assert len(encoder.asked) == 1
    assert one.part(PART).doubts == ()


def test_a_part_with_open_doubts_is_not():
    one = cascaded(FixedEncoder())
    assert one.part(PART).doubts
    assert one.part(PART).doubts


def test_a_part_that_the_encoder_failed_on_is_asked_about_again():
    encoder = FixedEncoder(None)
    one = cascaded(encoder)
    (screened,) = settled(one, [PART])
    assert screened.absences == (Absence(ENCODER, "crashed"),)
    encoder.score = 0.9
    (screened,) = settled(one, [PART])
    assert [hit.rule for hit in screened.hits] == ["r", ENCODER]


class MarkingScorer(ScoringDetector):
    """A small model that is named as its findings are."""

    name = "r"


def marking(encoder):
    """As `cascaded`; what the small model marks is its own, and another detector marks the text as well."""
    small, other = MarkingScorer(0.4), CountingDetector(rule="phrase")
    cascade = Cascade(small, encoder, Band(0.1, 0.8))
    return Screen([small, other], FixedClassifier(), memory_entries=10, budget_s=10, cascade=cascade)


@pytest.mark.parametrize(
    ("score", "left"), [(0.01, ["phrase"]), (0.9, ["r", "phrase", ENCODER]), (None, ["r", "phrase"])]
)
def test_what_the_small_model_marked_is_taken_back_only_where_the_encoder_finds_nothing(score, left):
    one = marking(FixedEncoder(score))
    assert [hit.rule for hit in one.part(PART).hits] == ["r", "phrase"]
    (screened,) = settled(one, [PART])
    assert [hit.rule for hit in screened.hits] == left
    if score is not None:
        assert [hit.rule for hit in one.part(PART).hits] == left


def test_what_was_marked_is_shown_though_the_passage_alone_is_not_suspect():
    class OfTheWhole(MarkingScorer):
        def score(self, part, views):
            return 0.4 if part is long else 0.05

    long = PART._replace(text="hello " * 200)
    encoder, small = FixedEncoder(0.01), OfTheWhole(0.4)
    cascade = Cascade(small, encoder, Band(0.1, 0.8))
    one = Screen([small], FixedClassifier(), memory_entries=10, budget_s=10, cascade=cascade)
    (screened,) = settled(one, [long])
    assert encoder.asked
    assert screened.hits == ()


def test_only_the_parts_in_doubt_are_settled():
    one = cascaded(FixedEncoder())
    other = PART._replace(origin=Origin.SYSTEM)
    first, second = settled(one, [other, PART])
    assert [hit.rule for hit in first.hits] == ["r"]
    assert [hit.rule for hit in second.hits] == ["r", ENCODER]


def test_nothing_is_settled_where_there_is_no_encoder():
    one = screen(CountingDetector())
    before = [one.part(PART)]
    assert asyncio.run(one.settle([PART], before)) is before


def test_a_small_model_that_fails_in_the_cascade_is_a_fact():
    encoder = FixedEncoder()
    cascade = Cascade(FailingScorer(), encoder, Band(0.1, 0.8))
    one = Screen([], FixedClassifier(), memory_entries=10, budget_s=10, cascade=cascade)
    assert one.part(PART).absences == (Absence(ENCODER, "crashed"),)


class FailingScorer:
    name = "small"
    kind = FindingKind.INJECTION

    def score(self, part, views):
        raise RuntimeError(part.text)


def test_a_score_is_that_of_both_models():
    assert cascaded(FixedEncoder(0.7)).scores(PART) == {FindingKind.INJECTION: 0.7}
    assert cascaded(FixedEncoder(0.7), 0.05).scores(PART) == {FindingKind.INJECTION: 0.05}


def test_what_the_policy_calls_nobodys_secret_is_left_out_of_requests_and_answers():
    digest = hashlib.sha256(PART.text[:1].encode()).digest()
    for allowed, left in ((frozenset(), 1), (frozenset({digest}), 0), (frozenset({b"x" * 32}), 1)):
        one = Screen([CountingDetector()], FixedClassifier(), memory_entries=1, budget_s=10, allowed=allowed)
        assert len(one.part(PART).hits) == len(one.hits(PART).hits) == left


class BroadDetector(CountingDetector):
    broad = True


def test_an_answers_pieces_are_not_shown_to_broad_detectors_and_its_stretches_to_no_other():
    one = Screen([CountingDetector(), BroadDetector()], FixedClassifier(), memory_entries=1, budget_s=10)
    assert [
        len(found.hits) for found in (one.hits(PART), one.broad_hits(PART), one.all_hits(PART), one.part(PART))
    ] == [
        1,
        1,
        2,
        2,
    ]


class FixedTagger:
    """Takes the first word for a name."""

    origins = frozenset({Origin.USER})
    max_passages = 8

    def __init__(self, failure=None):
        self.asked = []
        self.failure = failure

    async def words(self, texts):
        if self.failure:
            raise self.failure
        self.asked.append(list(texts))
        return [(Word(0, 5, Sort.PERSON, "PER", True, 0.9),) for _ in texts]


def tagging(tagger, cascade=None, allowed=frozenset()):
    return Screen(
        [],
        FixedClassifier(),
        memory_entries=10,
        budget_s=10,
        cascade=cascade,
        entities=Entities(tagger),
        allowed=allowed,
    )


def test_names_stand_beside_what_was_found_and_are_remembered():
    tagger = FixedTagger()
    one = tagging(tagger)
    (screened,) = settled(one, [PART])
    assert [(hit.rule, hit.start, hit.end) for hit in screened.hits] == [("person-name", 0, 5)]
    assert not screened.open
    assert settled(one, [PART]) == [screened]
    assert one.part(PART) is screened
    assert tagger.asked == [["hello there"]]


def test_a_name_that_the_policy_calls_nobodys_secret_is_left_out():
    allowed = frozenset({hashlib.sha256(b"hello").digest()})
    (screened,) = settled(tagging(FixedTagger(), allowed=allowed), [PART])
    assert screened.hits == ()


def test_a_tagger_that_fails_is_a_fact_and_is_asked_again():
    tagger = FixedTagger(TimeoutError())
    one = tagging(tagger)
    (screened,) = settled(one, [PART])
    assert (screened.hits, screened.absences) == ((), (Absence(TAGGER, "over_budget"),))
    tagger.failure = None
    (screened,) = settled(one, [PART])
    assert (len(screened.hits), screened.absences) == (1, ())


def test_encoder_and_tagger_each_look_at_what_is_theirs():
    tagger = FixedTagger(Unavailable("no"))
    one = tagging(tagger, Cascade(ScoringDetector(0.4), FixedEncoder(), Band(0.1, 0.8)))
    tool = PART._replace(origin=Origin.TOOL)
    first, second = settled(one, [PART, tool])
    assert [hit.rule for hit in first.hits] == [hit.rule for hit in second.hits] == [ENCODER]
    assert (first.absences, second.absences) == ((Absence(TAGGER, "crashed"),), ())
    assert one.part(tool) is second
    assert one.part(PART).open


def test_answers_are_not_tagged():
    tagger = FixedTagger()
    assert tagging(tagger).hits(PART).hits == ()
    assert tagger.asked == []
