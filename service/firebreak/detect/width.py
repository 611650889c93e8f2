"""How many bytes an expression can match at most, so that only a window around a place needs to be read."""

import math
from collections.abc import Iterator

_ANY = 4  # bytes of the longest character in UTF-8
_FOLDED = {"k": 3, "K": 3, "s": 2, "S": 2}  # in any case these also mean the Kelvin sign and the long s
_NOWHERE = frozenset("bBAz")
_OTHERS = frozenset("DSWpP")


def width(source: str, *, ignore_case: bool = False) -> float:
    """The bound, never too small; infinite where a repeat has no end. `source` is an expression that re2 accepts."""
    return _Reader(source, ignore_case=ignore_case or "(?i" in source).choice()


class _Reader:
    """One walk over an expression: choices of rows of repeated atoms."""

    def __init__(self, source: str, *, ignore_case: bool) -> None:
        self._source = source
        self._ignore_case = ignore_case
        self._at = 0

    def choice(self) -> float:
        widest = row = 0.0
        while self._at < len(self._source) and self._peek() != ")":
            if self._peek() == "|":
                self._at += 1
                widest, row = max(widest, row), 0.0
            else:
                atom = self._atom()
                most = self._repeats()
                row += atom * most if atom else 0
        return max(widest, row)

    def _peek(self) -> str:
        return self._source[self._at : self._at + 1]

    def _take(self) -> str:
        self._at += 1
        return self._source[self._at - 1]

    def _atom(self) -> float:
        c = self._take()
        if c == "(":
            return self._group()
        if c == "[":
            return self._set()
        if c == "\\":
            return self._escaped(self._take())
        if c in "^$":
            return 0
        return _ANY if c == "." else self._letter(c)

    def _group(self) -> float:
        outer = self._ignore_case
        if self._peek() == "?":
            end = min(i for i in (self._source.find(end, self._at) for end in ":)") if i >= 0)
            self._ignore_case = outer and "-i" not in self._source[self._at : end]
            self._at = end + (self._source[end] == ":")
        inner = self.choice()
        self._ignore_case = outer
        self._at += 1
        return inner

    def _escaped(self, c: str) -> int:
        if c in _NOWHERE:
            return 0
        if c in _OTHERS or c == "x":
            return _ANY
        return 1 if c.isalpha() else self._letter(c)

    def _letter(self, c: str) -> int:
        if not c.isascii():
            return _ANY
        return _FOLDED.get(c, 1) if self._ignore_case else 1

    def _set(self) -> int:
        members = list(self._members())
        if members[0] == 0:
            return _ANY
        return max(members)

    def _members(self) -> Iterator[int]:
        """Bytes of each member; 0 first for a set of what is not in it."""
        if self._peek() == "^":
            self._at += 1
            yield 0
        first = True
        while first or self._peek() != "]":
            first = False
            c = self._take()
            yield self._escaped(self._take()) if c == "\\" else self._letter(c)
            if self._peek() == "-" and self._ignore_case:
                yield max(_FOLDED.values())  # a range of letters may hold the ones that fold to more
        self._at += 1

    def _repeats(self) -> float:
        most = 1.0
        while (c := self._peek()) and c in "*+?{":
            self._at += 1
            if c in "*+":
                most = math.inf
            elif c == "{":
                end = self._source.index("}", self._at)
                last = self._source[self._at : end].rpartition(",")[2]
                most *= int(last) if last else math.inf
                self._at = end + 1
        return most
