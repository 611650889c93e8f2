"""Safetensors: what is written is read; anything else is refused, whatever its bytes."""

import contextlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from firebreak.adapters import weights_file
from firebreak.model.errors import BadConfig

SOME: weights_file.Weights = {
    "b": np.arange(6, dtype=np.float32).reshape(2, 3),
    "a": np.array([-1, 2], np.int8),
    "half": np.array(0.5, np.float16),
    "none": np.zeros((0, 4), np.float32),
    "long": np.array([2**40], np.int64),
}


def test_what_is_written_is_read(tmp_path):
    path = tmp_path / "w"
    weights_file.write(path, SOME, {"z": "1", "base": "x"})
    back = weights_file.read(path)
    assert set(back) == set(SOME)
    for name, array in SOME.items():
        assert back[name].dtype == array.dtype
        assert np.array_equal(back[name], array)
    assert weights_file.about(path) == {"z": "1", "base": "x"}


def test_the_same_weights_give_the_same_bytes(tmp_path):
    weights_file.write(tmp_path / "a", SOME, {"x": "1", "y": "2"})
    weights_file.write(tmp_path / "b", dict(reversed(SOME.items())), {"y": "2", "x": "1"})
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_a_file_that_is_not_there_says_so(tmp_path):
    with pytest.raises(BadConfig, match="cannot be read as safetensors"):
        weights_file.read(tmp_path / "none")


HEADS = [
    b"",
    b"\x00" * 8,
    b"\xff" * 8 + b"{}",
    b"\x02" + b"\x00" * 7 + b"[]",
    b"\x02" + b"\x00" * 7 + b"{]",
    *(
        len(head).to_bytes(8, "little") + head
        for head in (
            b'{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}',
            b'{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}',
            b'{"a":{"dtype":"F99","shape":[1],"data_offsets":[0,4]}}',
            b'{"a":{"dtype":"F32","shape":["x"],"data_offsets":[0,4]}}',
            b'{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}',
            b'{"a":[]}',
            b'{"a":{}}',
            b'{"__metadata__":3,"a":3}',
        )
    ),
]


@pytest.mark.parametrize("data", HEADS)
def test_a_broken_file_says_so(tmp_path, data):
    path = tmp_path / "w"
    path.write_bytes(data)
    with pytest.raises(BadConfig, match="cannot be read as safetensors"):
        weights_file.read(path)


def test_what_a_file_says_of_itself_may_be_broken_too(tmp_path):
    path = tmp_path / "w"
    path.write_bytes(HEADS[-1])
    with pytest.raises(BadConfig):
        weights_file.about(path)


@given(st.binary(max_size=200))
def test_bytes_are_weights_or_bad_config(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("w") / "w"
    path.write_bytes(len(data).to_bytes(8, "little") + data)
    for read in (weights_file.read, weights_file.about):
        with contextlib.suppress(BadConfig):
            read(path)
