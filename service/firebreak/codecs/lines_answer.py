"""Answers that are files of lines: the results of a batch, each an answer of its own."""

from collections.abc import Callable
from typing import Any, NamedTuple

from firebreak.codecs.answer import AnswerReader, Channel, Delta, Heard, take_names
from firebreak.codecs.fields import Members
from firebreak.codecs.frames.frame import Frame, Framer
from firebreak.codecs.frames.lines import Lines
from firebreak.codecs.outline import items, members
from firebreak.codecs.strict_json import parse
from firebreak.model.conversation import PartKind, Path
from firebreak.model.errors import BadInput
from firebreak.model.finding import Span
from firebreak.model.reason import Reason
from firebreak.model.refusal import Refusal


class Inner(NamedTuple):
    """The answer within a line: where it stands, and who reads it."""

    path: Path
    reader: AnswerReader


class LinesAnswer:
    """Each line by itself. `find` says where a line's answer is; other lines, and what stands beside it, are read too.

    `ending` is the line by which the provider would say that there was an error. Tokens are not counted here: results
    may be fetched many times.
    """

    def __init__(self, find: Callable[[Members], Inner | None], ending: Callable[[Refusal], bytes]) -> None:
        self._find = find
        self._ending = ending
        self._number = 0

    def framer(self, content_type: str, limit: int) -> Framer | None:
        del content_type  # it is called by many names, and what is no such file is not let through
        return Lines(limit)

    def read(self, frame: Frame) -> Heard:
        line = parse(frame.data)
        if not isinstance(line, dict):
            raise BadInput(Reason.NOT_AN_OBJECT)
        self._number += 1
        return self._read(frame, line)

    def cut(self, refusal: Refusal) -> bytes:
        return self._ending(refusal)

    def _read(self, frame: Frame, line: Members) -> Heard:
        inner = self._find(line)
        heard = Heard() if inner is None else self._inner(frame.data, inner)
        if inner is not None:
            _remove(line, inner.path)
        take_names(line, ("id", "object"))
        kind = PartKind.TEXT if inner is None else PartKind.METADATA
        heard.flat(Channel(kind, f"{self._number}"), line, ())
        return heard

    def _inner(self, raw: bytes, inner: Inner) -> Heard:
        span = _place(raw, inner.path)
        data = raw[span.start : span.end]
        inner.reader.framer("application/json", len(data))
        said = inner.reader.read(Frame(data, data, 0, bytes))
        heard = Heard([self._moved(delta, inner.path) for delta in said.deltas])
        heard.closed = [delta.channel.key for delta in heard.deltas if delta.open]
        return heard

    def _moved(self, delta: Delta, path: Path) -> Delta:
        segments = tuple(one._replace(path=(*path, *one.path)) for one in delta.segments)
        channel = delta.channel._replace(key=f"{self._number}.{delta.channel.key}")
        return delta._replace(channel=channel, segments=segments)


def _place(raw: bytes, path: Path) -> Span:
    span = Span(0, len(raw))
    for step in path:
        if isinstance(step, int):
            span = items(raw, span)[step]
        else:
            span = next(member.value for member in members(raw, span) if member.key == step)
    return span


def _remove(line: Members, path: Path) -> None:
    holder: Any = line
    for step in path[:-1]:
        holder = holder[step]
    del holder[path[-1]]
