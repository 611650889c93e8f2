"""Contract: `verify` returns a report, whatever the bytes, and says ok of nothing that the writer did not seal."""

import os

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.golden.audit.samples import log

from firebreak.audit.chain import GENESIS
from firebreak.audit.verify import LogFile, verify

EXAMPLES = int(os.environ.get("FIREBREAK_FUZZ_EXAMPLES", "200"))
LINES = [line for lines in log(2).values() for line in lines]
TAIL = b',"hash":"' + b"0" * 64 + b'","kind":"record","previous":"' + GENESIS.encode() + b'","seq":0,"v":1}\n'
HOSTILE = st.one_of(
    st.binary(max_size=400),
    st.binary(max_size=100).map(lambda data: b'{"entry":{' + data + b"}" + TAIL),
    st.integers(1, 4000).map(lambda depth: b'{"entry":{"a":' + b"[" * depth + b"}" + TAIL),
    st.sampled_from(LINES).flatmap(lambda line: st.integers(0, len(line)).map(lambda at: line[:at])),
)


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.lists(HOSTILE, min_size=1, max_size=4))
def test_hostile_lines_give_a_report(lines):
    report = verify([LogFile("audit-0-000000000000.jsonl", lines)])
    assert not report.ok or lines == LINES[: len(lines)]


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.lists(HOSTILE, min_size=1, max_size=4))
def test_hostile_lines_after_good_ones_give_a_report(lines):
    report = verify([LogFile("audit-0-000000000000.jsonl", [*LINES, *lines])])
    assert not report.ok
    assert report.entries >= len(LINES)
