"""Offsets: where the characters of a rewritten text stood in the text it was made from."""

from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterable

Edit = tuple[int, int, int, int]
"""`(lo, hi, made, step)`: source characters lo..hi became `made` characters, in order of `lo`, never overlapping.

Each made character came from `step` source characters; 0 means that they cannot be told apart. The rest is copied.
"""

MAX_EDITS = 65_536  # edits per map: about 2 MiB and 50 ms; what follows maps as one piece, so a span errs wide


class Offsets:
    """One rewriting. Built from its edits when first asked: most texts are read without a hit."""

    __slots__ = ("_at", "_edits", "_hi", "_lo", "_source", "_step")

    def __init__(self, source: int, edits: Callable[[], Iterable[Edit]]) -> None:
        """`source` is the length of the text that was rewritten, in characters."""
        self._source = source
        self._edits = edits
        self._at = array("q")
        self._lo = array("q")
        self._hi = array("q")
        self._step = array("q")

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The source characters that made characters start..end came from, given 0 <= start <= end <= their count."""
        if not self._at:
            self._build()
        first = bisect_right(self._at, start) - 1
        step = self._step[first]
        lo = self._lo[first] + (start - self._at[first]) * step
        if start == end:
            return min(lo, self._source), min(lo, self._source)
        last = bisect_right(self._at, end - 1) - 1
        step = self._step[last]
        hi = self._lo[last] + (end - self._at[last]) * step if step else self._hi[last]
        return lo, hi

    def _build(self) -> None:
        position = at = 0
        for count, (lo, hi, made, step) in enumerate(self._edits()):
            if lo > position:
                self._add(at, position, lo, 1)
                at += lo - position
            if count == MAX_EDITS:
                self._add(at, lo, self._source, 0)
                return
            if made:
                self._add(at, lo, hi, step)
                at += made
            position = hi
        if position < self._source or not self._at:
            self._add(at, position, self._source, 1)

    def _add(self, at: int, lo: int, hi: int, step: int) -> None:
        self._at.append(at)
        self._lo.append(lo)
        self._hi.append(hi)
        self._step.append(step)
