"""One text of an answer while it grows: what of it is judged, what may leave, what waits.

forgotten | looked back at | judged, leaving |  open end  |
base                              cleared      end          (characters since the text began)
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from firebreak.codecs.answer import Channel
from firebreak.detect.interface import Hit
from firebreak.detect.leak import BEGUN
from firebreak.model.conversation import Part, PartKind, Role
from firebreak.model.finding import FindingKind, Severity
from firebreak.pipeline.tail import open_end

LOOK_BACK = 512
"""Characters that were judged and are read again, as context for what follows: `password:` before the password."""

MAX_OPEN = 4096
"""Characters of an open end that wait at most, but for a finding in it that may go on. Of a longer word the beginning
leaves before its end is known.
"""

OF_THE_TEXT = frozenset({FindingKind.WASTE, FindingKind.PRESSURE})
"""Kinds of findings that say what a text is like: they grow with it, hold nothing of it back, and are told once where
they begin, and again when they are worse."""

_SPACE = re.compile(r"\s")


@dataclass(frozen=True, slots=True)
class Found:
    """A hit in a text of the answer. `late`: some of it has left already."""

    hit: Hit
    start: int
    end: int
    late: bool


class GrowingText:
    """Keeps its open end and what is needed as context; its memory does not depend on its length."""

    __slots__ = (
        "_again",
        "_base",
        "_new",
        "_opened",
        "_seen",
        "_text",
        "_unheard",
        "_worst",
        "channel",
        "cleared",
        "closed",
        "end",
        "left",
        "paused",
    )

    def __init__(self, channel: Channel) -> None:
        self.channel = channel
        self.end = 0
        self.cleared = 0
        self.left = 0
        """Characters before this one have left."""
        self.closed = False
        self.paused = False
        """Nothing more is expected, so nothing waits for it. What comes all the same continues the text."""
        self._base = 0
        self._text = ""
        self._unheard = True
        self._new: list[str] = []
        self._opened = 0
        self._again = 0
        self._seen: set[tuple[str, int, int]] = set()
        self._worst: dict[str, tuple[Severity, float]] = {}

    def grow(self, text: str) -> None:
        self._new.append(text)
        self.end += len(text)
        self.paused = False

    @property
    def waits_whole(self) -> bool:
        """A tool call is judged in one piece: nothing can be done with half of it anyway."""
        return self.channel.kind is PartKind.TOOL_CALL and not self.closed

    def part(self) -> Part | None:
        """What is to be screened now; None where nothing more of the text could be judged."""
        if self.waits_whole or (self.end < self._again and not self._whole):
            return None
        self._opened = self._open_end()
        # A picture may have no text at all, and is judged all the same.
        if self._opened <= self.cleared and not (self.closed and self._unheard):
            return None
        channel = self.channel
        return Part(channel.kind, Role.ASSISTANT, channel.origin, self._text, (), channel.name)

    def judged(self, hits: tuple[Hit, ...]) -> list[Found]:
        """Take what was found in the latest `part()`; hits that are new and cannot grow any more are returned."""
        self._unheard = False
        cleared = self._opened
        found = []
        for hit in hits:
            start, end = self._base + hit.start, self._base + hit.end
            whole = hit.kind in OF_THE_TEXT
            key = (f"{hit.rule} {hit.severity}", start, start + 1) if whole else (hit.rule, start, end)
            if hit.rule == BEGUN:
                cleared = min(cleared, self._opened if self._whole else max(start, self.end - MAX_OPEN))
            elif end > self._opened and not whole:
                cleared = min(cleared, start)
            elif key not in self._seen:
                self._seen.add(key)
                found.append(Found(hit, start, end, start < self.left))
        self.cleared = max(self.cleared, cleared)
        waits = self.end - self.cleared
        # What waits long is read again when half as much has come on top, so that all readings of it stay linear.
        self._again = self.end + waits // 2 if waits >= MAX_OPEN else 0
        return found

    def told(self, start: int, hits: Sequence[Hit]) -> list[Found]:
        """Of the hits in a stretch that begins at `start` a rule's first, and worse ones: stretches overlap."""
        found = []
        for hit in hits:
            how = (hit.severity, hit.score)
            if hit.rule not in self._worst or how > self._worst[hit.rule]:
                self._worst[hit.rule] = how
                found.append(Found(hit, start + hit.start, start + hit.end, start + hit.start < self.left))
        return found

    def said(self, found: Found) -> str:
        """The characters that were found."""
        return self._text[found.start - self._base : found.end - self._base]

    def forget(self) -> None:
        """Let go of what is no longer needed as context. To be called when what was found has been weighed."""
        keep = self.cleared - LOOK_BACK
        if keep - self._base < LOOK_BACK:
            return
        # What is kept begins with a word: half a word could look like what it is not.
        space = _SPACE.search(self._text, keep - self._base, self.cleared - self._base)
        keep = self._base + space.end() if space else keep
        self._text = self._text[keep - self._base :]
        self._base = keep
        self._seen = {key for key in self._seen if key[2] > keep}

    @property
    def _whole(self) -> bool:
        return self.closed or self.paused

    def _open_end(self) -> int:
        """Where the open end begins, in characters since the text began."""
        if self._new:
            self._text += "".join(self._new)
            self._new.clear()
        if self._whole:
            return self.end
        opened = self._base + open_end(self._text, self.cleared - self._base)
        # What is longer is judged as far as it has come: a finding at its end still holds back what belongs to it.
        return max(opened, self.end - MAX_OPEN)
