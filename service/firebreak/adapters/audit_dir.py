"""The log's directory: which files belong to which chain, their lines, and the heads written beside them."""

import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from firebreak.audit.chain import FileName, Head
from firebreak.audit.entry import MAX_LINE_BYTES
from firebreak.audit.verify import LogFile
from firebreak.model.errors import Unavailable

_HEAD_NAME = re.compile(r"audit-(0|[1-9][0-9]{0,5})\.head\.json")


@dataclass(frozen=True, slots=True)
class AuditDir:
    """Reads only; the writer creates and deletes."""

    path: Path

    def workers(self) -> list[int]:
        return sorted({name.worker for name in self._names()})

    def names(self, worker: int) -> list[FileName]:
        """The files of one chain, oldest first."""
        return sorted(name for name in self._names() if name.worker == worker)

    def files(self, worker: int) -> Iterator[LogFile]:
        for name in self.names(worker):
            yield LogFile(str(name), lines(self.path / str(name)))

    def head(self, worker: int) -> Head | None:
        """The head last written beside the chain: everything up to it was durable. None where there is none."""
        path = self.path / head_name(worker)
        if not os.path.lexists(path):
            return None
        try:
            document = json.loads(b"".join(lines(path)))
            head = Head.parse(f"{document['seq']}:{document['hash']}")
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise Unavailable(f"{path}: this is not a head of an audit log") from error
        if head is None:
            raise Unavailable(f"{path}: this is not a head of an audit log")
        return head

    def heads(self) -> list[int]:
        """Workers with a head beside the log, even where their files are gone."""
        return sorted(int(match[1]) for text in self._listed() if (match := _HEAD_NAME.fullmatch(text)))

    def _names(self) -> Iterator[FileName]:
        for text in self._listed():
            if (name := FileName.parse(text)) is not None:
                yield name

    def _listed(self) -> list[str]:
        try:
            return [path.name for path in self.path.iterdir()]
        except OSError as error:
            raise Unavailable(f"{self.path}: {os.strerror(error.errno or 0)}") from error


def head_name(worker: int) -> str:
    return f"audit-{worker}.head.json"


def lines(path: Path) -> Iterator[bytes]:
    """The file's lines with their line feeds; a longer one than any entry comes in pieces, which are no entries."""
    try:
        # O_NONBLOCK: a FIFO in the place of a file must not hold us up.
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:
            while line := file.readline(MAX_LINE_BYTES):
                yield line
    except OSError as error:
        raise Unavailable(f"{path}: {os.strerror(error.errno or 0)}") from error
