"""A stream of YAML manifests, read and written so that only what was added differs. Comments are lost.

The rules this reader lives by:
1. A scalar keeps its source text and its style, so what Kubernetes reads from it stays the same: `"08"` keeps its
   quotes, `12:30` its colon, a block its lines.
2. The injector looks at a scalar as Kubernetes' own reader takes it: `yes` is true and `02471` is 1337.
3. What could be taken in two ways is refused with its line: duplicate keys, merge keys, tags, directives.
4. An alias is written out. Depth, count and size are bounded, since aliases make a small file large.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NoReturn, TypeAlias

import yaml

from firebreak.kube.addition import END, Addition
from firebreak.model.errors import BadConfig

MAX_CHARACTERS = 32 * 1024 * 1024  # etcd takes 1.5 MiB an object; a stream may hold a cluster's worth
MAX_DEPTH = 64  # the deepest field of a pod is about 15 levels down
MAX_VALUES = 1_000_000

_WIDTH = 2**20  # a line is as long as it is; folding it would be a change to look at
_TRUE = frozenset(["y", "Y", "yes", "Yes", "YES", "on", "On", "ON", "true", "True", "TRUE"])
_FALSE = frozenset(["n", "N", "no", "No", "NO", "off", "Off", "OFF", "false", "False", "FALSE"])
_NULL = frozenset(("", "~", "null", "Null", "NULL"))
_INTEGER = re.compile(r"([-+]?)(0[xX][0-9a-fA-F]{1,16}|0[bB][01]{1,64}|0[oO]?[0-7]{1,22}|0|[1-9][0-9]{0,18})")
_FLOAT = re.compile(r"[-+]?(\.[0-9]{1,18}|[0-9]{1,18}(\.[0-9]{0,18})?)([eE][-+]?[0-9]{1,2})?")
_SAFE = re.compile(r"[A-Za-z/][A-Za-z0-9._/-]*")


@dataclass(slots=True)
class Scalar:
    """`style` is YAML's mark for it: none for a plain word, a quote, `|` or `>`."""

    line: int
    text: str
    style: str | None


@dataclass(slots=True)
class Sequence:
    line: int
    flow: bool
    items: "list[Tree]" = field(default_factory=list)


@dataclass(slots=True)
class Mapping:
    line: int
    flow: bool
    keys: dict[str, Scalar] = field(default_factory=dict)
    values: "dict[str, Tree]" = field(default_factory=dict)


Tree: TypeAlias = Scalar | Sequence | Mapping


def read(text: str, file: str) -> list[Mapping]:
    """The documents of the stream, without the empty ones. Raises `BadConfig` with the line."""
    if len(text) > MAX_CHARACTERS:
        raise BadConfig(file, f"longer than {MAX_CHARACTERS} characters", "split it")
    builder = _Builder(file)
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            builder.take(event, event.start_mark.line + 1 if event.start_mark else 1)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise BadConfig(f"{file}:{line}", f"this is not YAML: {error.problem or 'it cannot be read'}") from error
    except (yaml.YAMLError, UnicodeEncodeError) as error:
        raise BadConfig(file, "this is not YAML: a character cannot be read") from error
    return [_manifest(document, file) for document in builder.documents if not _empty(document)]


def plain(tree: Tree) -> Any:
    """The values as Kubernetes' reader takes them, for looking at only."""
    if isinstance(tree, Scalar):
        return tree.text if tree.style else _resolve(tree.text)
    if isinstance(tree, Sequence):
        return [plain(item) for item in tree.items]
    return {key: plain(value) for key, value in tree.values.items()}


def add(tree: Tree, additions: Iterable[Addition]) -> None:
    """Put the additions into the tree, in their order. The paths are from the tree's root."""
    for addition in additions:
        *way, last = addition.path
        owner: Tree = tree
        for step in way:
            owner = owner.values[str(step)] if isinstance(owner, Mapping) else _items(owner)[int(step)]
        value = _tree(addition.value)
        if isinstance(owner, Mapping):
            owner.keys.setdefault(str(last), _word(str(last)))
            owner.values[str(last)] = value
        else:
            items = _items(owner)
            items.insert(len(items) if last == END else int(last), value)


def write(documents: Iterable[Tree]) -> str:
    """The stream as text."""
    text = yaml.emit(_stream(documents), Dumper=yaml.SafeDumper, allow_unicode=True, width=_WIDTH)
    return str(text)


def _empty(tree: Tree) -> bool:
    return isinstance(tree, Scalar) and not tree.style and tree.text in _NULL


def _manifest(document: Tree, file: str) -> Mapping:
    if not isinstance(document, Mapping):
        raise BadConfig(f"{file}:{document.line}", "this is not a manifest", "write apiVersion, kind, metadata, ...")
    return document


def _items(tree: Tree) -> "list[Tree]":
    if not isinstance(tree, Sequence):
        raise TypeError("an addition's path leads through a scalar")
    return tree.items


def _resolve(text: str) -> Any:
    if text in _NULL:
        return None
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    digits = text.replace("_", "")
    found = _INTEGER.fullmatch(digits)
    if found:
        octal = re.fullmatch(r"0[0-7]+", found[2])
        number = int(found[2], 8) if octal else int(found[2], 0)
        return -number if found[1] == "-" else number
    if _FLOAT.fullmatch(digits):
        return float(digits)
    return text


