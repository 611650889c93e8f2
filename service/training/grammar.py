r"""Texts from grammars: files of slots, each with its alternatives, put together at random.

A file holds `[slot]` lines, each followed by its alternatives, one a line. In an alternative `{slot}` stands for a text
of that slot, `{this|that}` for one of both, `{?maybe}` for itself or nothing; `\n` is a line break,
`\{` and `\}` are braces.
A choice between nothing but names of slots, as `{this|that|}`, is one between these slots; so is a name with `_` in any
choice.
A line that begins with `#` and a blank is a comment.
"""

from pathlib import Path
from random import Random
from typing import TypeAlias

GRAMMARS = Path(__file__).parent / "grammars"
MAX_DEPTH = 24

Node: TypeAlias = "str | tuple[Node, ...] | list[Node] | Slot"
"""A text; a row of nodes, all of them; a list, one of them; or a slot."""


class Slot:
    """A reference to a slot by its name."""

    def __init__(self, name: str) -> None:
        self.name = name


class Grammar:
    """Slots by name. The same seed gives the same texts."""

    def __init__(self, *names: str) -> None:
        self._slots: dict[str, list[Node]] = {}
        for name in names:
            self._read(name, (GRAMMARS / f"{name}.txt").read_text(encoding="utf-8"))
        self._slots = {slot: [self._resolved(node) for node in nodes] for slot, nodes in self._slots.items()}
        self._prove()

    @property
    def slots(self) -> tuple[str, ...]:
        """Their names."""
        return tuple(self._slots)

    def alternatives(self, slot: str) -> int:
        """How many a slot has."""
        return len(self._slots[slot])

    def text(self, slot: str, rng: Random) -> str:
        """One text of a slot."""
        return self._say(Slot(slot), rng, 0)

    def _read(self, file: str, text: str) -> None:
        slot = ""
        for number, line in enumerate(text.split("\n"), 1):
            if not line.strip() or line.startswith("# "):
                continue
            if line.startswith("[") and line.endswith("]") and " " not in line:
                slot = line[1:-1]
                if slot in self._slots:
                    raise ValueError(f"{file}:{number}: slot `{slot}` is there twice")
                self._slots[slot] = []
            else:
                self._slots[slot].append(_parse(line.replace("\\n", "\n"), f"{file}:{number}"))

    def _resolved(self, node: Node) -> Node:
        """With the names of slots in choices as slots."""
        if isinstance(node, tuple):
            return tuple(self._resolved(part) for part in node)
        if not isinstance(node, list):
            return node
        words = [_plain(part) for part in node]
        every = all(word is not None and (not word or word in self._slots) for word in words)
        return [
            Slot(word) if word and word in self._slots and (every or "_" in word) else self._resolved(part)
            for word, part in zip(words, node, strict=True)
        ]

    def _prove(self) -> None:
        """Every slot that is named is there and has alternatives."""
        for slot, nodes in self._slots.items():
            if not nodes:
                raise ValueError(f"slot `{slot}` is empty")
            for name in _names(nodes):
                if name not in self._slots:
                    raise ValueError(f"slot `{slot}` names `{name}`, which is not there")

    def _say(self, node: Node, rng: Random, depth: int) -> str:
        if depth > MAX_DEPTH:
            raise ValueError("slots name each other without end")
        if isinstance(node, str):
            return node
        if isinstance(node, Slot):
            return self._say(self._slots[node.name], rng, depth + 1)
        if isinstance(node, tuple):
            return "".join(self._say(part, rng, depth) for part in node)
        return self._say(rng.choice(node), rng, depth)


def _plain(node: Node) -> str | None:
    """The text of a row that holds nothing else."""
    said = [part for part in node if isinstance(part, str)] if isinstance(node, tuple) else []
    return "".join(said) if isinstance(node, tuple) and len(said) == len(node) else None


def _names(node: Node) -> list[str]:
    if isinstance(node, Slot):
        return [node.name]
    if isinstance(node, str):
        return []
    return [name for part in node for name in _names(part)]


def _parse(text: str, place: str) -> Node:
    node, end = _row(text, 0, place, inside=False)
    if end != len(text):
        raise ValueError(f"{place}: a brace too many")
    return node


def _row(text: str, at: int, place: str, *, inside: bool) -> tuple[Node, int]:
    """Nodes up to the end, or up to the bar or brace that ends them."""
    parts: list[Node] = []
    plain = ""
    while at < len(text):
        character = text[at]
        if text[at : at + 2] in {"\\{", "\\}"}:
            plain += text[at + 1]
            at += 2
        elif character == "{":
            node, at = _braces(text, at + 1, place)
            parts += [plain, node]
            plain = ""
        elif character == "}" or (character == "|" and inside):
            break
        else:
            plain += character
            at += 1
    return (*parts, plain), at


def _braces(text: str, at: int, place: str) -> tuple[Node, int]:
    maybe = text.startswith("?", at)
    choices: list[Node] = []
    begin = at + maybe
    at = begin
    while True:
        node, at = _row(text, at, place, inside=True)
        choices.append(node)
        if at >= len(text):
            raise ValueError(f"{place}: a brace is not closed")
        at += 1
        if text[at - 1] == "}":
            break
    if maybe:
        return [*choices, ""], at
    if len(choices) == 1:
        word = text[begin : at - 1]
        if not word or not all(c.isalnum() or c == "_" for c in word):
            raise ValueError(f"{place}: `{word}` is no slot")
        return Slot(word), at
    return choices, at
