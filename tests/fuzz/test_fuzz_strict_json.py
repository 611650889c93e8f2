"""Contract: `strict_json.parse` returns what `json.loads` returns, or raises `BadInput`."""

import json
import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.tools.golden_codecs import recorded

from firebreak.codecs.strict_json import parse
from firebreak.model.errors import BadInput

EXAMPLES = int(os.environ.get("FIREBREAK_FUZZ_EXAMPLES", "200"))
SEEDS = [path.read_bytes() for path in recorded()]
FRAGMENTS = [b'"', b"\\", b"\\u", b"\\ud800", b"{", b"}", b"[", b"]", b",", b":", b"NaN", b"1e999", b"-", b"0", b"\x00"]
FRAGMENTS += [b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xff", b'"a":1,"a":2', b"9" * 5000, b"[" * 70, b'{"a":' * 70, b"/**/"]


def holds_contract(raw: bytes) -> None:
    try:
        value = parse(raw)
    except BadInput:
        return
    assert value == json.loads(raw)


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.lists(st.sampled_from(FRAGMENTS) | st.binary(max_size=4), max_size=24))
def test_fragments(pieces):
    holds_contract(b"".join(pieces))


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.data())
def test_damaged_requests(data):
    raw = bytearray(data.draw(st.sampled_from(SEEDS)))
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(raw)))
        end = min(start + data.draw(st.integers(0, 6)), len(raw))
        raw[start:end] = data.draw(st.sampled_from([*FRAGMENTS, b""]) | st.binary(max_size=3))
    holds_contract(bytes(raw))


@pytest.mark.parametrize("seed", SEEDS)
def test_whole_requests(seed):
    assert parse(seed) == json.loads(seed)
