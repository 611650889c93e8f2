"""The reading of what a provider sends back, frame by frame: texts that grow, and texts that are whole.

An answer is an HTTP response; the word keeps it apart from the API that is itself called Responses.
Rule: every string that an application could see is in the text of a delta, except what has the form of a name or a
number and stands where the API keeps such things (`take_names`).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from firebreak.codecs.fields import Members, wrong_type
from firebreak.codecs.flatten import Flat
from firebreak.codecs.frames.frame import Frame, Framer
from firebreak.codecs.strict_json import parse
from firebreak.model.conversation import Origin, PartKind, Path, Segment
from firebreak.model.refusal import Refusal
from firebreak.model.usage import Usage

_NAME = re.compile(r"[A-Za-z0-9._:/@+=|-]{0,300}")


class Channel(NamedTuple):
    """A text of the answer that may come in many pieces: the first choice's content, the second tool call's arguments.

    `key` tells the channels of one answer apart; `name` is the tool's. `copied` says that the same text is in the
    answer in another form too (log probabilities as numbers), so that it cannot be changed in place.
    """

    kind: PartKind
    key: str
    name: str = ""
    copied: bool = False
    origin: Origin = Origin.ASSISTANT


class Delta(NamedTuple):
    """A piece of a channel's text and the places in the frame's data that it came from. `open`: more may follow."""

    channel: Channel
    text: str
    segments: tuple[Segment, ...]
    open: bool = False


@dataclass(slots=True)
class Heard:
    """What one frame says. `closed` names the channels that are complete now. `last`: the answer is whole with it."""

    deltas: list[Delta] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    usage: Usage | None = None
    last: bool = False

    def text(self, channel: Channel, text: str, path: Path, *, more: bool = False) -> None:
        """A string of the data; an empty one says nothing."""
        if text:
            self.deltas.append(Delta(channel, text, (Segment(0, path),), more))

    def flat(self, channel: Channel, value: Any, path: Path, *, more: bool = False) -> None:
        """A value with everything in it."""
        flat = Flat()
        flat.value(value, path)
        if flat.segments:
            self.deltas.append(Delta(channel, flat.text, tuple(flat.segments), more))

    def media(self, channel: Channel, members: Members, path: Path) -> None:
        """What was not inspected: names and URLs, without the base64."""
        flat = Flat(media=True)
        flat.members(members, path)
        self.deltas.append(Delta(channel, flat.text, tuple(flat.segments)))

    def rest(self, members: Members, path: Path) -> None:
        """What a codec has not taken, as text."""
        if members:
            flat = Flat()
            flat.members(members, path)
            self.deltas.append(Delta(Channel(PartKind.METADATA, "rest"), flat.text, tuple(flat.segments)))


class AnswerReader(Protocol):
    """Reads one answer. Mutable: it knows which channels are open."""

    def framer(self, content_type: str, limit: int) -> Framer | None:
        """What cuts this answer into frames, for a successful answer; None where no such answer is known.

        `content_type` is lower-case and without parameters; `limit` the most bytes of one frame.
        """

    def read(self, frame: Frame) -> Heard:
        """What the frame says. Raises `BadInput`, and nothing else, whatever the bytes."""

    def cut(self, refusal: Refusal) -> bytes:
        """The frames by which this provider itself ends a stream with an error. Total."""


def document(frame: Frame) -> Members:
    """The object that a frame's data is. Raises `BadInput`."""
    value = parse(frame.data)
    if not isinstance(value, dict):
        raise wrong_type()
    return value


def take_names(members: Members, keys: Iterable[str]) -> None:
    """Take away ids, types and the like: words without a space, numbers, flags and nulls. Others stay, to be read."""
    for key in keys:
        value = members.get(key)
        named = _NAME.fullmatch(value) if isinstance(value, str) else isinstance(value, int | float | None)
        if named and key in members:
            del members[key]


def take_usage(members: Members, key: str) -> Members | None:
    """Numbers of tokens, nested as they like; with anything else among them they stay, to be read as text."""
    value = members.get(key)
    if isinstance(value, dict) and _only_numbers(value):
        del members[key]
        return value
    return None


def _only_numbers(value: Any) -> bool:
    if isinstance(value, dict):
        return all(_NAME.fullmatch(key) and _only_numbers(inner) for key, inner in value.items())
    return value is None or isinstance(value, int | float) or (isinstance(value, str) and bool(_NAME.fullmatch(value)))


def count(usage: Members, *path: str) -> int:
    """A number of tokens; 0 where it is not said."""
    value: Any = usage
    for step in path:
        value = value.get(step) if isinstance(value, dict) else None
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0
