"""Many patterns in one pass: hyperscan says where each may be, re2 what is there; the only user of either.

Rules this module lives by:
1. hyperscan reads a text once and answers with the ends of each pattern's `head`: a part that no match is without. A
   head should end rarely: each end is a call of Python.
2. re2 then reads only windows around these ends, as wide as the pattern can match. Windows of one pattern that touch
   are read as one, so cost stays linear in the length for each pattern, whatever the text. Nothing here backtracks.
3. The outcome is that of re2 alone over the whole text, and over the text with its escapes taken off: what JSON holds
   is often one more JSON, with a backslash before each quotation mark and slash.
4. No occurrence is lost to a limit: past `MAX_SPANS` or `MAX_REFUSED`, one last span reaches to the end of the text.
5. A database that was compiled before is used only for the same expressions, flags and numbers; hyperscan refuses one
   of another version, for another processor, or with a byte changed, and then the patterns are compiled again.
"""

import importlib
import re
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, reduce
from itertools import groupby, islice
from operator import attrgetter
from typing import Any

import re2

from firebreak.detect.width import width
from firebreak.model.errors import BadConfig

MAX_SPANS = 2_000
"""Spans of one pattern in one text. A longer list serves nobody, and each span costs a Python object."""
MAX_REFUSED = 50_000
"""Candidates of one pattern with `overlaps` that its check may refuse in one text before the rest counts as one span.
Numbers pass their checks by chance too: what has that many refused and none accepted was made to cost time."""


def _options(*, ignore_case: bool) -> Any:
    options = re2.Options()
    options.log_errors = False
    options.case_sensitive = not ignore_case
    options.max_mem = 32 * 1024 * 1024  # bytes; counted repeats need more than the default 8 MiB to stay a DFA
    return options


