import numpy as np
import pytest

from firebreak.detect.interface import Detector, Scorer
from firebreak.detect.ngram.detector import DATA, MOST_HITS, RULE, USER, VOICES, NgramDetector
from firebreak.detect.ngram.features import BUCKETS, codes, grams
from firebreak.detect.ngram.model import PIECES, WIDE, Model, Table, Voice
from firebreak.model.conversation import Origin, Part, PartKind, Role, Segment
from firebreak.model.finding import FindingKind, Severity
from firebreak.text.views import View, views

KNOTS = ((-2.0, 0.0), (0.0, 0.5), (1.0, 0.8), (30.0, 1.0))


def table(word, offset=-1.0):
    weights = np.zeros(BUCKETS, np.int8)
    weights[grams(codes(word)).words[0]] = 120
    return Table(weights, 1.0, offset)


MODEL = NgramDetector(
    Model(
        {USER: table("overthrow"), DATA: table("obey"), PIECES: table("surrender")},
        dict.fromkeys(VOICES, Voice(KNOTS, KNOTS, KNOTS, 0.0, 0.0)),
    )
)


def part(text, origin=Origin.USER):
    return Part(PartKind.TEXT, Role.USER, origin, text, (Segment(0, ()),))


def detect(text, origin=Origin.USER):
    return MODEL.detect(part(text, origin), views(text))


def test_it_is_a_detector_that_can_score():
    detector: Detector = MODEL
    assert isinstance(detector, Scorer)
    assert MODEL.kind is FindingKind.INJECTION


def test_who_speaks_decides_what_reads_it():
    assert [hit.rule for hit in detect("overthrow")] == [RULE]
    assert detect("obey") == []
    for origin in (Origin.TOOL, Origin.RETRIEVAL):
        assert detect("overthrow", origin) == []
        assert [hit.rule for hit in detect("obey", origin)] == [RULE]


def test_an_applications_own_prompt_needs_more():
    assert not detect("overthrow", Origin.SYSTEM)


def test_what_a_model_has_said_attacks_no_model():
    assert not detect("overthrow", Origin.ASSISTANT)


def test_a_hit_says_where_and_how_sure():
    text = "calm " * 300 + "overthrow" + " calm" * 300
    (hit,) = detect(text)
    assert hit.start <= text.index("overthrow") < hit.end
    assert hit.end - hit.start <= 2 * WIDE
    assert hit.severity is Severity.HIGH
    assert hit.score == round(MODEL.score(part(text), views(text)), 4) >= 0.8


def test_what_is_far_apart_is_told_apart():
    text = "overthrow " + "calm " * 400 + "overthrow"
    first, second = detect(text)
    assert first.end < second.start
    assert second.end == len(text)


def test_many_places_are_told_with_a_bound():
    text = ("overthrow " + "calm " * 400) * (MOST_HITS + 5)
    hits = detect(text)
    assert len(hits) == MOST_HITS
    assert hits[-1].end >= text.rindex("overthrow")


def test_a_piece_of_a_document_is_told_with_its_place():
    text = "All is calm here today. " * 30 + "Surrender at once. " + "All is calm here today. " * 30
    (hit,) = detect(text, Origin.RETRIEVAL)
    assert "Surrender at once." in text[hit.start : hit.end]
    assert hit.end - hit.start < WIDE


def test_a_spelling_is_read_where_the_normaliser_undoes_it():
    text = "so: over\u200bthrow"
    (hit,) = detect(text)
    assert hit.view == "folded"
    assert (hit.start, hit.end) == (0, len(text))


def test_the_same_place_is_told_once():
    readings = (View("raw", "overthrow"), View("rot13", "overthrow"), View("other", "calm"))
    assert [hit.view for hit in MODEL.detect(part("overthrow"), readings)] == ["raw"]


def test_a_folded_reading_stands_for_the_one_it_is_of():
    readings = (View("raw", "overthrow"), View("folded", "calm"), View("hex", "overthrow"), View("hex>folded", "calm"))
    assert MODEL.detect(part("overthrow"), readings) == []


@pytest.mark.parametrize("text", ["", " ", "\ud800", "calm"])
def test_below_the_threshold_there_is_a_score_and_no_hit(text):
    assert detect(text) == []
    assert 0 <= MODEL.score(part(text), views(text)) < 0.5
