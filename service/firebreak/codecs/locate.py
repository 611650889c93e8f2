"""From characters of a part's text to bytes of the raw body, on demand.

Rules this file lives by:
1. The body is scanned once, for all paths of all parts; strings are skipped by one compiled expression.
2. A range within a string maps exactly, whatever is escaped in it; a number, a word or a container maps whole.
3. Nothing here is quadratic: per string, characters map through a table of runs of equal width.
It is called only when there are findings, on bytes that the strict reader has already accepted.
"""

import json
import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import Any

from firebreak.model.conversation import Part, Path
from firebreak.model.finding import Span
from firebreak.model.possessive import possessive

_TOKEN = re.compile(possessive(rb'"(?:[^"\\]++|\\.)*+"|[\[\]{}:,]|[^\s\[\]{}:,"]++'), re.DOTALL)

_RUNS = re.compile(
    possessive(
        rb"(?P<w1>[\x20-\x5b\x5d-\x7f]++)"
        rb"|(?P<w2>(?:\\[^u]|[\xc2-\xdf][\x80-\xbf])++)"
        rb"|(?P<w3>(?:[\xe0-\xef][\x80-\xbf]{2})++)"
        rb"|(?P<w4>(?:[\xf0-\xf4][\x80-\xbf]{3})++)"
        rb"|(?P<w12>(?:\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})++)"
        rb"|(?P<w6>(?:\\u(?![dD][89abAB])[0-9a-fA-F]{4})++)"
    )
)
_WIDTHS = {"w1": 1, "w2": 2, "w3": 3, "w4": 4, "w12": 12, "w6": 6}

_Key = tuple[Path, bool]


class Locator:
    """Spans in one body for the parts read from it. `documents`: those that a path's first step is the number of."""

    def __init__(self, raw: bytes, parts: Sequence[Part], documents: Sequence[Span] = ()) -> None:
        self._raw = raw
        self._parts = parts
        self._documents = documents
        self._places: dict[_Key, Span] | None = None
        self._starts: dict[int, list[int]] = {}
        self._runs: dict[Span, _Runs] = {}

    def span(self, part_index: int, start: int, end: int) -> Span:
        """The bytes behind characters `start` to `end` of a part's text, from the first in the body to the last.

        Pieces may stand in the body in another order than in the text: a call's arguments before its name.
        """
        part = self._parts[part_index]
        if not part.segments:
            return Span(0, len(self._raw))
        starts = self._segment_starts(part_index)
        first = max(bisect_right(starts, start) - 1, 0)
        last = max(bisect_right(starts, max(end - 1, start)) - 1, 0)
        if first == last:
            return self._within(part, first, start, max(end, start + 1))
        spans = [self._within(part, first, start, starts[first + 1])]
        spans += (self._token(piece.path, is_key=piece.is_key) for piece in part.segments[first + 1 : last])
        spans.append(self._within(part, last, starts[last], end))
        return Span(min(span.start for span in spans), max(span.end for span in spans))

    def pieces(self, part_index: int, start: int, end: int) -> list[tuple[Span, bool]]:
        """The bytes behind the same characters, one range for each value they stand in, in the order of the text.

        With each: whether the range lies within a string's quotes. A number or a word is a range as a whole.
        """
        part, starts = self._parts[part_index], self._segment_starts(part_index)
        found = []
        for index in range(max(bisect_right(starts, start) - 1, 0), len(starts)):
            segment = part.segments[index]
            if segment.start >= end:
                break
            following = starts[index + 1] if index + 1 < len(starts) else len(part.text)
            first, last = max(start, segment.start), min(end, following)
            if first < last:
                token = self._token(segment.path, is_key=segment.is_key)
                found.append((self._within(part, index, first, last), self._raw[token.start] == ord('"')))
        return found

    def _segment_starts(self, part_index: int) -> list[int]:
        starts = self._starts.get(part_index)
        if starts is None:
            starts = self._starts[part_index] = [segment.start for segment in self._parts[part_index].segments]
        return starts

    def _within(self, part: Part, index: int, start: int, end: int) -> Span:
        segment = part.segments[index]
        token = self._token(segment.path, is_key=segment.is_key)
        if self._raw[token.start] != ord('"'):
            return token
        runs = self._runs.get(token)
        if runs is None:
            runs = self._runs[token] = _Runs(self._raw, token)
        return runs.span(start - segment.start, end - segment.start)

    def _token(self, path: Path, *, is_key: bool) -> Span:
        if self._places is None:
            wanted = {(segment.path, segment.is_key) for part in self._parts for segment in part.segments}
            self._places = _Scan(self._raw, wanted, self._documents).places
        return self._places[path, is_key]


class _Runs:
    """Characters of one JSON string to bytes: runs of characters that take equally many bytes."""

    def __init__(self, raw: bytes, token: Span) -> None:
        self._content = Span(token.start + 1, token.end - 1)
        self._chars: list[int] = []
        self._bytes: list[int] = []
        self._widths: list[int] = []
        count = 0
        for run in _RUNS.finditer(raw, token.start + 1, token.end - 1):
            width = _WIDTHS[run.lastgroup or "w1"]
            self._chars.append(count)
            self._bytes.append(run.start())
            self._widths.append(width)
            count += (run.end() - run.start()) // width
        self._count = count

    def span(self, start: int, end: int) -> Span:
        """Characters past the string's end stand in the codec's own separators: they map to its last character."""
        if not self._count:
            return self._content
        start = min(max(start, 0), self._count - 1)
        end = min(max(end, start + 1), self._count)
        last, width = self._place(end - 1)
        return Span(self._place(start)[0], last + width)

    def _place(self, char: int) -> tuple[int, int]:
        run = bisect_right(self._chars, char) - 1
        width = self._widths[run]
        return self._bytes[run] + (char - self._chars[run]) * width, width


class _Scan:
    """One pass over the tokens that notes where wanted keys and values stand."""

    def __init__(self, raw: bytes, wanted: set[_Key], documents: Sequence[Span]) -> None:
        self.places: dict[_Key, Span] = {}
        self._wanted = wanted
        self._keys: dict[bytes, str] = {}
        if not documents:
            self._walk(raw, Span(0, len(raw)), [])
        for number, document in enumerate(documents):
            self._walk(raw, document, [number])

    def _walk(self, raw: bytes, document: Span, path: list[Any]) -> None:
        """`path` are the steps to the value that comes next."""
        opened: list[int] = []  # where each container around it starts
        at_key = False
        for token in _TOKEN.finditer(raw, document.start, document.end):
            first = raw[token.start()]
            if first == ord('"') and at_key:
                path[-1] = self._key(token.group())
                self._note(path, token.start(), token.end(), is_key=True)
                at_key = False
            elif first in b"{[":
                opened.append(token.start())
                path.append("" if first == ord("{") else 0)
                at_key = first == ord("{")
            elif first in b"}]":
                path.pop()
                self._note(path, opened.pop(), token.end(), is_key=False)
                at_key = False
            elif first == ord(","):
                if isinstance(path[-1], int):
                    path[-1] += 1
                else:
                    at_key = True
            elif first != ord(":"):
                self._note(path, token.start(), token.end(), is_key=False)

    def _note(self, path: list[Any], start: int, end: int, *, is_key: bool) -> None:
        place = (tuple(path), is_key)
        if place in self._wanted:
            self.places[place] = Span(start, end)

    def _key(self, token: bytes) -> str:
        key = self._keys.get(token)
        if key is None:
            key = self._keys[token] = str(json.loads(token))
        return key