_GROUP = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\([^()\[\\]*\)")
_TAIL = re.compile(r"(?:\{(\d+),\d*\}(?:=\{0,\d\})?)?(?:\\b)?(\)*)$")


_EDGE = re.compile(r"^(?:\\b|\(\?:\\b\|\\\\\[nrtu\]\))")
_EDGE_BYTES = 2
_HIDES = re.compile(rb"\\(?:[\"/\\]|[nrt][A-Za-z0-9 ])")
"""An escape that hides something: where a word begins, a quotation mark, a slash."""
_ESCAPE = re.compile(rb"\\+[\"/nrt]|\\{2,}")
"""What `unescaped` makes one byte of."""
_SAID = ((b'\\"', b'"'), (b"\\/", b"/"), (b"\\n", b"\n"), (b"\\r", b"\n"), (b"\\t", b"\t"))
"""Escapes that JSON and programs have in common, RFC 8259, section 7. A text with one is read as it stands, too:
`.\\nc.exe` is a path."""


@cache
def shortest(source: str) -> str:
    """The expression without a word's edge around it and what its last repeat may take beyond the least.

    So a match has one end, not one for each character of a run; and edges compile slowly and filter little.
    """

    def cut(tail: re.Match[str]) -> str:
        return (f"{{{tail[1]}}}" if tail[1] else "") + tail[2]

    return _EDGE.sub("", _TAIL.sub(cut, source, count=1))


@dataclass(frozen=True, slots=True)
class _Walk:
    """How re2 reads for one pattern. `lead`: most bytes from the start of a match to the end of its head."""

    search: Callable[..., Any]
    reach: float
    lead: float

    def windows(self, ends: Sequence[int], length: int) -> Iterator[tuple[int, int, int]]:
        """First and last place where a match may start, and how far to read, for ends of the head in any order."""
        first = last = -1
        for end in sorted(ends):
            if last >= 0 and end - self.lead > last + self.reach:
                yield first, last, int(min(length, last + self.reach))
                last = -1
            if last < 0:
                first = int(max(0, end - self.lead))
            last = end
        if last >= 0:
            yield first, last, int(min(length, last + self.reach))


@cache
def _expression(source: str, *, ignore_case: bool) -> Any:
    """Raises ValueError where `source` is none."""
    try:
        return re2.compile(source, _options(ignore_case=ignore_case))
    except re2.error as e:
        raise ValueError("not a regular expression") from e


@cache
def _walk(source: str, head: str, *, opens: bool, ignore_case: bool) -> _Walk:
    """Raises ValueError where `source` is no expression."""
    search = _expression(source, ignore_case=ignore_case).search
    reach = width(source, ignore_case=ignore_case)
    bare = _EDGE.sub("", source).removeprefix("(" if head[:1] != "(" else "")
    begins = bare.startswith(head) and bare[len(head) :][:1] not in set("*+?{|") and "|" not in _bare(head)
    lead = reach
    if opens or begins or head == shortest(source):
        lead = width(head, ignore_case=ignore_case) + _EDGE_BYTES
    return _Walk(search, reach, lead)


def _bare(head: str) -> str:
    """`head` without its groups, so that what is left stands at the top."""
    before = ""
    while before != head:
        before, head = head, _GROUP.sub("", head)
    return head


@dataclass(frozen=True, slots=True)
class Pattern:
    """An expression in the syntax that re2 and hyperscan share: no look-around, no back-references.

    `group` is the group whose span counts; `check` says whether the text of that group is meant. What `check` refuses
    is skipped whole, or with `overlaps` by one byte, which the pattern's length multiplies: only for short ones.
    `near` is asked first, of each end of the head, whether what `check` wants may stand there: cheaper than re2.
    `opens` says that a trigger begins where the match does, so that re2 need not look for one farther back.
    """

    source: str
    ignore_case: bool = False
    group: int = 0
    trigger: str = ""
    check: Callable[[str], bool] | None = None
    overlaps: bool = False
    near: Callable[[bytes, int], bool] | None = None
    opens: bool = False

    @property
    def head(self) -> str:
        """What hyperscan looks for."""
        return shortest(self.trigger or self.source)

    def prove(self) -> None:
        """Raises ValueError when it is no expression, or the group does not exist."""
        if self.group > _expression(self.source, ignore_case=self.ignore_case).groups:
            raise ValueError("the group does not exist")

    @property
    def _walk(self) -> _Walk:
        return _walk(self.source, self.head, opens=self.opens, ignore_case=self.ignore_case)

    def spans(self, data: bytes, ends: Sequence[int] | None = None) -> Iterator[tuple[int, int]]:
        """Byte spans in `data`, in order, not overlapping; read around `ends` of the head, or all over without them."""
        at, size, refused = 0, len(data), 0
        if ends is None:
            search, windows = _expression(self.source, ignore_case=self.ignore_case).search, iter([(0, size, size)])
        else:
            walk = self._walk
            search, windows = walk.search, walk.windows(ends, size)
        for first, last, stop in windows:
            at = max(at, first)
            while at <= last:
                match = search(data, at, stop)
                if match is None:
                    if stop == size:
                        return  # nor is there a match in a later window
                    break
                if stop < size and match.start() > last:
                    break  # it may be longer than what was read of it: a later window's
                start, end = match.span(self.group)
                if start == end:
                    at = max(match.end(), match.start() + 1)
                elif self.check is None or self.check(data[start:end].decode()):
                    yield start, end
                    at = end
                else:
                    refused += self.overlaps
                    if refused == MAX_REFUSED:
                        yield start, size
                        return
                    at = start + 1 if self.overlaps else end

    def found(self, text: str) -> bool:
        """Whether it is anywhere in the text, by re2 alone."""
        return next(self.spans(text.encode("utf-8", "replace")), None) is not None

    def triggers(self, text: str) -> bool:
        """Whether the trigger is anywhere in the text, by re2 alone; without one the head is the source, shortened."""
        if not self.trigger:
            return True
        head = re2.compile(self.head, _options(ignore_case=self.ignore_case))
        return head.search(text.encode("utf-8", "replace")) is not None


@dataclass(frozen=True, slots=True)
class Match:
    """Characters `start` to `end` of the text match pattern number `pattern`."""

    pattern: int
    start: int
    end: int


def load_hyperscan() -> Any:
    """The library, or BadConfig: its wheels exist for x86-64 and aarch64 only, and without it nothing is inspected."""
    try:
        return importlib.import_module("hyperscan")
    except ImportError as e:
        problem = "hyperscan does not run on this platform"
        raise BadConfig("detectors", problem, "use Linux on x86-64 or aarch64") from e


def _note(head: int, _start: int, end: int, _flags: int, found: defaultdict[int, list[int]]) -> None:
    found[head].append(end)


def heads(patterns: Sequence[Pattern]) -> dict[tuple[str, bool], list[int]]:
    """What hyperscan is given, in the order of its numbers: a head, whether in any case, and the patterns it is of."""
    found: defaultdict[tuple[str, bool], list[int]] = defaultdict(list)
    for number, pattern in enumerate(patterns):
        found[pattern.head, pattern.ignore_case].append(number)
    return found


class Engine:
    """A fixed set of patterns compiled together. Safe to use from several threads at once."""

    def __init__(self, patterns: Sequence[Pattern], database: bytes = b"") -> None:
        """`database` is what `serialised` gave for patterns with the same `heads`; those were proved then.

        Raises BadConfig where hyperscan is missing or refuses a pattern, ValueError for a pattern that is none.
        """
        hyperscan = load_hyperscan()
        self._patterns = tuple(patterns)
        found = heads(self._patterns)
        self._of_head = tuple(found.values())
        if not database:
            for pattern in self._patterns:
                pattern.prove()
        self._database = _loaded(database, hyperscan) or _compiled(list(found), hyperscan)
        self._scratches = threading.local()  # hyperscan releases the GIL, and a scratch serves one scan at a time

    def serialised(self) -> bytes:
        """The database, for an engine of the same patterns in another process."""
        data: bytes = load_hyperscan().dumpb(self._database)
        return data

    def warm(self) -> Iterator[None]:
        """Compiles what re2 reads with, a pattern at each step: the first text with its head would wait for that."""
        for pattern in self._patterns:
            next(pattern.spans(b"", [0]), None)  # re2 sets up its automaton with the first search
            yield

    def scan(self, text: str) -> list[Match]:
        """Every occurrence of every pattern, by pattern, then by place."""
        data = text.encode("utf-8", "replace")  # a lone surrogate becomes one byte, as it is one character
        matches = self._matches(data)
        plain = unescaped(data)
        if plain is not None:
            matches = _with_others(matches, _in_escaped(self._matches(plain), data))
        return matches if len(data) == len(text) else _in_characters(matches, data)

    def _matches(self, data: bytes) -> list[Match]:
        """As `scan`, with places in bytes."""
        found: defaultdict[int, list[int]] = defaultdict(list)
        self._database.scan(data, match_event_handler=_note, context=found, scratch=self._scratch())
        matches = []
        for pattern, ends in sorted((p, ends) for head, ends in found.items() for p in self._of_head[head]):
            one = self._patterns[pattern]
            if one.near is not None:
                ends = [end for end in ends if one.near(data, end)]  # noqa: PLW2901 -- only these count
            spans = list(islice(one.spans(data, ends), MAX_SPANS))
            if len(spans) == MAX_SPANS:
                spans[-1] = (spans[-1][0], len(data))
            matches += [Match(pattern, start, end) for start, end in spans]
        return matches

    def _scratch(self) -> Any:
        scratch = getattr(self._scratches, "own", None)
        if scratch is None:
            scratch = self._scratches.own = self._database.scratch.clone()
        return scratch


def _loaded(database: bytes, hyperscan: Any) -> Any:
    """The database in these bytes, or None where they are none for this library and processor."""
    if not database:
        return None
    try:
        loaded = hyperscan.loadb(database, hyperscan.HS_MODE_BLOCK)
        loaded.scratch = hyperscan.Scratch(loaded)  # fails where the processor lacks what was compiled for
    except hyperscan.error:
        return None
    return loaded


def _compiled(expressions: Sequence[tuple[str, bool]], hyperscan: Any) -> Any:
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    try:
        database.compile(
            expressions=[head.encode() for head, _ in expressions],
            ids=list(range(len(expressions))),
            flags=[_flags(head, hyperscan, ignore_case=ignore_case) for head, ignore_case in expressions],
        )
    except hyperscan.error as e:
        raise BadConfig("detectors", "hyperscan refuses a pattern", "simplify it or give it a trigger") from e
    return database


def _flags(head: str, hyperscan: Any, *, ignore_case: bool) -> int:
    flags: int = 0
    if not head.isascii():  # for letters of other scripts in any case; counted gaps compile for minutes in it
        flags |= hyperscan.HS_FLAG_UTF8
    return flags | hyperscan.HS_FLAG_CASELESS if ignore_case else flags


def unescaped(data: bytes) -> bytes | None:
    """The text less its escapes, however many backslashes each has; None where none hides anything."""
    if b"\\" not in data or not _HIDES.search(data):
        return None
    while b"\\\\" in data:
        data = data.replace(b"\\\\", b"\\")
    return reduce(lambda said, pair: said.replace(*pair), _SAID, data)


def _in_escaped(matches: list[Match], data: bytes) -> list[Match]:
    """Places in what `unescaped` made of `data` as those in it, in one walk over the escapes."""
    place: dict[int, int] = {}
    escapes = _ESCAPE.finditer(data)
    escape = next(escapes, None)
    lost = 0
    for offset in sorted({m.start for m in matches} | {m.end for m in matches}):
        while escape is not None and escape.start() - lost < offset:
            lost += escape.end() - escape.start() - 1
            escape = next(escapes, None)
        place[offset] = offset + lost
    return [Match(m.pattern, place[m.start], place[m.end]) for m in matches]


def _with_others(matches: list[Match], others: list[Match]) -> list[Match]:
    """And those of `others` that lie in none of the same pattern; both are in order. One that reaches beyond stays: it
    may be the last one, which stands for all up to the end.
    """
    taken: defaultdict[int, list[Match]] = defaultdict(list)
    for match in matches:
        taken[match.pattern].append(match)
    kept = matches[:]
    for pattern, found in groupby(others, key=attrgetter("pattern")):
        own = iter(taken[pattern])
        around = next(own, None)
        for match in found:
            while around is not None and around.end < match.end:
                around = next(own, None)
            if around is None or match.start < around.start:
                kept.append(match)
    return sorted(kept, key=attrgetter("pattern", "start"))


def _in_characters(matches: list[Match], data: bytes) -> list[Match]:
    """Byte offsets to character offsets, in one walk over the bytes."""
    place: dict[int, int] = {}
    characters = last = 0
    for offset in sorted({m.start for m in matches} | {m.end for m in matches}):
        characters += len(data[last:offset].decode())
        last = offset
        place[offset] = characters
    return [Match(m.pattern, place[m.start], place[m.end]) for m in matches]
