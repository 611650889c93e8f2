"""The packaged injection model on texts that it was never trained on: `make eval` has the whole table."""

import gzip
import json
from functools import cache
from pathlib import Path

import pytest

from firebreak.adapters.injection_model_file import packaged
from firebreak.detect.ngram.detector import NgramDetector
from firebreak.model.conversation import Origin, Part, PartKind, Role, Segment
from firebreak.text.views import views

DATA = Path(__file__).resolve().parents[2] / ".." / "shared" / "data" / "detect" / "eval.jsonl.gz"
pytestmark = pytest.mark.skipif(not DATA.is_file(), reason="../shared/data is not here")
SAMPLE = 5  # every fifth text, so that the test stays short


@cache
def rows():
    with gzip.open(DATA, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines][::SAMPLE]


def found(label, *sets, origin=Origin.USER):
    """The share of texts that a finding is made of."""
    detector = NgramDetector(packaged())
    texts = [row["text"] for row in rows() if row["label"] == label and (not sets or row["set"] in sets)]
    parts = [Part(PartKind.TEXT, Role.USER, origin, text, (Segment(0, ()),)) for text in texts]
    return sum(bool(detector.detect(part, views(part.text))) for part in parts) / len(parts)


def test_harmless_texts_stay_clean():
    assert found(0) <= 0.015


def test_harmless_documents_stay_clean():
    assert found(0, "docs_eval", "bipia_ctx_benign", origin=Origin.RETRIEVAL) <= 0.02


def test_trigger_words_in_harmless_texts_do_not_fire():
    assert found(0, "notinject_one") <= 0.03


def test_hijacks_are_found():
    assert found(1, "tt_hijack") >= 0.6
