"""The encoder's word on the primary ask, beside the small classifier's."""

import asyncio

import numpy as np
import pytest

from firebreak.intent.classify import Guess
from firebreak.model.errors import Unavailable
from firebreak.model.facts import Absence
from firebreak.model.intent import UNKNOWN, Intent, IntentSource
from firebreak.pipeline.asks import ENCODER, AskReader

SURE = Intent("coding", 0.9, IntentSource.LOCAL, primary=True, part=2, evidence="coding#1")


class Encoder:
    def __init__(self, failure=None):
        self.failure = failure
        self.asked = []

    async def vector(self, text):
        self.asked.append(text)
        if self.failure:
            raise self.failure
        return np.zeros(4, np.float32)


class Says:
    def __init__(self, category, confidence=0.8):
        self.guess = Guess(category, confidence, f"{category}#7")

    def classify(self, vector, text):
        assert text == "the ask"
        return self.guess


def read(found, says, encoder=None):
    return asyncio.run(AskReader(encoder or Encoder(), says).read(found, "the ask"))


def test_the_encoders_word_replaces_the_small_classifiers():
    found, absences = read((SURE,), Says("coding", 0.95))
    assert found == (Intent("coding", 0.95, IntentSource.LOCAL, primary=True, part=2, evidence="coding#7"),)
    assert absences == ()


def test_what_the_small_one_was_sure_of_counts_beside():
    (primary, beside), _ = read((SURE,), Says("translation"))
    assert (primary.category, primary.primary) == ("translation", True)
    assert (beside.category, beside.primary, beside.confidence) == ("coding", False, 0.9)


@pytest.mark.parametrize(("category", "confidence"), [("coding", 0.6), (UNKNOWN, 0.45)])
def test_what_it_was_not_sure_of_does_not(category, confidence):
    unsure = Intent(category, confidence, IntentSource.LOCAL, primary=True, evidence="coding#1")
    found, _ = read((unsure,), Says("translation"))
    assert [one.category for one in found] == ["translation"]


def test_the_other_intents_stay_each_category_once():
    other = Intent("translation", 0.85, IntentSource.LOCAL, primary=False, part=0, evidence="translation#0")
    same = Intent("coding", 0.85, IntentSource.LOCAL, primary=False, part=1, evidence="coding#0")
    found, _ = read((SURE, other), Says("translation"))
    assert [(one.category, one.primary) for one in found] == [("translation", True), ("coding", False)]
    found, _ = read((SURE, same, other), Says("summarization"))
    assert [(one.category, one.part) for one in found] == [("summarization", 2), ("coding", 1), ("translation", 0)]


@pytest.mark.parametrize(
    "found",
    [
        (),
        (Intent("embedding", 1.0, IntentSource.SURFACE, primary=True),),
        (Intent(UNKNOWN, 0.0, IntentSource.LOCAL, primary=True),),
    ],
)
def test_the_encoder_is_not_asked_about_what_nobody_understood(found):
    encoder = Encoder()
    assert read(found, Says("translation"), encoder) == (found, ())
    assert encoder.asked == []


@pytest.mark.parametrize(("failure", "reason"), [(TimeoutError(), "over_budget"), (Unavailable("x"), "crashed")])
def test_an_encoder_that_fails_leaves_what_was_found_and_is_a_fact(failure, reason):
    assert read((SURE,), Says("translation"), Encoder(failure)) == ((SURE,), (Absence(ENCODER, reason),))


def test_what_the_encoder_finds_as_likely_counts_beside():
    says = Says("translation")
    says.guess = Guess("translation", 0.8, "translation#7", (Guess("fraud", 0.7, "fraud#2"),))
    found, _ = read((SURE,), says)
    assert [(one.category, one.primary) for one in found] == [
        ("translation", True),
        ("fraud", False),
        ("coding", False),
    ]
