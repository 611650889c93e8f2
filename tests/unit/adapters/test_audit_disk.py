import errno
import json
import os
import stat

import pytest
from tests.golden.audit.samples import TIME_S, record

from firebreak.adapters import audit_disk
from firebreak.adapters.audit_dir import AuditDir, head_name
from firebreak.adapters.audit_disk import AuditOptions, ChainWriter
from firebreak.audit.entry import encode_record
from firebreak.audit.verify import Report, verify
from firebreak.model.errors import BadConfig, Unavailable


def entries(*numbers):
    return [encode_record(record(number)) for number in numbers]


def opened(directory, **options):
    return ChainWriter(AuditOptions(directory, **options), clock=lambda: TIME_S)


def proved(directory) -> Report:
    log = AuditDir(directory)
    head = log.head(0)
    return verify(log.files(0), [head] if head else [])


def ids(directory):
    rows = [json.loads(line) for file in AuditDir(directory).files(0) for line in file.lines]
    return [row["entry"]["id"] for row in rows if row["kind"] == "record"]


@pytest.fixture
def place(tmp_path):
    return tmp_path / "audit"


def last_file(place):
    return place / str(AuditDir(place).names(0)[-1])


def test_a_chain_goes_on_where_it_was_closed(place):
    writer = opened(place)
    writer.append(entries(1, 2))
    writer.close()
    writer = opened(place)
    writer.append(entries(3))
    writer.close()
    assert proved(place).ok
    assert ids(place) == ["record-1", "record-2", "record-3"]


def test_what_is_written_is_the_owners_alone(place):
    opened(place).close()
    assert stat.S_IMODE(place.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in place.iterdir()} == {0o600}


def test_files_roll_by_size_and_stay_one_chain(place):
    writer = opened(place, max_file_bytes=4000)
    for number in range(8):
        writer.append(entries(number))
    writer.close()
    assert len(AuditDir(place).names(0)) > 2
    assert proved(place).ok
    assert len(ids(place)) == 8


def test_a_group_larger_than_a_file_is_still_written(place):
    writer = opened(place, max_file_bytes=100)
    writer.append(entries(1))
    writer.append(entries(2))
    writer.close()
    assert proved(place).ok
    assert len(AuditDir(place).names(0)) == 2


def test_retention_deletes_the_oldest_files_and_says_so_in_the_chain(place):
    writer = opened(place, max_file_bytes=2000, keep_files=2)
    for number in range(6):
        writer.append(entries(number))
    writer.close()
    report = proved(place)
    assert report.ok
    assert report.first
    assert report.files == 2


def test_a_second_writer_is_turned_away(place):
    writer = opened(place)
    with pytest.raises(Unavailable, match="another process"):
        opened(place)
    writer.close()
    opened(place).close()


def test_two_workers_write_two_chains(place):
    writers = [opened(place), opened(place, worker=1)]
    for writer in writers:
        writer.append(entries(1))
        writer.close()
    assert AuditDir(place).workers() == [0, 1]


def test_a_directory_that_others_can_write_to_is_refused(place):
    place.mkdir()
    place.chmod(0o777)
    with pytest.raises(BadConfig, match="written by others"):
        opened(place)


def test_a_directory_that_cannot_be_made_is_refused(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(BadConfig, match="file"):
        opened(tmp_path / "file")


@pytest.mark.parametrize("torn", [b'{"entry":{"half', b"\0" * 5000, b'{"entry"\0\0\n' + b"\0" * 9 + b"later\n"])
def test_a_torn_end_is_put_aside_and_the_chain_goes_on(place, torn):
    writer = opened(place)
    writer.append(entries(1))
    writer.close()
    with last_file(place).open("ab") as file:
        file.write(torn)
    writer = opened(place)
    writer.append(entries(2))
    writer.close()
    assert proved(place).ok
    assert ids(place) == ["record-1", "record-2"]
    side = last_file(place).with_name(last_file(place).name + ".torn")
    assert side.read_bytes() == torn


def test_damage_in_the_middle_stops_the_start(place):
    writer = opened(place)
    writer.append(entries(1, 2))
    writer.close()
    file = last_file(place)
    file.write_bytes(file.read_bytes().replace(b"record-1", b"record-9"))
    before = file.read_bytes()
    for _ in range(2):
        with pytest.raises(Unavailable, match=r"jsonl:2: .*its hash does not fit"):
            opened(place)
    assert file.read_bytes() == before


def test_a_log_cut_below_its_head_stops_the_start(place):
    writer = opened(place)
    writer.append(entries(1, 2))
    writer.close()
    file = last_file(place)
    file.write_bytes(b"".join(file.read_bytes().splitlines(keepends=True)[:2]))
    with pytest.raises(Unavailable, match="ends before an entry"):
        opened(place)
    file.unlink()
    with pytest.raises(Unavailable, match="the log is gone"):
        opened(place)


def test_a_link_in_place_of_the_log_is_not_written_through(place, tmp_path):
    opened(place).close()
    file = last_file(place)
    (tmp_path / "elsewhere").write_bytes(file.read_bytes())
    file.unlink()
    file.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Unavailable):
        opened(place)


