"""One chain on a disk: opens it, appends groups of entries, rolls to the next file, recovers.

Steps of opening, numbered in the code:
1. The directory is ours alone: others cannot write to it.
2. The lock file is held: no second writer.
3. What a kill left half written is moved aside to a `.torn` file.
4. The last file is proved whole and reaches the head written beside it. If not, nothing is written over it.
"""

import contextlib
import fcntl
import logging
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from firebreak.adapters.audit_dir import AuditDir, head_name, lines
from firebreak.adapters.logs import event
from firebreak.audit.chain import KIND_RECORD, NOTHING, FileHeader, FileName, Head
from firebreak.audit.entry import encode_header, seal
from firebreak.audit.verify import LogFile, verify
from firebreak.model.errors import BadConfig, Unavailable

_logger = logging.getLogger("firebreak.audit")
_OTHERS_MAY_WRITE = 0o022
_OWNER_ONLY = 0o600
_READ_BYTES = 1024 * 1024
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC
_OLD = os.O_RDWR | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC


@dataclass(frozen=True, slots=True)
class AuditOptions:
    """`sync=False` leaves it to the kernel when to write: entries survive a kill of the process, not a power cut."""

    directory: Path
    worker: int = 0
    sync: bool = True
    max_file_bytes: int = 64 * 1024 * 1024
    keep_files: int = 0
    """Files to keep for one chain, the current one included; 0 keeps all."""
    head_every_s: float = 60.0
    """How often the head is written beside the log and logged while entries arrive."""


class ChainWriter:
    """Not safe for threads: one thread appends. Every method raises `Unavailable` when the disk does not do it."""

    def __init__(self, options: AuditOptions, clock: Callable[[], float] = time.time) -> None:
        self.options = options
        self.head = NOTHING
        self._clock = clock
        self._dir = AuditDir(options.directory)
        self._fd = -1
        self._path = options.directory
        self._durable_bytes = 0
        self._header_bytes = 0
        self._suspect = False
        _own_directory(options.directory)  # 1
        self._lock = _lock(options.directory / f"audit-{options.worker}.lock")  # 2
        try:
            self._open()
        except OSError as error:
            os.close(self._lock)
            raise _unavailable(options.directory, error) from error
        except Unavailable:
            os.close(self._lock)
            raise

    def append(self, entries: Sequence[str]) -> None:
        """Make the entries (canonical JSON) durable, all or none."""
        try:
            if self._suspect:
                self._leave()
            block, head = self._seal(entries)
            if (
                self._durable_bytes + len(block) > self.options.max_file_bytes
                and self._durable_bytes > self._header_bytes
            ):
                self.write_head()
                self._create()
                block, head = self._seal(entries)
            self._write(block)
        except OSError as error:
            raise _unavailable(self._path, error) from error
        self.head = head
        self._durable_bytes += len(block)

    def write_head(self) -> None:
        """Write the head beside the log and into the service's log, which leaves the pod. Failing is not fatal."""
        worker = self.options.worker
        path = self.options.directory / head_name(worker)
        temporary = path.with_name(path.name + ".tmp")
        text = f'{{"hash":"{self.head.hash}","seq":{self.head.seq},"time":{self._clock()!r},"worker":{worker}}}\n'
        try:
            os.fdatasync(self._fd)
            temporary.unlink(missing_ok=True)
            fd = os.open(temporary, _NEW, _OWNER_ONLY)
            try:
                _write_all(fd, text.encode("ascii"))
                os.fsync(fd)
            finally:
                os.close(fd)
            temporary.replace(path)
            _sync_directory(self.options.directory)
        except OSError as error:
            event(_logger, logging.WARNING, "audit_head_failed", worker=worker, problem=_problem(error))
            return
        event(_logger, logging.INFO, "audit_head", worker=worker, seq=self.head.seq, hash=self.head.hash)

    def close(self) -> None:
        if not self._suspect:
            self.write_head()
        os.close(self._fd)
        os.close(self._lock)

    def _open(self) -> None:
        known = self._dir.head(self.options.worker)
        names = self._dir.names(self.options.worker)
        if not names:
            if known is not None:
                raise Unavailable(
                    f"{self.options.directory}: the log is gone, its head says {known.seq} entries came before"
                )
            self._create()
            return
        self._path = self.options.directory / str(names[-1])
        self._fd = os.open(self._path, _OLD)
        try:
            self._durable_bytes = self._put_torn_aside()  # 3
            self._prove(known)  # 4
        except (OSError, Unavailable):
            os.close(self._fd)
            raise

    def _prove(self, known: Head | None) -> None:
        """The last file is whole; its end is the head to go on from."""
        file = LogFile(self._path.name, lines(self._path))
        report = verify([file], () if known is None else (known,), may_start_late=True, deep=False)
        if report.head is None or not report.ok:
            raise Unavailable(
                f"audit log {self._path.parent}: {report.flaw}; move the directory away to start a new log"
            )
        self.head = report.head

    def _put_torn_aside(self) -> int:
        """Cut what follows the last whole line, or the first hole a power cut left, and keep it in a side file."""
        size = os.fstat(self._fd).st_size
        whole = _whole_bytes(self._fd, size)
        if whole == size:
            return size
        side = self._path.with_name(self._path.name + ".torn")
        fd = os.open(side, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC, _OWNER_ONLY)
        try:
            _write_all(fd, os.pread(self._fd, size - whole, whole))
            os.fsync(fd)
        finally:
            os.close(fd)
        os.ftruncate(self._fd, whole)
        os.fsync(self._fd)
        _sync_directory(self.options.directory)
        event(_logger, logging.WARNING, "audit_torn", file=self._path.name, bytes=size - whole, kept_in=side.name)
        return whole

    def _seal(self, entries: Sequence[str]) -> tuple[bytes, Head]:
        head = self.head
        sealed = []
        for entry in entries:
            line, head = seal(entry, KIND_RECORD, head.seq + 1, head.hash)
            sealed.append(line)
        return b"".join(sealed), head

    def _write(self, block: bytes) -> None:
        try:
            _write_all(self._fd, block)
        except OSError:
            self._cut_back()
            raise
        if not self.options.sync:
            return
        try:
            os.fdatasync(self._fd)
        except OSError:
            self._suspect = (
                True  # after a failed sync the kernel may have dropped the pages: never trust this file again
            )
            self._cut_back()
            raise

    def _cut_back(self) -> None:
        try:
            os.ftruncate(self._fd, self._durable_bytes)
        except OSError:
            self._suspect = True

    def _leave(self) -> None:
        """Cut the suspect file to what is durable, and go on in a new one."""
        fd = os.open(self._path, _OLD)
        try:
            os.ftruncate(fd, self._durable_bytes)
            os.fsync(fd)
        finally:
            os.close(fd)
        self._create()
        self._suspect = False

    def _create(self) -> None:
        """Start the next file, header first, and let go of the one before."""
        name = FileName(self.options.worker, self.head.seq + 1)
        dropped, pruned_before = self._to_drop(name)
        header = FileHeader(str(name), name.worker, self._clock(), pruned_before)
        line, head = encode_header(header, name.seq, self.head.hash)
        path = self.options.directory / str(name)
        fd = self._create_file(path, line)
        if self._fd >= 0:
            os.close(self._fd)
        self._fd, self._path, self.head = fd, path, head
        self._durable_bytes = self._header_bytes = len(line)
        for old in dropped:
            with contextlib.suppress(OSError):  # tried again when the next file starts
                (self.options.directory / str(old)).unlink()

    def _create_file(self, path: Path, first_line: bytes) -> int:
        temporary = path.with_name(path.name + ".tmp")
        if os.path.lexists(path):
            raise FileExistsError(17, "a file of that name is in the way")
        temporary.unlink(missing_ok=True)
        fd = os.open(temporary, _NEW, _OWNER_ONLY)
        try:
            _write_all(fd, first_line)
            os.fsync(fd)
            temporary.rename(path)
            _sync_directory(self.options.directory)
        except OSError:
            os.close(fd)
            for made in (temporary, path):
                with contextlib.suppress(OSError):
                    made.unlink()
            raise
        return fd

    def _to_drop(self, new: FileName) -> tuple[list[FileName], int]:
        """Files retention deletes once `new` exists, and the number of the first entry it keeps."""
        names = [*self._dir.names(self.options.worker), new]
        keep = self.options.keep_files
        if not keep or len(names) <= keep:
            return [], 0
        return names[:-keep], names[-keep].seq


