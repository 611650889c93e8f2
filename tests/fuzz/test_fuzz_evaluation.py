"""A line of labelled texts, and a file of floors: returns, or raises BadConfig with a place in the file."""

import json
import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firebreak.evaluation import floors
from firebreak.evaluation.examples import KINDS, parse
from firebreak.model.errors import BadConfig

EXAMPLES = int(os.environ.get("FIREBREAK_FUZZ_EXAMPLES", "200"))
FIELDS = ("text", "prompt", "label", "category", "set", "source", "id", "kind", "origin", "spans")
values = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 10**20) | st.floats() | st.text(max_size=20) | st.sampled_from(KINDS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["start", "end"]), inner, max_size=2),
    max_leaves=6,
)
lines = st.binary(max_size=80) | st.dictionaries(st.sampled_from(FIELDS), values, max_size=6).map(
    lambda row: json.dumps(row).encode()
)
bars = st.text(max_size=80) | st.dictionaries(
    st.sampled_from(["pools", "floors", "x"]),
    st.lists(st.dictionaries(st.sampled_from(["kind", "set", "figure", "least", "most"]), values, max_size=4)) | values,
).map(json.dumps)


@settings(max_examples=EXAMPLES, deadline=None)
@given(lines, st.sampled_from(KINDS))
def test_a_labelled_line(line, kind):
    try:
        told = parse(line, "f:9", "f:9", "f", kind)
    except BadConfig as error:
        refusal = error
    else:
        assert told.kind in KINDS
        assert (told.kind == "intent") == bool(told.category)
        assert all(0 <= start < end <= len(told.text) for start, end in told.spans)
        return
    assert refusal.place == "f:9"


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    return tmp_path_factory.mktemp("floors") / "floors.yaml"


@settings(max_examples=EXAMPLES, deadline=None)
@given(text=bars)
def test_a_file_of_floors(file, text):
    file.write_bytes(text.encode("utf-8", "surrogatepass"))
    try:
        read = floors.load(file)
    except BadConfig as error:
        refusal = error
    else:
        assert all(floor.figure in floors.FIGURES for floor in read.floors)
        return
    assert refusal.place.startswith(str(file))
