import asyncio
from dataclasses import replace

from firebreak.intent.classify import Guess
from firebreak.model.conversation import Conversation, Origin, Part, PartKind, Role
from firebreak.model.errors import Unavailable
from firebreak.model.facts import Absence
from firebreak.model.intent import UNKNOWN, IntentSource
from firebreak.pipeline.intents import recognise
from firebreak.pipeline.screen import Screen
from firebreak.pipeline.snapshot import Snapshot
from firebreak.policy.compile import load

POLICY = """
policy: {name: p, version: "1"}
categories: [coding]
judge: {api: openai, url: "http://127.0.0.1:1/v1", model: m, min_confidence: 0.6}
rules:
  - {id: allow-coding, decision: ALLOW, match_categories: [coding]}
"""
ASK = Part(PartKind.TEXT, Role.USER, Origin.USER, "please do the thing for me", (), message=0)
CONVERSATION = Conversation("openai.chat", "m", (ASK,))


class FixedClassifier:
    def classify(self, text):
        return Guess("unknown", 0.1)


class FixedJudge:
    def __init__(self, answer):
        self.answer = answer
        self.asked = []

    async def ask(self, text, categories):
        self.asked.append(text)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    async def close(self):
        pass


def recognised(guess, judge, conversation=CONVERSATION, **more):
    screen = Screen([], FixedClassifier(), memory_entries=1, budget_s=1)
    snapshot = Snapshot(load(POLICY, "p", {}), screen, judge, 1)
    return asyncio.run(recognise(conversation, [guess], snapshot, **more))


def test_a_confident_classifier_is_not_doubted():
    judge = FixedJudge(("coding", 1.0))
    (intent,), absences = recognised(Guess("coding", 0.9), judge)
    assert (intent.category, intent.source, intent.primary) == ("coding", IntentSource.LOCAL, True)
    assert judge.asked == []
    assert absences == ()


def test_an_unsure_classifier_asks_the_judge():
    judge = FixedJudge(("coding", 0.8))
    (intent,), _ = recognised(Guess("unknown", 0.2), judge)
    assert (intent.category, intent.confidence, intent.source) == ("coding", 0.8, IntentSource.JUDGE)
    assert judge.asked == [ASK.text]


def test_a_judge_that_fails_leaves_the_ask_unknown_and_is_a_fact():
    (intent,), absences = recognised(Guess("coding", 0.55), FixedJudge(Unavailable("slow")))
    assert intent.category == UNKNOWN
    assert absences == (Absence("judge", "unreachable"),)


def test_without_a_judge_the_classifier_has_the_last_word():
    (intent,), absences = recognised(Guess("unknown", 0.2), None)
    assert (intent.category, absences) == (UNKNOWN, ())


def test_what_the_api_itself_says_is_not_judged():
    judge = FixedJudge(("coding", 1.0))
    conversation = Conversation("openai.embeddings", "m", (ASK,), task="embedding")
    intents, _ = recognised(Guess("unknown", 0.1), judge, conversation)
    assert intents[0].category == "embedding"
    assert judge.asked == []


class CrashingClassifier:
    def classify(self, text):
        raise RuntimeError(text)


def test_a_classifier_that_crashes_on_joined_turns_is_a_fact_and_no_error():
    earlier = Part(PartKind.TEXT, Role.USER, Origin.USER, "write a poem about rain", (), message=0)
    newest = Part(PartKind.TEXT, Role.USER, Origin.USER, "yes, go on", (), message=1)
    screen = Screen([], CrashingClassifier(), memory_entries=1, budget_s=1)
    snapshot = Snapshot(load(POLICY, "p", {}), screen, None, 1)
    conversation = Conversation("openai.chat", "m", (earlier, newest))
    (intent,), absences = asyncio.run(recognise(conversation, [Guess("coding", 0.1), Guess("coding", 0.1)], snapshot))
    assert (intent.category, intent.confidence) == (UNKNOWN, 0.0)
    assert absences == (Absence("classifier", "crashed"),)


def test_a_judge_that_may_not_be_asked_is_one_that_could_not_say():
    judge = FixedJudge(("coding", 1.0))
    (intent,), absences = recognised(Guess("coding", 0.5), judge, may_ask=False)
    assert (intent.category, intent.confidence) == (UNKNOWN, 0.0)
    assert absences == (Absence("judge", "over_budget"),)
    assert judge.asked == []


class Asks:
    """In the place of the reader with an encoder."""

    def __init__(self):
        self.read_texts = []

    async def read(self, found, text):
        self.read_texts.append(text)
        return (replace(found[0], category="coding", confidence=0.9),), (Absence("intent-encoder", "crashed"),)


def test_an_encoder_reads_the_ask_before_a_judge_is_asked():
    screen, judge, asks = (
        Screen([], FixedClassifier(), memory_entries=1, budget_s=1),
        FixedJudge(("coding", 1.0)),
        Asks(),
    )
    snapshot = Snapshot(load(POLICY, "p", {}), screen, judge, 1, asks)
    (intent,), absences = asyncio.run(recognise(CONVERSATION, [Guess(UNKNOWN, 0.2, "coding#1")], snapshot))
    assert (intent.category, intent.source) == ("coding", IntentSource.LOCAL)
    assert asks.read_texts == [ASK.text]
    assert judge.asked == []
    assert absences == (Absence("intent-encoder", "crashed"),)


def test_an_encoder_does_not_read_each_of_very_many_requests():
    screen, asks = Screen([], FixedClassifier(), memory_entries=1, budget_s=1), Asks()
    snapshot = Snapshot(load(POLICY, "p", {}), screen, None, 1, asks)
    asyncio.run(recognise(CONVERSATION, [Guess(UNKNOWN, 0.2, "coding#1")], snapshot, may_ask=False))
    assert asks.read_texts == []
