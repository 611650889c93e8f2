import os

import pytest

from firebreak.adapters import patterns_file
from firebreak.detect.patterns import PatternDetector
from firebreak.detect.registry import RULES


@pytest.fixture
def place(tmp_path):
    return tmp_path / "data" / "patterns.bin"


def only_readable(monkeypatch):
    """As for a process of another user than the one who wrote the file; root may write anything."""
    monkeypatch.setattr(os, "access", lambda _path, mode: mode != os.W_OK)


def test_what_a_build_prepared_is_what_a_start_takes(place, monkeypatch):
    patterns_file.prepare(place)
    only_readable(monkeypatch)
    assert patterns_file.packaged(place) == place.read_bytes() == PatternDetector(RULES).prepared


def test_a_file_that_we_could_have_written_is_not_taken(place):
    patterns_file.prepare(place)
    assert patterns_file.packaged(place) == b""


def test_no_file_is_nothing(place, monkeypatch):
    only_readable(monkeypatch)
    assert patterns_file.packaged(place) == b""
