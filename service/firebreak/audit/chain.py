"""The nouns of the hash chain: heads, kinds of entry, file names.

Rules, which the writer keeps and the verifier checks:
1. An entry is one line: canonical JSON (keys sorted, no spaces, ASCII) and a line feed.
2. Its keys are `entry`, `hash`, `kind`, `previous`, `seq` and `v`. `hash` is the SHA-256, in lower-case hex, of the
   same canonical JSON without the key `hash` and without the line feed.
3. `previous` is the hash of the entry before it, `seq` one more than its number. The first has 0 and `GENESIS`.
4. A file starts with an entry of kind `file`, and has no other of that kind; the chain runs through all files.
"""

import re
from dataclasses import dataclass
from typing import Self

VERSION = 1
GENESIS = "0" * 64

KIND_RECORD = "record"
KIND_FILE = "file"

_HEAD_FORM = re.compile(r"([0-9]{1,18}):([0-9a-f]{64})")
_NAME_FORM = re.compile(r"audit-([0-9]{1,6})-([0-9]{12,18})\.jsonl")


@dataclass(frozen=True, slots=True)
class Head:
    """The last entry of a chain: its number and its hash. Written `SEQ:HASH`."""

    seq: int
    hash: str

    def __str__(self) -> str:
        return f"{self.seq}:{self.hash}"

    @classmethod
    def parse(cls, text: str) -> Self | None:
        match = _HEAD_FORM.fullmatch(text)
        return cls(int(match[1]), match[2]) if match else None


NOTHING = Head(-1, GENESIS)
"""The head of a chain without an entry."""


@dataclass(frozen=True, slots=True)
class FileHeader:
    """What the first entry of a file says: its name, its chain, and the first number that retention has kept."""

    file: str
    worker: int
    time_s: float
    pruned_before: int = 0


@dataclass(frozen=True, slots=True, order=True)
class FileName:
    """A file of the log, named after its chain and the number of its first entry."""

    worker: int
    seq: int

    def __str__(self) -> str:
        return f"audit-{self.worker}-{self.seq:012d}.jsonl"

    @classmethod
    def parse(cls, name: str) -> Self | None:
        match = _NAME_FORM.fullmatch(name)
        if match is None:
            return None
        parsed = cls(int(match[1]), int(match[2]))
        return parsed if str(parsed) == name else None
