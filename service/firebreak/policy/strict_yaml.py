"""YAML read as strictly as a body: one document, one meaning, a line for every value.

The rules this reader lives by:
1. What two YAML readers could take differently is an error: duplicate keys, tags, directives, documents.
2. What makes a small file large is an error: anchors, aliases, merge keys; size, depth and count are bounded.
3. Plain words follow the core schema of YAML 1.2: only `true`, `false`, `null`, `~` and numbers are not text, so
   `on`, `no` and `12:30` are. A number keeps its source text for the fields that are text (`version: 1.10`).
"""

import math
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

import yaml

from firebreak.policy.diagnostic import BadDocument, Diagnostic, Level, shown

MAX_CHARACTERS = 1024 * 1024  # a ConfigMap holds no more
MAX_DEPTH = 32  # the form itself needs 6
MAX_VALUES = 20_000  # the largest shipped policy has about 500

Scalar: TypeAlias = str | int | float | bool | None
_TextPaths: TypeAlias = frozenset[tuple[str, ...]]

_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})")
_FLOAT = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,18})?(?:[eE][-+]?[0-9]{1,3})?")
_WORDS: dict[str, Scalar] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_UNSEEN = re.compile(
    "[\u2028\u2029"  # separators of lines
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # reorder the text
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u2060-\u2065\u206a-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
"""What takes no space. Joiners and the selectors of emoji stay: scripts need them, and readers see what they do."""
_PLAIN_CONTROLS = frozenset("\t\n\r")


@dataclass(slots=True)
class Node:
    """A value and the line it begins on (its key's line inside a mapping); `text` is a scalar's source text."""

    line: int
    value: "Scalar | list[Node] | dict[str, Node]"
    text: str = ""


def read(text: str, file: str) -> Node:
    """The one document in the text. Raises `BadDocument`, which is a `BadConfig`, with everything that is wrong."""
    _refuse_characters(text, file)
    builder = _Builder(file)
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            builder.take(event, event.start_mark.line + 1 if event.start_mark else 1)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        problem = f"this is not YAML: {error.problem or 'it cannot be read'}"
        builder.report(line, "syntax", problem, "look for a tab, an open quote or a wrong indent here or just above")
    except yaml.YAMLError:
        builder.report(1, "syntax", "this is not YAML", "save it as UTF-8 text")
    return builder.finish()


def to_plain(node: Node, text_paths: _TextPaths = frozenset()) -> object:
    """The value without its lines. Scalars at `text_paths` (`*` stands for any key or index) are their source text."""
    if isinstance(node.value, dict):
        return {key: to_plain(child, _below(text_paths, key)) for key, child in node.value.items()}
    if isinstance(node.value, list):
        inner = _below(text_paths, "*")
        return [to_plain(child, inner) for child in node.value]
    return node.text if () in text_paths and node.value is not None else node.value


def nearest(root: Node, path: tuple[str | int, ...]) -> Node:
    """The value at the path, or the last one on the way to it that exists."""
    node = root
    for step in path:
        found: Node | None = None
        if isinstance(node.value, dict) and isinstance(step, str):
            found = node.value.get(step)
        elif isinstance(node.value, list) and isinstance(step, int) and step < len(node.value):
            found = node.value[step]
        if found is None:
            break
        node = found
    return node


def _below(paths: _TextPaths, step: str) -> _TextPaths:
    return frozenset(path[1:] for path in paths if path and path[0] in ("*", step)) if paths else paths


def _refuse_characters(text: str, file: str) -> None:
    if len(text) > MAX_CHARACTERS:
        problem = f"the file is longer than {MAX_CHARACTERS} characters"
        raise BadDocument([Diagnostic(file, 1, "too-large", Level.ERROR, problem, "split or shorten it")])
    for number, line in enumerate(text.split("\n"), start=1):
        odd = next(_odd_characters(line), None)
        if odd is not None:
            problem = f"the line has the character U+{ord(odd):04X}, which is not seen or reorders the text"
            raise BadDocument([Diagnostic(file, number, "character", Level.ERROR, problem, "delete it")])


def _odd_characters(line: str) -> Iterator[str]:
    if line.isascii() and line.isprintable():
        return
    for index, char in enumerate(line):
        lone_return = char == "\r" and index != len(line) - 1
        if lone_return or _is_unseen(char):
            yield char


def _is_unseen(char: str) -> bool:
    control = unicodedata.category(char) in {"Cc", "Cs"} and char not in _PLAIN_CONTROLS
    return control or _UNSEEN.match(char) is not None


def _resolve(text: str) -> Scalar:
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        number = float(text)
        return number if math.isfinite(number) else text
    return text


@dataclass(slots=True)
class _Open:
    """A list or mapping whose end has not come yet."""

    node: Node
    key: str | None = None
    key_line: int = 0
    skip: bool = False


@dataclass(slots=True)
class _Builder:
    """Events in, one tree out; problems are collected, so that a file's mistakes are all told at once."""

    file: str
    root: Node | None = None
    stack: list[_Open] = field(default_factory=list)
    values: int = 0
    documents: int = 0
    problems: list[Diagnostic] = field(default_factory=list)

    def report(self, line: int, code: str, problem: str, mend: str = "") -> None:
        self.problems.append(Diagnostic(self.file, line, code, Level.ERROR, problem, mend))

    def finish(self) -> Node:
        if not self.problems and self.root is None:
            self.report(1, "empty", "the file is empty", "begin with `policy:` and `rules:`")
        if self.problems or self.root is None:
            raise BadDocument(sorted(self.problems))
        return self.root

    def take(self, event: yaml.Event, line: int) -> None:
        if isinstance(event, yaml.DocumentStartEvent):
            self._document(event, line)
        elif isinstance(event, yaml.AliasEvent):
            self.report(line, "alias", "an alias stands here", "write the value out")
            self._place(Node(line, None))
        elif isinstance(event, yaml.ScalarEvent):
            self._refuse_marks(event, line)
            self._scalar(event, line)
        elif isinstance(event, yaml.CollectionStartEvent):
            self._refuse_marks(event, line)
            self._open(Node(line, {} if isinstance(event, yaml.MappingStartEvent) else []))
        elif isinstance(event, yaml.CollectionEndEvent):
            self.stack.pop()

    def _document(self, event: yaml.DocumentStartEvent, line: int) -> None:
        self.documents += 1
        if self.documents > 1:
            self.report(line, "documents", "a second document begins here", "keep one document per file")
            raise BadDocument(sorted(self.problems))
        if event.version or event.tags:
            self.report(line, "directive", "a YAML directive stands here", "delete the line that begins with `%`")

    def _refuse_marks(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent, line: int) -> None:
        if event.anchor is not None:
            self.report(line, "anchor", f"an anchor {shown('&' + event.anchor)} stands here", "delete it")
        if event.tag is not None:
            self.report(line, "tag", f"a tag {shown(event.tag)} stands here", "delete it")
        self.values += 1
        if self.values > MAX_VALUES:
            self.report(line, "too-many", f"the file has more than {MAX_VALUES} values", "shorten it")
            raise BadDocument(sorted(self.problems))

    def _scalar(self, event: yaml.ScalarEvent, line: int) -> None:
        text = event.value
        value = text if event.style else _resolve(text)
        if not (text.isascii() and text.isprintable()) and any(map(_is_unseen, text)):
            problem = "an escape gives a character that is not seen or reorders the text"
            self.report(line, "character", problem, "delete the escape")
        self._place(Node(line, value, text))

    def _open(self, node: Node) -> None:
        if len(self.stack) >= MAX_DEPTH:
            self.report(node.line, "too-deep", f"the file is nested deeper than {MAX_DEPTH} levels", "flatten it")
            raise BadDocument(sorted(self.problems))
        self._place(node)
        self.stack.append(_Open(node))

    def _place(self, node: Node) -> None:
        if not self.stack:
            self.root = node
            return
        top = self.stack[-1]
        if isinstance(top.node.value, list):
            top.node.value.append(node)
        elif isinstance(top.node.value, dict):
            self._place_in_mapping(top, top.node.value, node)

    def _place_in_mapping(self, top: _Open, mapping: dict[str, Node], node: Node) -> None:
        if top.key is None:
            top.key, top.key_line, top.skip = self._key(mapping, node)
            return
        node.line = top.key_line
        if not top.skip:
            mapping[top.key] = node
        top.key = None

    def _key(self, mapping: dict[str, Node], node: Node) -> tuple[str, int, bool]:
        """The key's text, its line, and whether its value is to be left out because the key is wrong."""
        if not isinstance(node.value, str):
            mend = f'write it in quotes: "{node.text}"' if node.text else "use a plain word"
            self.report(node.line, "key", "a key is not text", mend)
            return "", node.line, True
        if node.value == "<<":
            self.report(node.line, "merge", "a merge key stands here", "write the fields out")
            return "", node.line, True
        if node.value in mapping:
            first = mapping[node.value].line
            problem = f"the key {shown(node.value)} stands here twice, first in line {first}"
            self.report(node.line, "duplicate-key", problem, "keep one of the two")
            return "", node.line, True
        return node.value, node.line, False
