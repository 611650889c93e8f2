import os

import pytest

from firebreak.adapters.audit_dir import AuditDir, head_name, lines
from firebreak.audit.chain import FileName, Head
from firebreak.model.errors import Unavailable


def test_only_files_of_a_log_are_listed_oldest_first(tmp_path):
    for name in ("audit-0-000000000010.jsonl", "audit-0-000000000002.jsonl", "audit-1-000000000000.jsonl"):
        (tmp_path / name).write_bytes(b"a\nb")
    for other in ("audit-0-000000000002.jsonl.torn", "audit-0.lock", "notes.txt"):
        (tmp_path / other).touch()
    log = AuditDir(tmp_path)
    assert log.workers() == [0, 1]
    assert log.names(0) == [FileName(0, 2), FileName(0, 10)]
    assert [(file.name, list(file.lines)) for file in log.files(1)] == [("audit-1-000000000000.jsonl", [b"a\n", b"b"])]


def test_a_directory_that_is_not_there_is_unavailable(tmp_path):
    with pytest.raises(Unavailable, match="No such file"):
        AuditDir(tmp_path / "none").workers()


def test_a_link_is_not_followed(tmp_path):
    (tmp_path / "secret").write_text("a\n")
    link = tmp_path / "audit-0-000000000000.jsonl"
    link.symlink_to(tmp_path / "secret")
    with pytest.raises(Unavailable):
        list(lines(link))


def test_a_head_is_read_where_there_is_one(tmp_path):
    log = AuditDir(tmp_path)
    assert log.head(0) is None
    (tmp_path / head_name(0)).write_text('{"hash":"' + "ab" * 32 + '","seq":4,"time":1.0,"worker":0}\n')
    assert log.head(0) == Head(4, "ab" * 32)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"seq":1}', '{"seq":-1,"hash":"00"}', "\udcff"])
def test_what_is_no_head_is_unavailable(tmp_path, text):
    (tmp_path / head_name(0)).write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(Unavailable, match="not a head"):
        AuditDir(tmp_path).head(0)


def test_a_head_that_cannot_be_read_is_unavailable(tmp_path):
    (tmp_path / head_name(0)).mkdir()
    with pytest.raises(Unavailable):
        AuditDir(tmp_path).head(0)


def test_a_head_nested_without_end_is_unavailable(tmp_path):
    (tmp_path / head_name(0)).write_bytes(b"[" * 100_000)
    with pytest.raises(Unavailable, match="not a head"):
        AuditDir(tmp_path).head(0)


def test_a_fifo_in_the_place_of_a_file_holds_nobody_up(tmp_path):
    for name in (head_name(0), "audit-0-000000000000.jsonl"):
        os.mkfifo(tmp_path / name)
    with pytest.raises(Unavailable):
        AuditDir(tmp_path).head(0)
    assert list(lines(tmp_path / "audit-0-000000000000.jsonl")) == []


def test_heads_are_listed_where_their_files_are_gone(tmp_path):
    for name in (head_name(0), head_name(12), "audit-01.head.json", "audit-0.head.json.tmp"):
        (tmp_path / name).touch()
    assert AuditDir(tmp_path).heads() == [0, 12]