def _tree(value: Any) -> Tree:
    """A tree for plain data that the injector made."""
    if isinstance(value, dict):
        keys = {key: _word(key) for key in value}
        return Mapping(0, flow=False, keys=keys, values={key: _tree(item) for key, item in value.items()})
    if isinstance(value, list):
        return Sequence(0, flow=False, items=[_tree(item) for item in value])
    if isinstance(value, bool):
        return Scalar(0, "true" if value else "false", None)
    return _word(value) if isinstance(value, str) else Scalar(0, str(value), None)


def _word(text: str) -> Scalar:
    """Text in quotes, unless no reader could take it for anything else."""
    bare = _SAFE.fullmatch(text) and isinstance(_resolve(text), str)
    return Scalar(0, text, None if bare else '"')


def _stream(documents: Iterable[Tree]) -> Iterator[yaml.Event]:
    yield yaml.StreamStartEvent()
    for number, document in enumerate(documents):
        yield yaml.DocumentStartEvent(explicit=number > 0)
        yield from _events(document)
        yield yaml.DocumentEndEvent(explicit=False)
    yield yaml.StreamEndEvent()


def _events(tree: Tree) -> Iterator[yaml.Event]:
    if isinstance(tree, Scalar):
        text = tree.text or ("" if tree.style else "null")
        yield yaml.ScalarEvent(None, None, (True, True), text, style=tree.style)
    elif isinstance(tree, Sequence):
        yield yaml.SequenceStartEvent(None, None, implicit=True, flow_style=tree.flow)
        for item in tree.items:
            yield from _events(item)
        yield yaml.SequenceEndEvent()
    else:
        yield yaml.MappingStartEvent(None, None, implicit=True, flow_style=tree.flow)
        for key, value in tree.values.items():
            yield from _events(tree.keys[key])
            yield from _events(value)
        yield yaml.MappingEndEvent()


@dataclass(slots=True)
class _Builder:
    """Events in, one tree for each document out."""

    file: str
    documents: list[Tree] = field(default_factory=list)
    stack: list[Sequence | Mapping] = field(default_factory=list)
    pending: list[Scalar | None] = field(default_factory=list)
    anchors: dict[str, Tree] = field(default_factory=dict)
    count: int = 0

    def take(self, event: yaml.Event, line: int) -> None:
        if isinstance(event, yaml.DocumentStartEvent):
            self.anchors = {}
            if event.version or event.tags:
                self._refuse(line, "a YAML directive stands here", "delete the line that begins with `%`")
        elif isinstance(event, yaml.AliasEvent):
            self._alias(event.anchor, line)
        elif isinstance(event, yaml.ScalarEvent):
            self._new(Scalar(line, event.value, event.style or None), event, line)
        elif isinstance(event, yaml.SequenceStartEvent):
            self._open(Sequence(line, bool(event.flow_style)), event, line)
        elif isinstance(event, yaml.MappingStartEvent):
            self._open(Mapping(line, bool(event.flow_style)), event, line)
        elif isinstance(event, yaml.CollectionEndEvent):
            self.stack.pop()
            self.pending.pop()

    def _refuse(self, line: int, problem: str, mend: str = "") -> NoReturn:
        raise BadConfig(f"{self.file}:{line}", problem, mend)

    def _new(self, tree: Tree, event: yaml.ScalarEvent | yaml.CollectionStartEvent, line: int) -> None:
        if event.tag is not None:
            self._refuse(line, "a tag stands here", "delete it")
        if event.anchor is not None:
            self.anchors[event.anchor] = tree
        self._place(tree, line)

    def _open(self, tree: Sequence | Mapping, event: yaml.CollectionStartEvent, line: int) -> None:
        self._new(tree, event, line)
        self.stack.append(tree)
        self.pending.append(None)
        if len(self.stack) > MAX_DEPTH:
            self._refuse(line, f"nested deeper than {MAX_DEPTH} levels", "flatten it")

    def _alias(self, anchor: str | None, line: int) -> None:
        original = self.anchors.get(anchor or "")
        if original is None or any(original is outer for outer in self.stack):
            self._refuse(line, "an alias of what is not written before it", "write the value out")
        self._place(self._copy(original, len(self.stack), line), line)

    def _copy(self, tree: Tree, depth: int, line: int) -> Tree:
        self.count += 1
        if depth > MAX_DEPTH or self.count > MAX_VALUES:
            self._refuse(line, "the aliases make it too large or too deep", "write fewer of them")
        if isinstance(tree, Scalar):
            return Scalar(line, tree.text, tree.style)
        if isinstance(tree, Sequence):
            return Sequence(line, tree.flow, [self._copy(item, depth + 1, line) for item in tree.items])
        values = {key: self._copy(value, depth + 1, line) for key, value in tree.values.items()}
        return Mapping(line, tree.flow, dict(tree.keys), values)

    def _place(self, tree: Tree, line: int) -> None:
        self.count += 1
        if self.count > MAX_VALUES:
            self._refuse(line, f"more than {MAX_VALUES} values", "split it")
        if not self.stack:
            self.documents.append(tree)
            return
        owner = self.stack[-1]
        if isinstance(owner, Sequence):
            owner.items.append(tree)
        elif self.pending[-1] is None:
            self.pending[-1] = self._key(owner, tree, line)
        else:
            key, self.pending[-1] = self.pending[-1], None
            owner.keys[key.text], owner.values[key.text] = key, tree

    def _key(self, owner: Mapping, tree: Tree, line: int) -> Scalar:
        if not isinstance(tree, Scalar) or _empty(tree):
            self._refuse(line, "a key is not text", "use a plain word")
        if tree.text == "<<" and not tree.style:
            self._refuse(line, "a merge key stands here", "write the fields out")
        if tree.text in owner.values:
            self._refuse(line, "a key stands here twice", "keep one of the two")
        return tree
