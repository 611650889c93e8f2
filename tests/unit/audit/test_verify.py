import json
from pathlib import Path

import pytest
from tests.golden.audit.samples import HERE, files, head_of, log, tampered

from firebreak.audit.chain import GENESIS, KIND_FILE, KIND_RECORD, Head
from firebreak.audit.entry import seal
from firebreak.audit.verify import Fault, LogFile, verify

CASES = sorted(path.parent for path in HERE.glob("*/expect.json"))


def test_there_is_a_golden_log_for_each_fault():
    seen = {json.loads((case / "expect.json").read_text())["fault"].split(" ")[0] for case in CASES}
    assert seen == {fault.code for fault in Fault} | {""}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_golden_logs_are_judged_as_expected(case: Path):
    expected = json.loads((case / "expect.json").read_text())
    heads = [head for text in expected["heads"] if (head := Head.parse(text))]
    paths = sorted(case.glob("*.jsonl"))
    report = verify([LogFile(path.name, path.read_bytes().splitlines(keepends=True)) for path in paths], heads)
    said = f"{report.flaw.fault.code} {report.flaw.place}" if report.flaw else ""
    assert said == expected["fault"]


def test_golden_logs_are_what_the_writer_writes_today():
    for case, (made, _, _) in tampered().items():
        assert {path.name: path.read_bytes() for path in (HERE / case).glob("*.jsonl")} == {
            name: b"".join(lines) for name, lines in made.items()
        }


def test_a_whole_log_is_counted():
    made = log(3, 0, 2)
    report = verify(files(made))
    assert report.ok
    assert (report.entries, report.files, report.first, report.head) == (8, 3, 0, head_of(made))


def test_an_empty_log_is_in_order_only_when_it_may_be_empty():
    assert not verify([]).ok
    assert verify([], may_be_empty=True).ok
    known = verify([], [Head(3, GENESIS)], may_be_empty=True)
    assert known.flaw is not None
    assert known.flaw.fault is Fault.TRUNCATED


def test_a_log_may_start_late_where_a_header_says_that_retention_deleted_the_rest():
    before = head_of(log(4))
    assert verify(files(log(1, 1, first=before, pruned_before=before.seq + 1))).ok
    report = verify(files(log(1, 1, first=before, pruned_before=before.seq)))
    assert report.flaw is not None
    assert (report.flaw.fault, report.flaw.seq) == (Fault.MISSING, before.seq + 1)
    assert verify(files(log(1, first=before)), may_start_late=True).ok


def test_a_head_from_before_the_first_kept_entry_says_nothing():
    before = head_of(log(4))
    assert verify(files(log(1, first=before, pruned_before=before.seq + 1)), [Head(1, GENESIS)]).ok


def test_two_heads_that_disagree_are_never_both_in_a_log():
    made = log(2)
    assert not verify(files(made), [Head(head_of(made).seq, "0" * 64), head_of(made)]).ok


def test_a_first_entry_that_claims_a_past_is_unlinked():
    line, _ = seal('{"file":"a","pruned_before":0}', KIND_FILE, 0, "1" * 64)
    report = verify([LogFile("a", [line])])
    assert report.flaw is not None
    assert report.flaw.fault is Fault.UNLINKED


@pytest.mark.parametrize(
    "content",
    [
        '{"a":1,"a":1}',
        '{"b":1,"a":1}',
        '{"a":NaN}',
        '{"a":1.50}',
        '{"a":"\\u0041"}',
        '{"a":}',
        '{"a":' + "[" * 9999 + "}",
    ],
)
def test_an_entry_that_readers_could_read_differently_is_malformed(content):
    (name, lines), *_ = log(0).items()
    line, _ = seal(content, KIND_RECORD, 1, head_of({name: lines}).hash)
    made = [LogFile(name, [*lines, line])]
    report = verify(made)
    assert report.flaw is not None
    assert report.flaw.fault is Fault.MALFORMED
    assert verify(made, deep=False).ok


@pytest.mark.parametrize(
    "header", ['{"file":"a"}', '{"file":"a","pruned_before":"0"}', '{"file":"a","pruned_before":true}']
)
def test_a_header_without_its_fields_is_malformed(header):
    line, _ = seal(header, KIND_FILE, 0, GENESIS)
    report = verify([LogFile("a", [line])])
    assert report.flaw is not None
    assert report.flaw.fault is Fault.MALFORMED


def test_a_file_without_a_line_is_no_file():
    report = verify([*files(log(1)), LogFile("b", [])])
    assert str(report.flaw) == "b:1: this is not an entry in canonical form"
