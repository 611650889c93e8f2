"""Many patterns in one pass: hyperscan names those that occur, re2 gives their exact places; the only user of either.

Rules this module lives by:
1. hyperscan is asked once per text and answers with pattern numbers only, one callback for each pattern that occurs.
2. re2 then walks the text once for each of those patterns, so cost is (patterns that occur) x (length), whatever the
   text. Nothing here backtracks.
3. What hyperscan looks for must be found wherever the pattern is: it is the pattern itself, or a weaker `trigger`.
4. No occurrence is lost to a limit: past `MAX_SPANS` of one pattern, one last span reaches to the end of the text.
"""

import importlib
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import re2

from firebreak.model.errors import BadConfig

MAX_SPANS = 2_000
"""Spans of one pattern in one text. A longer list serves nobody, and each span costs a Python object."""


def _options(*, ignore_case: bool) -> Any:
    options = re2.Options()
    options.log_errors = False
    options.case_sensitive = not ignore_case
    options.max_mem = 32 * 1024 * 1024  # bytes; counted repeats need more than the default 8 MiB to stay a DFA
    return options


@dataclass(frozen=True, slots=True)
class Pattern:
    """An expression in the syntax that re2 and hyperscan share: no look-around, no back-references.

    `group` is the group whose span counts; `check` says whether the text of that group is meant. What `check` refuses
    is skipped whole, or with `overlaps` by one byte, which the pattern's length multiplies: only for short ones.
    """

    source: str
    ignore_case: bool = False
    group: int = 0
    trigger: str = ""
    check: Callable[[str], bool] | None = None
    overlaps: bool = False
    compiled: Any = field(init=False, repr=False, compare=False)
    triggered: Any = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Raises ValueError when either expression is not one, or the group does not exist."""
        options = _options(ignore_case=self.ignore_case)
        try:
            compiled = re2.compile(self.source, options)
            triggered = re2.compile(self.trigger or self.source, options)
        except re2.error as e:
            raise ValueError("not a regular expression") from e
        if self.group > compiled.groups:
            raise ValueError("the group does not exist")
        object.__setattr__(self, "compiled", compiled)
        object.__setattr__(self, "triggered", triggered)

    def spans(self, data: bytes) -> Iterator[tuple[int, int]]:
        """Byte spans in `data`, in order, not overlapping."""
        search, group, check = self.compiled.search, self.group, self.check
        at = 0
        while (match := search(data, at)) is not None:
            start, end = match.span(group)
            if start == end:
                at = max(match.end(), match.start() + 1)
                continue
            if check is None or check(data[start:end].decode()):
                yield start, end
                at = end
            else:
                at = start + 1 if self.overlaps else end

    def triggers(self, text: str) -> bool:
        """Whether the text holds what hyperscan is told to look for."""
        return self.triggered.search(text.encode("utf-8", "replace")) is not None


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


def _note(pattern: int, _start: int, _end: int, _flags: int, found: list[int]) -> None:
    found.append(pattern)


class Engine:
    """A fixed set of patterns compiled together. Safe to use from several threads at once."""

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        """Raises BadConfig where hyperscan is missing or refuses a pattern."""
        hyperscan = load_hyperscan()
        self._patterns = tuple(patterns)
        self._database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
        try:
            self._database.compile(
                expressions=[(p.trigger or p.source).encode() for p in self._patterns],
                ids=list(range(len(self._patterns))),
                flags=[_flags(p, hyperscan) for p in self._patterns],
            )
        except hyperscan.error as e:
            raise BadConfig("detectors", "hyperscan refuses a pattern", "simplify it or give it a trigger") from e
        self._scratches = threading.local()  # hyperscan releases the GIL, and a scratch serves one scan at a time

    def scan(self, text: str) -> list[Match]:
        """Every occurrence of every pattern, by pattern, then by place."""
        data = text.encode("utf-8", "replace")  # a lone surrogate becomes one byte, as it is one character
        found: list[int] = []
        self._database.scan(data, match_event_handler=_note, context=found, scratch=self._scratch())
        if not found:
            return []
        matches = []
        for pattern in sorted(set(found)):
            spans = list(islice(self._patterns[pattern].spans(data), MAX_SPANS))
            if len(spans) == MAX_SPANS:
                spans[-1] = (spans[-1][0], len(data))
            matches += [Match(pattern, start, end) for start, end in spans]
        return matches if len(data) == len(text) else _in_characters(matches, data)

    def _scratch(self) -> Any:
        scratch = getattr(self._scratches, "own", None)
        if scratch is None:
            scratch = self._scratches.own = self._database.scratch.clone()
        return scratch


def _flags(pattern: Pattern, hyperscan: Any) -> int:
    flags: int = hyperscan.HS_FLAG_SINGLEMATCH
    if not (pattern.trigger or pattern.source).isascii():
        flags |= (
            hyperscan.HS_FLAG_UTF8
        )  # for letters of other scripts in any case; counted gaps compile for minutes in it
    return flags | hyperscan.HS_FLAG_CASELESS if pattern.ignore_case else flags


def _in_characters(matches: list[Match], data: bytes) -> list[Match]:
    """Byte offsets to character offsets, in one walk over the bytes."""
    place: dict[int, int] = {}
    characters = last = 0
    for offset in sorted({m.start for m in matches} | {m.end for m in matches}):
        characters += len(data[last:offset].decode())
        last = offset
        place[offset] = characters
    return [Match(m.pattern, place[m.start], place[m.end]) for m in matches]
