"""Proves a log whole, or names the first place where it is not.

Trusts nothing but the bytes and the heads it is given: it re-derives every hash and shares no code with the writer.
What it cannot know without a head kept elsewhere: that the end was cut off, or that all of it was written anew.
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum
from hashlib import sha256

from firebreak.audit.chain import GENESIS, KIND_FILE, KIND_RECORD, VERSION, Head

_FORM = re.compile(
    rb'(\{"entry":\{.*\}),"hash":"([0-9a-f]{64})"'
    rb'(,"kind":"(record|file)","previous":"([0-9a-f]{64})","seq":(0|[1-9][0-9]{0,17}),"v":%d\})\n' % VERSION
)
_VERSION_FORM = re.compile(rb',"v":([0-9]{1,9})\}\n\Z')
_canonical = json.JSONEncoder(ensure_ascii=True, allow_nan=False, sort_keys=True, separators=(",", ":")).encode


class Fault(Enum):
    """A way for a log to be wrong: `code` for machines, `sentence` for people."""

    EMPTY = ("empty", "there is no entry at all")
    MALFORMED = ("malformed", "this is not an entry in canonical form")
    VERSION = ("version", "this entry has a version that this verifier does not know")
    TORN = ("torn", "the file ends in the middle of an entry")
    CHANGED = ("changed", "the entry was changed: its hash does not fit its content")
    MISSING = ("missing", "entries before this one are missing")
    REORDERED = ("reordered", "an entry that belongs before this one comes later")
    DUPLICATED = ("duplicated", "an entry with this number came before")
    UNLINKED = ("unlinked", "the entry does not follow from the one before it: one of the two was replaced")
    MISPLACED = ("misplaced", "a file must start with its own header and have no other")
    TRUNCATED = ("truncated", "the log ends before an entry that is known to have been written")
    REPLACED = ("replaced", "the entry has another hash than the known head says")

    def __init__(self, code: str, sentence: str) -> None:
        self.code = code
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class LogFile:
    """A file's name and its lines, each with its line feed."""

    name: str
    lines: Iterable[bytes]


@dataclass(frozen=True, slots=True)
class Flaw:
    """The first place that is wrong: `file:line`, and the number of the entry where there is one."""

    fault: Fault
    place: str
    seq: int | None = None

    def __str__(self) -> str:
        entry = "" if self.seq is None else f" (entry {self.seq})"
        return f"{self.place}{entry}: {self.fault.sentence}"


@dataclass(frozen=True, slots=True)
class Report:
    """What was proved up to the first flaw. `first` is 0 unless retention deleted the oldest files."""

    entries: int
    files: int
    first: int | None
    head: Head | None
    flaw: Flaw | None

    @property
    def ok(self) -> bool:
        return self.flaw is None


@dataclass(frozen=True, slots=True)
class _Entry:
    seq: int
    hash: str
    previous: str
    kind: str
    content: bytes


@dataclass(slots=True)
class _Walk:
    """Where the verification stands."""

    known: dict[int, set[str]] = field(default_factory=dict)
    entries: int = 0
    files: int = 0
    first: int | None = None
    head: Head | None = None
    pruned_before: int = 0
    place: str = field(default="log")

    def report(self, fault: Fault | None = None, seq: int | None = None) -> Report:
        flaw = None if fault is None else Flaw(fault, self.place, seq)
        return Report(self.entries, self.files, self.first, self.head, flaw)


