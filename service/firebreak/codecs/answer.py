"""The reading of what a provider sends back, frame by frame: texts that grow, and texts that are whole.

An answer is an HTTP response; the word keeps it apart from the API that is itself called Responses.
Rule: every string that an application could see is in the text of a delta, except words of the API, ids and numbers
where the API keeps such things (`take_names`, `take_ids`), and base64 that only the provider can read (`take_opaque`).
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

_WORD = re.compile(r"[A-Za-z_.]{0,64}")
"""A type, a role, a status: letters only, so that no key fits in. Another value is no error, it is read as text."""

_ID = re.compile(r"[A-Za-z0-9._:/+=|-]{0,300}")
_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
_OPAQUE = re.compile(r"(?:[A-Za-z0-9+/]{30,}|[A-Za-z0-9_-]{30,})={0,2}")

MAX_NUMBER = 10**12
"""A larger one is no count and no time; a card's number is, and is read as text."""

_WORDS = frozenset({"type", "role", "format"})


class Channel(NamedTuple):
    """A text of the answer that may come in many pieces: the first choice's content, the second tool call's arguments.

    `key` tells the channels of one answer apart; `name` is the tool's. `copied` says that the same text is in the
    answer in another form too (log probabilities as numbers), so that it cannot be changed in place. `plain`: a tool
    call whose strings stand in the text as they are (arguments that are an object of the document, a tool's free
    text); without it the text is JSON in a string, and what is put into it must be written as JSON once more.
    """

    kind: PartKind
    key: str
    name: str = ""
    copied: bool = False
    origin: Origin = Origin.ASSISTANT
    plain: bool = False


class Delta(NamedTuple):
    """A piece of a channel's text and the places in the frame's data that it came from. `open`: more may follow."""

    channel: Channel
    text: str
    segments: tuple[Segment, ...]
    open: bool = False


@dataclass(slots=True)
class Heard:
    """What one frame says. `closed` names the channels that are complete now. `last`: the answer is whole with it.

    `paused` names those that another text follows: nothing of them has to wait any more, but they may go on.
    """

    deltas: list[Delta] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    paused: list[str] = field(default_factory=list)
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

    def rest(self, members: Members, path: Path, *, origin: Origin = Origin.ASSISTANT) -> None:
        """What a codec has not taken, as text; without members that say nothing."""
        said = {key: value for key, value in members.items() if not (_is_empty(value) and _KEY.fullmatch(key))}
        if said:
            flat = Flat()
            flat.members(said, path)
            self.deltas.append(
                Delta(Channel(PartKind.METADATA, "rest", origin=origin), flat.text, tuple(flat.segments))
            )

    def strange(self, stem: str, members: Members, path: Path, kind: PartKind = PartKind.METADATA) -> None:
        """Members of a stream's piece that no codec knows: each string may be continued in the next piece.

        None of them makes the answer wait: what a secret's second half ends has let its first half go.
        """
        flat = Flat()
        for key, value in members.items():
            self._strange(flat, Channel(kind, f"{stem}.{key}"), key, value, (*path, key))
        if flat.segments:
            self.deltas.append(Delta(Channel(PartKind.METADATA, "rest"), flat.text, tuple(flat.segments)))

    def _strange(self, flat: Flat, channel: Channel, key: str, value: Any, path: Path) -> None:
        if not _KEY.fullmatch(key):
            flat.piece(key, "\n", path, is_key=True)
        if isinstance(value, dict):
            for inner, item in value.items():
                self._strange(flat, channel._replace(key=f"{channel.key}.{inner}"), inner, item, (*path, inner))
        elif isinstance(value, list):
            for place, item in enumerate(value):
                number = item.get("index", place) if isinstance(item, dict) else place
                self._strange(flat, channel._replace(key=f"{channel.key}.{number}"), "item", item, (*path, place))
        elif isinstance(value, str):
            if value and not (key in _WORDS and _WORD.fullmatch(value)):
                self.text(channel, value, path, more=True)
                self.paused.append(channel.key)
        elif value is not None and not _is_number(value):
            flat.value(value, path)


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
    """Take away types, roles and the like: words of the API, ids, numbers, flags and nulls. Others stay, to be read."""
    for key in keys:
        _take(members, key, _ID if key == "id" or key.endswith("_id") else _WORD)


def take_ids(members: Members, keys: Iterable[str]) -> None:
    """Take away what the provider names things by. Anything may be hidden in an id; no application shows one."""
    for key in keys:
        _take(members, key, _ID)


def take_opaque(members: Members, keys: Iterable[str]) -> None:
    """Take away base64 that only the provider can read: whole groups of one alphabet. Others stay, to be read."""
    for key in keys:
        if is_opaque(members.get(key)):
            del members[key]


def is_opaque(value: Any) -> bool:
    return isinstance(value, str) and len(value) % 4 == 0 and _OPAQUE.fullmatch(value) is not None


def take_usage(members: Members, key: str) -> Members | None:
    """Numbers of tokens, nested as they like; with anything else among them they are read as text too."""
    value = members.get(key)
    if not isinstance(value, dict):
        return None
    if _only_numbers(value):
        del members[key]
    return value


def _take(members: Members, key: str, pattern: re.Pattern[str]) -> None:
    value = members.get(key)
    named = pattern.fullmatch(value) if isinstance(value, str) else value is None or _is_number(value)
    if named and key in members:
        del members[key]


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and abs(value) < MAX_NUMBER


def _is_empty(value: Any) -> bool:
    return value is None or value in ("", [], {})


def _only_numbers(value: Any) -> bool:
    if isinstance(value, dict):
        return all(_KEY.fullmatch(key) and _only_numbers(inner) for key, inner in value.items())
    if isinstance(value, list):
        return all(map(_only_numbers, value))
    return value is None or _is_number(value) or (isinstance(value, str) and bool(_WORD.fullmatch(value)))


def count(usage: Members, *path: str) -> int:
    """A number of tokens; 0 where it is not said, or is no number that anybody could count to."""
    value: Any = usage
    for step in path:
        value = value.get(step) if isinstance(value, dict) else None
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value < MAX_NUMBER else 0
