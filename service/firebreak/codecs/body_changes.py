"""Changes to members of a JSON body, wherever they are nested; all other bytes stay as they are."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from firebreak.codecs.outline import Member, document, items, members, without
from firebreak.model.finding import Span
from firebreak.model.handover import Change

_CAPITAL = re.compile("[A-Z]")


class CannotChange(Exception):
    """What is wanted of a body cannot be done in it. The text is a sentence that says why."""


@dataclass(slots=True, eq=False)
class Node:
    """An object of the body, with the members that are to be put into it or taken away."""

    span: Span
    values: Mapping[str, Any]
    members: Mapping[str, Member]
    new: list[bytes] = field(default_factory=list)
    gone: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Found:
    """A member that is there, perhaps with null."""

    node: Node
    key: str
    place: Span
    value: Any


class BodyChanges:
    """For bytes that the strict reader has accepted. `two_spellings`: `maxTokens` may be `max_tokens` (ProtoJSON).

    What looks a member up raises `CannotChange` where it stands in another spelling, or where its way leads through
    what is no object.
    """

    def __init__(self, raw: bytes, values: Mapping[str, Any], *, two_spellings: bool = False) -> None:
        """`values` are what `raw` says."""
        self._raw = raw
        self._two = two_spellings
        self._nodes: dict[int, Node] = {}
        self._changes: list[Change] = []
        self.root = self.node(document(raw), values)

    def find(self, steps: tuple[str, ...]) -> Found | None:
        """The member at the end of the way; None where something on the way is not there, or is null."""
        node, left = self._walk(steps)
        return self.member(node, left[0]) if len(left) == 1 else None

    def member(self, node: Node, name: str) -> Found | None:
        """One of an object's. Parsers that do not look at case would take another spelling for it."""
        wanted = self._spellings(name)
        alike = [key for key in node.members if key.casefold() in {one.casefold() for one in wanted}]
        if not alike:
            return None
        key = alike[0]
        if len(alike) > 1 or key not in wanted:
            raise CannotChange(f"the request has `{name}` in another spelling")
        return Found(node, key, node.members[key].value, node.values[key])

    def node(self, place: Span, values: Mapping[str, Any]) -> Node:
        """An object in the body, by where it stands; the same one each time."""
        known = self._nodes.get(place.start)
        if known is None:
            found = {member.key: member for member in members(self._raw, place)}
            known = self._nodes[place.start] = Node(place, values, found)
        return known

    def entries(self, place: Span) -> list[Span]:
        """Where the items of an array stand."""
        return items(self._raw, place)

    def put(self, steps: tuple[str, ...], value: Any) -> None:
        """Set a member, with the objects on its way that are not there yet."""
        node, left = self._walk(steps)
        for step in reversed(left[1:]):
            value = {step: value}
        found = self.member(node, left[0])
        if found is None:
            node.new.append(f"{json.dumps(left[0])}: {json.dumps(value)}".encode())
        else:
            self.replace(found.place, value)

    def replace(self, place: Span, value: Any) -> None:
        self._changes.append((place.start, place.end, json.dumps(value).encode()))

    def put_first(self, found: Found, entry: Any) -> None:
        """Before all other items of a list."""
        at = found.place.start + 1
        self._changes.append((at, at, json.dumps(entry).encode() + (b", " if found.value else b"")))

    def write_before(self, found: Found, text: str) -> None:
        """At the beginning of a string."""
        at = found.place.start + 1
        self._changes.append((at, at, json.dumps(text).encode()[1:-1]))

    def drop(self, found: Found) -> None:
        found.node.gone.add(found.key)

    def drop_entries(self, entries: list[Span], gone: Iterable[int]) -> None:
        self._changes += without(entries, gone)

    def changes(self) -> tuple[Change, ...]:
        """In order and without overlap, where what was asked for does not overlap."""
        made = list(self._changes)
        for node in self._nodes.values():
            at = node.span.start + 1
            comma = b", " if node.members else b""
            made += [(at, at, b", ".join(node.new) + comma)] if node.new else []
            gone = [index for index, key in enumerate(node.members) if key in node.gone]
            made += without([member.whole for member in node.members.values()], gone)
        return tuple(sorted(made))

    def _walk(self, steps: tuple[str, ...]) -> tuple[Node, tuple[str, ...]]:
        """The deepest object on the way, and the steps that are left: the last, and those that lead nowhere."""
        node = self.root
        for depth, step in enumerate(steps[:-1]):
            found = self.member(node, step)
            if found is None or found.value is None:
                return node, steps[depth:]
            if not isinstance(found.value, dict):
                raise CannotChange(f"`{step}` is not an object")
            node = self.node(found.place, found.value)
        return node, steps[-1:]

    def _spellings(self, name: str) -> tuple[str, ...]:
        return (name, snake(name)) if self._two else (name,)


def snake(name: str) -> str:
    """`functionDeclarations` as `function_declarations`."""
    return _CAPITAL.sub(lambda found: f"_{found.group().lower()}", name)