def verify(
    files: Iterable[LogFile],
    known: Sequence[Head] = (),
    *,
    may_be_empty: bool = False,
    may_start_late: bool = False,
    deep: bool = True,
) -> Report:
    """Check one chain: `files` in the order of their names, `known` heads it must contain.

    `may_start_late` is for a file by itself: whether the ones before it are there is not asked.

    Without `deep` the hashes and links are proved but not that each entry is canonical JSON: a tenth of the time.
    """
    walk = _Walk()
    for head in known:
        walk.known.setdefault(head.seq, set()).add(head.hash)
    rows = _rows(files)
    for name, number, line in rows:
        walk.place = f"{name}:{number}"
        walk.files += number == 1
        entry = _read(line, deep=deep)
        if isinstance(entry, Fault):
            return walk.report(entry)
        fault = _join(walk, entry) or _header(walk, entry, name, number)
        if fault is Fault.MISSING and walk.head and _comes_later(rows, walk.head.seq + 1):
            fault = Fault.REORDERED
        if fault is not None:
            return walk.report(fault, entry.seq)
        walk.first = entry.seq if walk.first is None else walk.first
        walk.head = Head(entry.seq, entry.hash)
        walk.entries += 1
    if walk.first is None and may_be_empty and not walk.known:
        return walk.report()
    return _end(walk, may_start_late=may_start_late)


def _rows(files: Iterable[LogFile]) -> Iterator[tuple[str, int, bytes]]:
    """Every line with its place. A file without a line gives one empty row, which is no entry."""
    for file in files:
        empty = True
        for number, line in enumerate(file.lines, start=1):
            empty = False
            yield file.name, number, line
        if empty:
            yield file.name, 1, b"\n"


def _read(line: bytes, *, deep: bool) -> _Entry | Fault:
    """The entry on a line whose bytes fit its hash."""
    if not line.endswith(b"\n"):
        return Fault.TORN
    match = _FORM.fullmatch(line)
    if match is None:
        version = _VERSION_FORM.search(line)
        return Fault.VERSION if version and int(version[1]) != VERSION else Fault.MALFORMED
    start, digest, tail, kind, previous, seq = match.groups()
    if sha256(start + tail).hexdigest() != digest.decode("ascii"):
        return Fault.CHANGED
    content = start[len(b'{"entry":') :]
    if (deep or kind == b"file") and not _is_canonical(content):
        return Fault.MALFORMED
    return _Entry(int(seq), digest.decode("ascii"), previous.decode("ascii"), kind.decode("ascii"), content)


def _is_canonical(content: bytes) -> bool:
    """One JSON object in the one form it can have, so that every reader reads it alike."""
    try:
        document = json.loads(content)
        return type(document) is dict and _canonical(document).encode("ascii") == content
    except (ValueError, RecursionError):
        return False


def _join(walk: _Walk, entry: _Entry) -> Fault | None:
    """Does the entry follow from what came before, and from what is known?"""
    if walk.known.get(entry.seq, {entry.hash}) != {entry.hash}:
        return Fault.REPLACED
    if walk.head is None:
        return Fault.UNLINKED if entry.seq == 0 and entry.previous != GENESIS else None
    if entry.seq <= walk.head.seq:
        return Fault.DUPLICATED
    if entry.seq > walk.head.seq + 1:
        return Fault.MISSING
    return Fault.UNLINKED if entry.previous != walk.head.hash else None


def _header(walk: _Walk, entry: _Entry, name: str, number: int) -> Fault | None:
    """A header opens its own file and says from which number on files were kept."""
    if (entry.kind == KIND_FILE) != (number == 1):
        return Fault.MISPLACED
    if entry.kind == KIND_RECORD:
        return None
    header = json.loads(entry.content)
    pruned_before = header.get("pruned_before")
    if type(pruned_before) is not int:
        return Fault.MALFORMED
    if header.get("file") != name:
        return Fault.MISPLACED
    walk.pruned_before = max(walk.pruned_before, pruned_before)
    return None


def _comes_later(rows: Iterator[tuple[str, int, bytes]], seq: int) -> bool:
    return any(isinstance(entry := _read(line, deep=False), _Entry) and entry.seq == seq for _, _, line in rows)


def _end(walk: _Walk, *, may_start_late: bool) -> Report:
    """What can only be said once the log is read to its end."""
    last = -1 if walk.head is None else walk.head.seq
    if walk.known and max(walk.known) > last:
        return walk.report(Fault.TRUNCATED, max(walk.known))
    if walk.first is None:
        return walk.report(Fault.EMPTY)
    if walk.first > walk.pruned_before and not may_start_late:
        return walk.report(Fault.MISSING, walk.first)
    return walk.report()