def _own_directory(path: Path) -> None:
    place = "audit_dir"
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        mode = path.stat().st_mode
    except OSError as error:
        raise BadConfig(place, f"{path}: {_problem(error)}", "name a directory that the service may create") from error
    if mode & _OTHERS_MAY_WRITE:
        raise BadConfig(place, f"{path} can be written by others", "chmod go-w, or name a directory inside it")


def _lock(path: Path) -> int:
    try:
        fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, _OWNER_ONLY)
    except OSError as error:
        raise _unavailable(path, error) from error
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(fd)
        raise Unavailable(f"{path}: another process writes this log") from error
    return fd


def _whole_bytes(fd: int, size: int) -> int:
    """Length up to the last line feed before the first NUL, which no entry holds and a hole is full of."""
    whole = 0
    for at in range(0, size, _READ_BYTES):
        piece = os.pread(fd, _READ_BYTES, at)
        hole = piece.find(b"\0")
        end = piece.rfind(b"\n", 0, hole if hole >= 0 else len(piece))
        if end >= 0:
            whole = at + end + 1
        if hole >= 0:
            break
    return whole


def _write_all(fd: int, block: bytes) -> None:
    left = memoryview(block)
    while left:
        left = left[os.write(fd, left) :]


def _sync_directory(path: Path) -> None:
    fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def _problem(error: OSError) -> str:
    return (error.strerror or "the system gave no reason").lower()


def _unavailable(path: Path, error: OSError) -> Unavailable:
    return Unavailable(f"audit log {path}: {_problem(error)}")
