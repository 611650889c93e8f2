import asyncio
import json
import resource
import signal
import subprocess
import sys
import threading
import time

import pytest
from tests.golden.audit.samples import record

from firebreak.adapters import audit_file
from firebreak.adapters.audit_dir import AuditDir
from firebreak.adapters.audit_disk import AuditOptions, ChainWriter
from firebreak.adapters.audit_file import AuditFile
from firebreak.audit.verify import verify
from firebreak.model.errors import Unavailable

UNDER_LOAD = """
import asyncio, sys
from pathlib import Path
from firebreak.adapters.audit_disk import AuditOptions
from firebreak.adapters.audit_file import AuditFile
from tests.golden.audit.samples import record

async def client(log, name):
    number = 0
    while True:
        await log.append(record(id=f"{name}-{number}"))
        print(f"{name}-{number}", flush=True)
        number += 1

async def main():
    log = AuditFile(AuditOptions(Path(sys.argv[1]), max_file_bytes=200_000))
    await asyncio.gather(*(client(log, name) for name in range(16)))

asyncio.run(main())
"""


@pytest.fixture
def place(tmp_path):
    return tmp_path / "audit"


def written(place):
    log = AuditDir(place)
    rows = [json.loads(line) for worker in log.workers() for file in log.files(worker) for line in file.lines]
    return [row["entry"]["id"] for row in rows if row["kind"] == "record"]


async def test_an_append_is_on_disk_when_it_returns(place):
    log = AuditFile(AuditOptions(place))
    for number in range(3):
        await log.append(record(number))
        assert written(place) == [f"record-{n}" for n in range(number + 1)]
    assert log.head.seq == 3
    await log.close()
    assert verify(AuditDir(place).files(0), [log.head]).ok


async def test_appends_at_once_share_a_sync(place, monkeypatch):
    groups: list[int] = []
    append = ChainWriter.append

    def counted(writer, entries):
        groups.append(len(entries))
        append(writer, entries)

    monkeypatch.setattr(ChainWriter, "append", counted)
    log = AuditFile(AuditOptions(place))
    await asyncio.gather(*(log.append(record(number)) for number in range(200)))
    await log.close()
    assert sum(groups) == 200
    assert len(groups) < 50
    assert len(written(place)) == 200


async def test_every_waiter_of_a_failed_group_hears_of_it_and_later_ones_do_not(place, monkeypatch, caplog):
    log = AuditFile(AuditOptions(place))

    def full(_self, _block):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(ChainWriter, "_write", full)
        results = await asyncio.gather(*(log.append(record(n)) for n in range(20)), return_exceptions=True)
    assert {type(result) for result in results} == {Unavailable}
    await log.append(record(99))
    await log.close()
    assert written(place) == ["record-99"]
    assert [line.getMessage() for line in caplog.records if line.levelname in ("ERROR", "WARNING")] == [
        "audit_unavailable",
        "audit_recovered",
    ]


async def test_a_file_size_limit_is_a_disk_that_is_full(place):
    log = AuditFile(AuditOptions(place))
    await log.append(record(1))
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2500, limits[1]))
    try:
        with pytest.raises(Unavailable, match="file too large"):
            await log.append(record(2))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    await log.append(record(3))
    await log.close()
    assert written(place) == ["record-1", "record-3"]
    assert verify(AuditDir(place).files(0), [log.head]).ok


async def test_a_caller_that_goes_away_takes_nobody_along(place):
    log = AuditFile(AuditOptions(place))
    gone = asyncio.ensure_future(log.append(record(1)))
    stays = asyncio.ensure_future(log.append(record(2)))
    await asyncio.sleep(0)
    gone.cancel()
    await stays
    assert gone.cancelled()
    await log.close()
    assert written(place) == ["record-1", "record-2"]


async def test_a_slow_disk_fills_the_queue_and_neither_the_memory_nor_the_loop(place, monkeypatch):
    monkeypatch.setattr(audit_file, "MAX_QUEUED", 3)
    go = threading.Event()
    append = ChainWriter.append
    monkeypatch.setattr(ChainWriter, "append", lambda self, entries: (go.wait(), append(self, entries)))
    log = AuditFile(AuditOptions(place))
    log._typical_s = 1.0  # the disk has been slow before
    waiting = [asyncio.ensure_future(log.append(record(0)))]
    await asyncio.sleep(0.05)
    waiting += [asyncio.ensure_future(log.append(record(number))) for number in range(1, 6)]
    await asyncio.sleep(0.05)
    go.set()
    results = await asyncio.gather(*waiting, return_exceptions=True)
    assert [type(result) for result in results] == [type(None)] * 4 + [Unavailable] * 2
    await log.close()