def test_a_full_disk_is_unavailable_and_the_chain_goes_on_when_there_is_room(place, monkeypatch):
    writer = opened(place)
    writer.append(entries(1))
    write, room = os.write, [700]

    def short(fd, block):
        if room[0] <= 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        taken = write(fd, bytes(block[: room[0]]))
        room[0] -= taken
        return taken

    monkeypatch.setattr(os, "write", short)
    for number in (2, 3):
        with pytest.raises(Unavailable, match="no space left"):
            writer.append(entries(number))
    monkeypatch.undo()
    writer.append(entries(4))
    writer.close()
    assert proved(place).ok
    assert ids(place) == ["record-1", "record-4"]
    assert len(AuditDir(place).names(0)) == 1


def test_after_a_failed_sync_the_file_is_left_for_a_new_one(place, monkeypatch):
    writer = opened(place)
    writer.append(entries(1))

    def broken(_fd):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "fdatasync", broken)
    with pytest.raises(Unavailable, match="input/output"):
        writer.append(entries(2))
    monkeypatch.undo()
    writer.append(entries(3))
    writer.close()
    assert proved(place).ok
    assert ids(place) == ["record-1", "record-3"]
    assert len(AuditDir(place).names(0)) == 2


def test_a_file_that_cannot_be_cut_back_is_left_for_a_new_one(place, monkeypatch):
    writer = opened(place)
    writer.append(entries(1))
    write = os.write

    def failing(*_):
        raise OSError(errno.EROFS, "Read-only file system")

    def half(fd, block):
        write(fd, bytes(block[:50]))
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "write", half)
    monkeypatch.setattr(os, "ftruncate", failing)
    for problem in ("input/output", "read-only"):
        with pytest.raises(Unavailable, match=problem):
            writer.append(entries(2))
    monkeypatch.undo()
    writer.append(entries(3))
    writer.close()
    assert proved(place).ok
    assert ids(place) == ["record-1", "record-3"]


def test_a_file_that_cannot_be_started_leaves_nothing_behind(place, monkeypatch):
    writer = opened(place, max_file_bytes=2000)
    writer.append(entries(1))
    before = {path.name for path in place.iterdir()}

    def failing(*_):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(audit_disk, "_sync_directory", failing)
    with pytest.raises(Unavailable):
        writer.append(entries(2))
    monkeypatch.undo()
    assert {path.name for path in place.iterdir()} - {head_name(0)} == before
    writer.append(entries(3))
    writer.close()
    assert proved(place).ok


def test_without_sync_nothing_waits_for_the_disk(place, monkeypatch):
    writer = opened(place, sync=False)
    synced: list[int] = []
    monkeypatch.setattr(os, "fdatasync", synced.append)
    writer.append(entries(1))
    assert not synced
    writer.close()
    assert len(synced) == 1
    assert proved(place).ok


def test_a_group_is_synced_before_the_chain_advances(place, monkeypatch):
    writer = opened(place)
    seen: list[tuple[int, int]] = []
    monkeypatch.setattr(os, "fdatasync", lambda fd: seen.append((os.fstat(fd).st_size, writer.head.seq)))
    writer.append(entries(1, 2))
    assert seen == [(last_file(place).stat().st_size, 0)]
    assert writer.head.seq == 2
    monkeypatch.undo()
    writer.close()
