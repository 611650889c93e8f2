"""What the readers of streamed answers share: which texts go on, and what a stream repeats in every piece."""

import re
from collections.abc import Iterable

from firebreak.codecs.answer import Heard, take_names
from firebreak.codecs.fields import Members
from firebreak.model.conversation import PartKind

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)")


class Speaking:
    """The texts of one voice. None has an end of its own: it pauses when another goes on, and may be taken up again."""

    def __init__(self) -> None:
        self._known: set[str] = set()

    def pause(self, heard: Heard, before: int, *, ended: bool) -> None:
        """After the deltas from `before` on: texts that were not continued where another was need not wait for more."""
        spoken = {delta.channel for delta in heard.deltas[before:] if delta.open}
        speaks = any(not channel.copied and channel.kind is not PartKind.METADATA for channel in spoken)
        going = {channel.key for channel in spoken if channel.kind is not PartKind.TOOL_CALL}
        self._known |= going
        if ended or speaks:
            heard.paused += sorted(self._known if ended else self._known - going)


def take_times(members: Members, keys: Iterable[str]) -> None:
    """Take away times (RFC 3339). Others stay, to be read."""
    for key in keys:
        value = members.get(key)
        if isinstance(value, str) and _TIME.fullmatch(value):
            del members[key]


def take_items(members: Members, key: str, names: Iterable[str]) -> None:
    """Take the names and numbers out of a list of objects, and the list with them where nothing else is in it."""
    listed = members.get(key)
    if not isinstance(listed, list) or not all(isinstance(item, dict) for item in listed):
        return
    for item in listed:
        take_names(item, names)
    if not any(listed):
        del members[key]