async def test_a_disk_that_turns_slow_is_left_to_the_thread_and_a_quick_one_is_not(place, monkeypatch):
    threads: list[str] = []
    slow = threading.Event()
    append = ChainWriter.append

    def timed(writer, entries):
        threads.append(threading.current_thread().name)
        if slow.is_set():
            time.sleep(0.05)
        append(writer, entries)

    monkeypatch.setattr(ChainWriter, "append", timed)
    log = AuditFile(AuditOptions(place, sync=False))
    await log.append(record(0))
    slow.set()
    await log.append(record(1))
    await log.append(record(2))
    slow.clear()
    for number in range(3, 60):
        await log.append(record(number))
    await log.close()
    main = threading.current_thread().name
    assert threads[:2] == [main, main]
    assert threads[2].startswith("firebreak-audit")
    assert threads[-1] == main
    assert written(place) == [f"record-{number}" for number in range(60)]


async def test_a_closed_log_takes_nothing(place):
    log = AuditFile(AuditOptions(place))
    await log.close()
    with pytest.raises(Unavailable, match="closed"):
        await log.append(record())


async def test_closing_writes_what_waits(place):
    log = AuditFile(AuditOptions(place))
    waiting = [asyncio.ensure_future(log.append(record(number))) for number in range(50)]
    await asyncio.sleep(0)
    await log.close()
    await asyncio.gather(*waiting)
    assert len(written(place)) == 50
    assert AuditDir(place).head(0) == log.head


async def test_what_comes_after_the_end_is_refused(place):
    log = AuditFile(AuditOptions(place))
    early = [asyncio.ensure_future(log.append(record(number))) for number in range(5)]
    await asyncio.sleep(0)
    closing = asyncio.ensure_future(log.close())
    await asyncio.sleep(0)
    with pytest.raises(Unavailable):
        await log.append(record(9))
    await asyncio.gather(closing, *early)
    assert len(written(place)) == 5


@pytest.mark.parametrize("typical_s", [0.0, 1.0])
async def test_a_defect_in_the_writer_leaves_nobody_waiting(place, monkeypatch, typical_s):
    reported: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, context: reported.append(context["exception"]))
    log = AuditFile(AuditOptions(place))
    log._typical_s = typical_s

    def defect(_self, _entries):
        raise ZeroDivisionError

    monkeypatch.setattr(ChainWriter, "append", defect)
    results = await asyncio.wait_for(
        asyncio.gather(*(log.append(record(number)) for number in range(9)), return_exceptions=True), 10
    )
    assert {type(result) for result in results} == {Unavailable}
    await log.close()
    assert {type(error) for error in reported} == {ZeroDivisionError}


async def test_the_head_is_written_while_entries_arrive(place):
    log = AuditFile(AuditOptions(place, head_every_s=0))
    await log.append(record(1))
    await log.append(record(2))
    head = AuditDir(place).head(0)
    assert head is not None
    assert head.seq >= 1
    await log.close()


def test_after_kill_9_every_answered_record_is_there(place):
    answered: set[str] = set()
    for _ in range(2):
        child = subprocess.Popen([sys.executable, "-c", UNDER_LOAD, str(place)], stdout=subprocess.PIPE, text=True)
        assert child.stdout is not None
        seen = [child.stdout.readline().strip() for _ in range(400)]
        child.send_signal(signal.SIGKILL)
        rest = child.stdout.read().splitlines(keepends=True)
        child.stdout.close()
        child.wait()
        seen += [line.strip() for line in rest if line.endswith("\n")]
        answered |= set(seen)
    log = ChainWriter(AuditOptions(place), clock=time.time)
    log.close()
    assert verify(AuditDir(place).files(0), [log.head]).ok
    assert len(AuditDir(place).names(0)) > 2
    assert answered <= set(written(place))
