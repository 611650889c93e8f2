"""The packaged word vectors are there, whole, and read once."""

import os
import subprocess
import sys

import pytest

from firebreak.adapters import embeddings_file
from firebreak.adapters.embeddings_file import packaged
from firebreak.model.errors import BadConfig


def test_the_packaged_vectors_are_read_once():
    assert packaged() is packaged()


def test_words_of_like_meaning_are_near():
    vessel, ship, poem = packaged().vectors(["vessel", "ship", "poem"])
    assert vessel @ ship > vessel @ poem + 0.2


def test_a_missing_file_says_so(monkeypatch):
    monkeypatch.setattr(embeddings_file, "ASSET", "absent.bin")
    with pytest.raises(BadConfig, match=r"absent\.bin: the word embeddings cannot be read"):
        packaged.__wrapped__()


@pytest.mark.parametrize("module", ["firebreak.app.serve", "firebreak.cli.check"])
def test_the_service_starts_no_threads_of_numpys(module):
    environment = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    code = f"import os, {module}, numpy; print(os.environ['OPENBLAS_NUM_THREADS'], len(os.listdir('/proc/self/task')))"
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["1", "1"]
