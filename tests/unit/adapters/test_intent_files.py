"""The packaged word vectors and what was learnt on them are there, whole, fit each other and are read once."""

import os
import subprocess
import sys

import numpy as np
import pytest

from firebreak.adapters import intent_files
from firebreak.adapters.intent_files import embeddings, learnt
from firebreak.intent.learnt import BUCKETS, Learnt
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
    other = Learnt((), layers, np.zeros((BUCKETS, 1), np.int8), 1.0)
    monkeypatch.setattr(intent_files, "parse_learnt", lambda data, place: other)
    with pytest.raises(BadConfig, match=r"made for other vectors than those in words\.bin"):
        learnt.__wrapped__()


@pytest.mark.parametrize("module", ["firebreak.app.serve", "firebreak.cli.check"])
def test_the_service_starts_no_threads_of_numpys(module):
    environment = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    code = f"import os, {module}, numpy; print(os.environ['OPENBLAS_NUM_THREADS'], len(os.listdir('/proc/self/task')))"
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["1", "1"]
