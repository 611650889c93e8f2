"""The packaged word vectors and what was learnt on them are there, whole, fit each other and are read once."""

import os
import re
import subprocess
import sys
from importlib.resources import files
from types import SimpleNamespace

import numpy as np
import pytest

from firebreak.adapters import intent_files
from firebreak.adapters.intent_files import embeddings, encoded, learnt, learnt_on
from firebreak.intent.learnt import BUCKETS, Filters, Learnt
from firebreak.intent.taxonomy import BUILT_IN
from firebreak.model.errors import BadConfig


def test_the_packaged_files_are_read_once():
    assert embeddings() is embeddings()
    assert learnt() is learnt()


def test_words_of_like_meaning_are_near():
    vessel, ship, poem = embeddings().vectors(["vessel", "ship", "poem"])
    assert vessel @ ship > vessel @ poem + 0.2


def test_something_was_learnt_of_every_built_in_category():
    assert set(learnt().categories) == set(BUILT_IN)


@pytest.mark.parametrize(("asset", "read"), [("WORDS", embeddings), ("ASKS", learnt)])
def test_a_missing_file_says_so(monkeypatch, asset, read):
    monkeypatch.setattr(intent_files, asset, "absent.bin")
    with pytest.raises(BadConfig, match=r"absent\.bin: the file cannot be read"):
        read.__wrapped__()


def test_what_was_learnt_on_other_vectors_is_refused(monkeypatch):
    one, two = np.zeros(1, np.float32), np.zeros(2, np.float32)
    layers = (np.zeros((3, 2), np.float32), two, np.zeros((2, 1), np.float32), one)
    filters = Filters(np.zeros((3, 0), np.float32), np.zeros(0, np.float32), np.zeros((0, 1), np.float32))
    other = Learnt((), layers, filters, np.zeros((BUCKETS, 1), np.int8), 1.0)
    monkeypatch.setattr(intent_files, "parse_learnt", lambda data, place: other)
    with pytest.raises(BadConfig, match=r"made for other vectors than those in words\.bin"):
        learnt.__wrapped__()


def test_what_was_learnt_on_an_encoders_vectors_is_of_the_same_categories(tmp_path):
    base, data = encoded()
    assert re.fullmatch("[0-9a-f]{64}", base)
    (tmp_path / "asks.bin").write_bytes(data)
    read = learnt_on(tmp_path / "asks.bin", 384)
    assert read
    assert (read.base, read.categories) == (base, learnt().categories)


def test_an_encoder_with_nothing_beside_it_is_read_without(tmp_path):
    assert learnt_on(tmp_path / "asks.bin", 384) is None


@pytest.mark.parametrize(("name", "dims"), [("ENCODED_ASKS", 4), ("ASKS", 384), ("ASKS", 192)])
def test_what_is_for_another_encoder_is_refused(tmp_path, name, dims):
    (tmp_path / "asks.bin").write_bytes(
        files("firebreak.intent").joinpath("data", getattr(intent_files, name)).read_bytes()
    )
    with pytest.raises(BadConfig, match=r"asks\.bin: made for another encoder or another version; build the encoder's"):
        learnt_on(tmp_path / "asks.bin", dims)


def test_what_was_learnt_of_other_categories_is_refused(tmp_path, monkeypatch):
    (tmp_path / "asks.bin").write_bytes(encoded()[1])
    monkeypatch.setattr(intent_files, "learnt", lambda: SimpleNamespace(categories=("more",)))
    with pytest.raises(BadConfig, match="another version"):
        learnt_on(tmp_path / "asks.bin", 384)


def test_what_cannot_be_read_beside_an_encoder_is_refused(tmp_path):
    (tmp_path / "asks.bin").mkdir()
    with pytest.raises(BadConfig, match=r"asks\.bin: the file cannot be read"):
        learnt_on(tmp_path / "asks.bin", 384)
    (tmp_path / "broken.bin").write_bytes(b"no such file")
    with pytest.raises(BadConfig, match=r"broken\.bin: not a file of what was learnt"):
        learnt_on(tmp_path / "broken.bin", 384)


@pytest.mark.parametrize("module", ["firebreak.app.serve", "firebreak.cli.check"])
def test_the_service_starts_no_threads_of_numpys(module):
    environment = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    code = f"import os, {module}, numpy; print(os.environ['OPENBLAS_NUM_THREADS'], len(os.listdir('/proc/self/task')))"
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["1", "1"]
