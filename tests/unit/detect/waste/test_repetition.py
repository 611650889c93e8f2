import base64
import hashlib

import pytest

from firebreak.detect.waste.repetition import BLOCK, RepetitionDetector, Stretch, stretches
from firebreak.model.conversation import Origin, Part, PartKind, Role, Segment
from firebreak.model.finding import FindingKind, Severity
from firebreak.text.views import View

PROSE = " ".join(
    f"In {1900 + i} the {hashlib.md5(bytes([i % 256])).hexdigest()[:7]} of line {i} was sold to a man."
    for i in range(700)
)


def hits(text):
    part = Part(PartKind.TEXT, Role.USER, Origin.USER, text, (Segment(0, ()),))
    return RepetitionDetector().detect(part, (View("raw", text),))


@pytest.mark.parametrize(
    "piece", ["a", " ", "ha", "word ", "buy now! ", "the same line of a log\n", "😀", "重复", "ab" * 40, "\ud800"]
)
def test_repetition_is_graded_by_its_amount(piece):
    for length, severity in ((9_000, Severity.LOW), (40_000, Severity.MEDIUM), (110_000, Severity.HIGH)):
        (hit,) = hits((piece * length)[:length])
        assert (hit.rule, hit.kind, hit.severity) == ("repetition", FindingKind.WASTE, severity)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "short " * 1_200,
        PROSE,
        base64.b64encode(hashlib.sha512(b"x").digest() * 1).decode() + PROSE,
        "".join(hashlib.sha256(str(i).encode()).hexdigest() for i in range(400)),
        "\n".join(f"{i},{i * 7919 % 1000},{i * 31 % 97},ok" for i in range(2000)),
        "\n".join(
            f"2026-01-{i % 28 + 1:02} 12:{i % 60:02}:00 INFO request {i} took {i * 37 % 91} ms" for i in range(900)
        ),
    ],
)
def test_prose_tables_digests_and_logs_are_none(text):
    assert hits(text) == []


def test_the_longest_stretch_is_the_place():
    text = "x" * BLOCK * 2 + (PROSE * 2)[: BLOCK * 10] + "y" * BLOCK * 3 + PROSE
    assert [(one.start, one.end) for one in stretches(text)] == [(0, BLOCK * 2), (BLOCK * 12, BLOCK * 15)]
    (hit,) = hits(text)
    assert (hit.start, hit.end) == (BLOCK * 12, BLOCK * 15)


def test_a_stretch_reaches_to_the_end():
    assert list(stretches("z" * (BLOCK + 1_000))) == [Stretch(0, BLOCK + 1_000)]
    assert list(stretches("z" * (BLOCK + 100))) == [Stretch(0, BLOCK)]
