"""Requests that stand within one body: read each by the codec of its own API, then put in their places."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from firebreak.codecs.draft import MAX_PARTS
from firebreak.codecs.flatten import MAX_PIECES
from firebreak.model.conversation import Conversation, Part, Path
from firebreak.model.errors import BadInput
from firebreak.model.finding import Span
from firebreak.model.reason import Reason

T = TypeVar("T")


class Enclosed:
    """Mutable only while one body is read."""

    __slots__ = ("_parts", "_pieces", "_requests")

    def __init__(self) -> None:
        self._requests: list[Conversation] = []
        self._parts = 0
        self._pieces = 0

    def add(self, read: Conversation, path: Path, rest: Sequence[Part] = ()) -> None:
        """A request whose body stands at `path`; `rest` are parts that belong to it and have their places already."""
        parts = (*(_moved(part, path) for part in read.parts), *rest)
        self._parts += len(parts)
        self._pieces += sum(len(part.segments) for part in parts)
        if self._parts > MAX_PARTS or self._pieces > MAX_PIECES:
            raise BadInput(Reason.TOO_MANY_PARTS)
        self._requests.append(replace(read, parts=parts))

    def finish(self, surface: str, around: Sequence[Part], documents: Sequence[Span] = ()) -> Conversation:
        """All of them, with what stands around. A model that they have in common is that of the whole."""
        found = self._requests
        models = {one.model for one in found}
        return Conversation(
            surface=surface,
            model=models.pop() if len(models) == 1 else "",
            parts=(*around, *(part for one in found for part in one.parts)),
            stream=any(one.stream for one in found),
            tools=tuple(dict.fromkeys(tool for one in found for tool in one.tools)),
            requests=tuple(found),
            documents=tuple(documents),
        )


def placed(where: str, read: Callable[[], T]) -> T:
    """What is read of a request; what is wrong with it is named with where it stands. Raises `BadInput`."""
    try:
        return read()
    except BadInput as error:
        raise BadInput(error.reason, where + error.where) from None


def _moved(part: Part, path: Path) -> Part:
    return part._replace(segments=tuple(one._replace(path=(*path, *one.path)) for one in part.segments))
