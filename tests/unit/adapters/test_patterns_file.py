import os
import stat

import pytest

from firebreak.adapters import patterns_file
from firebreak.detect.patterns import PatternDetector
from firebreak.detect.registry import RULES


@pytest.fixture(scope="module")
def prepared():
    return PatternDetector(RULES).prepared


@pytest.fixture
def place(tmp_path):
    return tmp_path / "data" / "patterns.bin"


def test_what_a_build_prepared_is_what_a_start_takes(place, prepared):
    patterns_file.prepare(place)
    assert patterns_file.packaged(place) == place.read_bytes() == prepared


def test_what_a_start_leaves_the_next_one_takes(place):
    place.parent.mkdir()
    patterns_file.keep(b"compiled", place)
    assert patterns_file.packaged(place) == b"compiled"
    assert stat.S_IMODE(place.stat().st_mode) == 0o644
    assert os.listdir(place.parent) == [place.name]


@pytest.mark.parametrize("mode", [0o664, 0o646])
def test_a_file_that_others_may_write_is_not_taken(place, mode):
    place.parent.mkdir()
    patterns_file.keep(b"compiled", place)
    place.chmod(mode)
    assert patterns_file.packaged(place) == b""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_file_of_somebody_else_than_the_codes_owner_is_not_taken(place):
    place.parent.mkdir()
    patterns_file.keep(b"compiled", place)
    os.chown(place, 4321, 4321)
    assert patterns_file.packaged(place) == b""


def test_where_nothing_can_be_kept_nothing_is(place):
    patterns_file.keep(b"compiled", place)
    assert not place.parent.exists()
    assert patterns_file.packaged(place) == b""


def test_a_start_that_compiled_leaves_what_the_next_one_takes(place):
    place.parent.mkdir()
    found = patterns_file.detectors(place)
    (patterns,) = [one for one in found if isinstance(one, PatternDetector)]
    assert place.read_bytes() == patterns.prepared
    written = place.stat().st_mtime_ns
    assert patterns_file.detectors(place)
    assert place.stat().st_mtime_ns == written
