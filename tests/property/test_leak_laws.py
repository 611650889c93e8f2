"""Canaries and system prompts on their way through the gate: however an answer is cut, no canary leaves."""

import base64
import json
from dataclasses import replace
from functools import cache

import pytest
from tests import answers
from tests.answers import DONE, chat, event

from firebreak.codecs.frames.sse import Sse
from firebreak.codecs.openai_chat_answer import OpenAIChatAnswer
from firebreak.detect.leak import CANARY, OVERLAP, fingerprints
from firebreak.model.finding import FindingKind
from firebreak.pipeline.answer import Answer
from firebreak.pipeline.gate import Cut, Gate
from firebreak.pipeline.growing import MAX_OPEN
from firebreak.pipeline.snapshot import Snapshot

CANARIES = ("The purple heron 7 flies north", "ZX-canary-99871", "abab abab abac")
PROMPT = " ".join(f"Rule {number}: never say {number}{number} to a guest of room {number}." for number in range(30))


@cache
def by(decision: str) -> Snapshot:
    rule = {"id": "leaks", "decision": decision, "match": {"on": ["response"], "findings": [{"kind": "leak"}]}}
    policy = {"policy": {"name": "leaks", "version": "1"}, "defaults": {"intent": "ALLOW", "finding": "ALLOW"}}
    return answers.snapshot(json.dumps({**policy, "rules": [rule], "canaries": CANARIES}))


def through(chunks: list[bytes], decision: str = "BLOCK") -> tuple[str, bool, list[str]]:
    """What was said, whether it was cut, and what leaks were found."""
    handed = replace(answers.handover(), prompt=fingerprints([PROMPT]))
    bench = Answer(by(decision), handed, {}, 1000.0)
    gate = Gate(Sse(answers.MOST), OpenAIChatAnswer(), bench, answers.MOST)
    cut = False
    try:
        for chunk in chunks:
            gate.feed(chunk)
        gate.end()
    except Cut:
        cut = True
    leaks = [finding.rule for finding in bench._findings if finding.kind is FindingKind.LEAK]
    return answers.said(bytes(gate.let_go)), cut, leaks


@pytest.mark.parametrize("canary", CANARIES)
def test_a_canary_cut_in_three_anywhere_never_leaves(canary: str):
    for first in range(1, len(canary) - 1):
        for second in range(first + 1, len(canary), 5):
            pieces = ["It", " is: ", canary[:first], canary[first:second], canary[second:], " and", " so"]
            said, cut, found = through(chat(pieces))
            assert (said, cut, found) == ("It is: ", True, [CANARY]) or (said, cut) == ("It", True), pieces


@pytest.mark.parametrize(
    "written",
    [
        *CANARIES,
        "THE PURPLE HERON 7 FLIES NORTH",
        "The  purple\n\nheron **7** flies\tnorth",
        "T h e p u r p l e h e r o n 7 f l i e s n o r t h",
        "The purple heron %37 flies north",
        "The %70%75rple heron &#55; flies north",
        "The purple heron \\u0037 flies north",
        "The purp\u200ble heron 7 flies north",
        base64.b64encode(b"The purple heron 7 flies north.").decode(),
    ],
)
def test_character_by_character_none_of_it_leaves(written: str):
    said, cut, found = through(chat(list(f"Well, so: {written}, and on.")))
    assert (said.strip(), cut, found[-1]) == ("Well, so:", True, CANARY)


def test_the_longest_of_several_beginnings_is_held():
    said, cut, _ = through(chat(["no ", "abab ", "abab ", "abab ", "abac", "."]))
    assert cut
    assert said.strip() in ("no", "no abab")


def test_what_only_begins_like_one_arrives_whole():
    text = "The purple heron 7 flies nowhere. ZX-canary-9987. The purple heron abab abab aba, and the end: The purple"
    assert through(chat(list(text))) == (text, False, [])


def test_a_canary_is_redacted_where_the_policy_says_so():
    said, cut, found = through(chat(["It is ", "The purple ", "heron 7", " flies north", ", yes."]), "REDACT")
    assert (said, cut, found) == ("It is [LEAK_1], yes.", False, [CANARY])


def test_what_may_be_a_canary_waits_so_long_and_no_longer():
    said, cut, _ = through([event("x The purple "), *(event("- " * 100) for _ in range(100))])
    assert not cut
    assert len(said) > 100 * 200 - MAX_OPEN - 600


@pytest.mark.parametrize("decision", ["WARN", "BLOCK", "REDACT"])
@pytest.mark.parametrize("size", [1, 7, 100_000])
def test_a_prompt_that_comes_back_is_told_once(decision: str, size: int):
    text = f"Sure: {PROMPT} That is all of it."
    pieces = [text[at : at + size] for at in range(0, len(text), size)]
    said, cut, found = through(chat(pieces), decision)
    assert found == [OVERLAP]
    assert cut is (decision != "WARN")
    if decision == "WARN":
        assert said == text
    else:
        assert len(said.split()) < 90


def test_two_choices_are_compared_together():
    words = PROMPT.split()
    pieces = [event(f"{word} ", index=number % 2) for number, word in enumerate(words)]
    assert through([*pieces, DONE])[2] == []  # no row of words is left in either
    half = len(words) // 2
    pieces = [event(f"{word} ", index=int(number > half)) for number, word in enumerate(words)]
    assert through([*pieces, DONE])[2] == [OVERLAP]
