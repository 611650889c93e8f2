"""Law: whatever the text, a detector's work grows with its length and not faster. Work is counted where it is in
Python; where it is in C, only a ratio of times is looked at."""

import sys
import time
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest

from firebreak.detect.engine import MAX_SPANS
from firebreak.detect.registry import RULES, detectors
from firebreak.model.conversation import Origin, Part, PartKind, Role, Segment
from firebreak.text.views import View

SHORT, LONG = 8_192, 65_536
SLACK = 1.6
"""Of the ratio of lengths: blocks, windows and the first cost of a rule make small texts cheaper or dearer."""
FIXED = 30_000
"""Steps that a text may cost beside that: expressions are compiled when they are first met."""
MOST = 2_000_000
"""Characters of the longest texts."""

PIECES = (
    "a",
    " ",
    "\n",
    "\u200b",
    "\u0301",
    "<!--",
    "![](",
    "![x](https://e.io/",
    "](",
    "{{",
    "${",
    "${${",
    "<a ",
    "<img src=",
    "style='",
    "' or ",
    "http://",
    "https://e.io/?d=aGVsbG8gd29ybGQgaGVsbG8gd29ybGQ= ",
    "../",
    "%2e%2e%2f",
    "/dev/tcp/",
    "base64 -d ",
    "data:text/html,",
    "javascript:",
    "ignore all ",
    "your prompt in ",
    "repeat 1000 ",
    "for my ",
    "as your ",
    "if you ",
    "дa",
    "中あ",
    "# #  #\n",
    "word1 ",
    "0,",
    "$(",
    "`a`.",
    "[1]: ",
    'O:8:"',
    "<script>",
    "on=",
)


def part(text: str) -> Part:
    return Part(PartKind.TEXT, Role.USER, Origin.USER, text, (Segment(0, ()),))


def steps(work: Callable[[], Any]) -> int:
    """Calls and lines of Python that the work takes: what is not in them is in C, and linear there."""
    count = 0

    def trace(_frame: FrameType, _event: str, _arg: object) -> Any:
        nonlocal count
        count += 1
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize("detector", detectors(), ids=lambda detector: detector.name)
@pytest.mark.parametrize("piece", PIECES)
def test_work_grows_with_the_text_and_not_faster(detector, piece):
    def cost(length: int) -> int:
        text = (piece * (length // len(piece) + 1))[:length]
        return steps(lambda: detector.detect(part(text), (View("raw", text),)))

    cost(SHORT)  # what is compiled at the first meeting
    assert cost(LONG) <= SLACK * (LONG / SHORT) * cost(SHORT) + FIXED


@pytest.mark.parametrize("piece", ["a", " ", "\u200b", "<!--", "![](", "{{", "ignore ", "a b "])
def test_a_text_of_millions_of_characters_gives_a_bounded_number_of_hits(piece):
    text = piece * (MOST // len(piece))
    for detector in detectors():
        assert len(detector.detect(part(text), (View("raw", text),))) <= MAX_SPANS * 4


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_met_again_and_again_costs_as_much_each_time(rule):
    """The worst text for a rule is often one of its own examples, many times."""
    spans = rule.compiled.spans
    few, many = (f"{rule.matches[0]} ".encode() * count for count in (20, 160))
    steps(lambda: list(spans(few)))  # what is compiled at the first meeting
    assert steps(lambda: list(spans(many))) <= SLACK * 8 * steps(lambda: list(spans(few))) + FIXED


@pytest.mark.parametrize("detector", detectors()[1:], ids=lambda detector: detector.name)
@pytest.mark.parametrize("piece", PIECES)
def test_time_grows_with_the_text_and_not_with_its_square(detector, piece):
    """For what is done in C with expressions that can backtrack: a square would be 64 times as long, not 8."""

    def seconds(length: int) -> float:
        text = (piece * (length // len(piece) + 1))[:length]
        best = 1e9
        for _ in range(3):
            begun = time.process_time()
            detector.detect(part(text), (View("raw", text),))
            best = min(best, time.process_time() - begun)
        return best

    assert seconds(LONG) <= 4 * (LONG / SHORT) * seconds(SHORT) + 0.02  # what the clock and the machine add
