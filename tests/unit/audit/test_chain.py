import pytest

from firebreak.audit.chain import FileName, Head


def test_a_head_reads_back_as_written():
    head = Head(12, "ab" * 32)
    assert Head.parse(str(head)) == head


@pytest.mark.parametrize(
    "text", ["", "12", "12:", ":" + "ab" * 32, "-1:" + "ab" * 32, "12:" + "AB" * 32, "12:" + "ab" * 31]
)
def test_what_is_no_head_is_none(text):
    assert Head.parse(text) is None


def test_a_file_name_reads_back_and_sorts_by_worker_and_number():
    names = [FileName(1, 0), FileName(0, 10**12), FileName(0, 9)]
    assert [FileName.parse(str(name)) for name in names] == names
    assert sorted(names) == [FileName(0, 9), FileName(0, 10**12), FileName(1, 0)]


@pytest.mark.parametrize(
    "text",
    [
        "audit-0-000000000000.jsonl.torn",
        "audit-0-0.jsonl",
        "audit-00-000000000000.jsonl",
        "audit-0-0000000000000.jsonl",
        "x",
    ],
)
def test_only_the_one_spelling_is_a_file_name(text):
    assert FileName.parse(text) is None
