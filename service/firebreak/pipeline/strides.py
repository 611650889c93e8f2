"""The stretches of a growing text by which it is told what it is about.

A text is looked at whenever a stride has come on top, and at its end: each time at what came last, as far back as two
strides. Where that is depends on the text alone, however it was cut.
"""

from collections.abc import Iterator

STRIDE = 512
"""Characters between two looks; some hundred words are enough to tell a subject by."""

_SHARE = 64
"""Of a very long text the strides are this share of what has come, so that the looks stay few."""

_WIDEST = 4096
"""Characters between two looks at most: a stretch, and what is made of it, has to fit a bounded memory."""

_LEAST = 64
"""Characters that a pause has to bring to be looked at; at the end of a text every character is."""


class Strides:
    """Keeps two strides of the text, however long it is."""

    __slots__ = ("_base", "_end", "_looked", "_new", "_next", "_text")

    def __init__(self) -> None:
        self._new: list[str] = []
        self._text = ""
        self._base = 0
        self._end = 0
        self._looked = 0
        self._next = STRIDE

    def grow(self, text: str) -> None:
        self._new.append(text)
        self._end += len(text)

    def due(self, *, paused: bool, closed: bool) -> Iterator[tuple[int, str]]:
        """The stretches that have become due, in order, each with the place in the text where it begins."""
        unseen = self._end - self._looked
        whole = (closed and unseen > 0) or (paused and unseen >= _LEAST)
        if self._end < self._next and not whole:
            return
        self._text += "".join(self._new)
        self._new.clear()
        while self._end >= self._next:
            yield self._stretch(self._next)
            self._next += self._stride
        if whole and self._end > self._looked:
            yield self._stretch(self._end)
        keep = max(self._end - 2 * self._stride, self._base)
        self._text, self._base = self._text[keep - self._base :], keep

    @property
    def _stride(self) -> int:
        return min(max(STRIDE, self._next // _SHARE), _WIDEST)

    def _stretch(self, end: int) -> tuple[int, str]:
        self._looked = end
        start = max(end - 2 * self._stride, self._base)
        return start, self._text[start - self._base : end - self._base]
