"""The gate: a provider's answer passes through it frame by frame, and nothing leaves before it was judged.

Sans-io: bytes in, bytes to let go out. The laws:
1. Any cutting of the same bytes into chunks gives the same bytes out and the same findings.
2. A frame leaves when every character in it was judged, after all frames before it.
3. After a cut nothing leaves any more.
4. Its memory is bounded: by the longest frame, the frames that wait, the texts that are open at once.
What can be missed: a span longer than `growing.MAX_OPEN` without a space, and of a span of several words that are no
row (`tail`) what came before its last word. Both are found all the same, late; the answer is cut there.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Protocol

from firebreak.codecs.answer import AnswerReader, Channel, Delta, Heard
from firebreak.codecs.frames.frame import WHERE, Frame, Framer
from firebreak.codecs.frames.whole import Whole
from firebreak.detect.interface import Hit
from firebreak.model.conversation import Origin, Part, PartKind
from firebreak.model.errors import BadInput
from firebreak.model.finding import Span
from firebreak.model.reason import Reason
from firebreak.model.usage import Usage
from firebreak.pipeline.edit import apply, within
from firebreak.pipeline.growing import Edit, Found, GrowingText

MAX_TEXTS = 512
"""Texts of one answer that are open at once; 128 choices are the most an API gives."""

MAX_KNOWN = 4096
"""Texts that repeat from frame to frame (names, types) are judged once while no more than this many differ."""


class Cut(Exception):
    """The answer ends here. `reason` is why it could not be judged; None where a verdict ended it."""

    def __init__(self, reason: Reason | None = None, where: str = "") -> None:
        super().__init__()
        self.reason = reason
        self.where = where


class Bench(Protocol):
    """Who judges what is said in one answer, and keeps what its record needs."""

    def screen(self, part: Part) -> tuple[Hit, ...]:
        """What is found in a text. Raises `Cut` where a detector failed and the policy does not let that pass."""

    def weigh(self, found: Found, channel: Channel, span: Span, text: str) -> str | None:
        """None where the finding may stay, else what to write in its place. Raises `Cut`."""

    def call(self, channel: Channel, text: str) -> None:
        """A whole tool call. Raises `Cut`."""


@dataclass(slots=True)
class _Waiting:
    """A frame that has not left: where it begins in the answer, and the pieces of texts that are in it."""

    frame: Frame
    at: int
    pieces: list[tuple[GrowingText, int, Delta]] = field(default_factory=list)

    @property
    def cleared(self) -> bool:
        return all(text.cleared >= start + len(delta.text) for text, start, delta in self.pieces)


class Gate:
    """For one answer. `feed` and `end` give the bytes that may leave; both raise `Cut`, once, with `let_go` set to
    those that may leave before the end.
    """

    def __init__(self, framer: Framer, reader: AnswerReader, bench: Bench, max_held_bytes: int) -> None:
        self._framer = framer
        self._reader = reader
        self._bench = bench
        self._max_held = max_held_bytes
        self._come: deque[Frame] = deque()
        self._waiting: deque[_Waiting] = deque()
        self._held = 0
        self._texts: dict[str, GrowingText] = {}
        self._known: set[bytes] = set()
        self._at = 0
        self.let_go = bytearray()
        self.usage: Usage | None = None
        self.frames = 0
        self.complete = False

    @property
    def streams(self) -> bool:
        """Whether the answer comes in frames that an application takes one by one."""
        return not isinstance(self._framer, Whole)

    @property
    def held_bytes(self) -> int:
        return self._held

    def feed(self, chunk: bytes) -> None:
        """More of the answer; what may leave is added to `let_go`. Raises `Cut`."""
        try:
            self._come += self._framer.feed(chunk)
            self._take_all()
        except BadInput as error:
            raise Cut(error.reason, error.where) from error

    def end(self) -> None:
        """The provider has no more to say."""
        try:
            self._come += self._framer.end()
            self._take_all()
            self._close(list(self._texts))
            self._release()
        except BadInput as error:
            raise Cut(error.reason, error.where) from error

    def unjudged(self) -> bytes:
        """Everything that has come and has not left, for a policy that only watches."""
        held = [waiting.frame.raw for waiting in self._waiting]
        return b"".join([*held, *(frame.raw for frame in self._come), self._framer.rest()])

    def _take_all(self) -> None:
        while self._come:
            self._take(self._come[0])

    def _take(self, frame: Frame) -> None:
        self.frames += 1
        waiting = _Waiting(frame, self._at)
        self._at += len(frame.raw)
        heard = self._reader.read(frame) if frame.data else Heard()
        if frame.other:
            heard.deltas.append(Delta(_FRAME, frame.other, ()))
        self.usage = heard.usage or self.usage
        self.complete = self.complete or heard.last
        self._come.popleft()
        self._waiting.append(waiting)
        self._held += len(frame.raw)
        if self._held > self._max_held:
            raise Cut(Reason.RESPONSE_TOO_LARGE, WHERE)
        grown = [self._hear(waiting, delta) for delta in heard.deltas]
        self._judge(text for text in grown if text is not None)
        self._close(heard.closed)
        self._release()

    def _hear(self, waiting: _Waiting, delta: Delta) -> GrowingText | None:
        """Add a piece to its text. A text that is whole and was judged before says nothing new."""
        channel = delta.channel
        if not delta.open and channel.key not in self._texts:
            if _digest(delta) in self._known:
                return None
            text = GrowingText(channel)
            text.closed = True
        else:
            text = self._texts.get(channel.key) or self._opened(channel)
        waiting.pieces.append((text, text.end, delta))
        text.grow(delta.text)
        return text

    def _opened(self, channel: Channel) -> GrowingText:
        if len(self._texts) >= MAX_TEXTS:
            raise Cut(Reason.TOO_MANY_PARTS, WHERE)
        text = self._texts[channel.key] = GrowingText(channel)
        return text

    def _close(self, keys: Iterable[str]) -> None:
        closed = [text for text in (self._texts.pop(key, None) for key in keys) if text is not None]
        for text in closed:
            text.closed = True
        self._judge(closed)

    def _judge(self, texts: Iterable[GrowingText]) -> None:
        for text in texts:
            part = text.part()
            if part is None:
                continue
            if text.closed and text.channel.kind is PartKind.TOOL_CALL:
                self._bench.call(text.channel, part.text)
            for found in text.judged(self._bench.screen(part)):
                self._weigh(text, found)

    def _weigh(self, text: GrowingText, found: Found) -> None:
        replacement = self._bench.weigh(found, text.channel, self._span(text, found), text.said(found))
        if replacement is None:
            return
        if found.late or text.channel.copied:
            raise Cut
        text.edits.append(Edit(found.start, found.end, replacement))

    def _span(self, text: GrowingText, found: Found) -> Span:
        """Bytes of the answer. What has left is counted from the first frame that still waits."""
        places = [
            (waiting, start, delta)
            for waiting in self._waiting
            for other, start, delta in waiting.pieces
            if other is text and start < found.end and start + len(delta.text) > found.start
        ]
        if not places:
            return Span(self._at, self._at)
        first, last = places[0], places[-1]
        begin = within(first[0].frame, first[2], found.start - first[1], found.end - first[1])
        finish = within(last[0].frame, last[2], found.start - last[1], found.end - last[1])
        return Span(first[0].at + begin.start, last[0].at + finish.end)

    def _release(self) -> None:
        left: list[GrowingText] = []
        while self._waiting and self._waiting[0].cleared:
            waiting = self._waiting.popleft()
            self._held -= len(waiting.frame.raw)
            self.let_go += _rendered(waiting)
            for text, _, delta in waiting.pieces:
                if delta.open:
                    left.append(text)
                elif len(self._known) < MAX_KNOWN and not text.edits:
                    self._known.add(_digest(delta))
        for text in left:
            text.forget()


_FRAME = Channel(PartKind.METADATA, "frame", copied=True, origin=Origin.ASSISTANT)


def _digest(delta: Delta) -> bytes:
    """Of all that its judgement depends on. It stands for the text, which may be long."""
    kind, _, name, _, origin = delta.channel
    said = f"{kind}\0{origin}\0{len(name)}\0{name}\0{delta.text}"
    return blake2b(said.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _rendered(waiting: _Waiting) -> bytes:
    """The frame as it came, or with the edits that concern it."""
    changes = [
        (delta, [edit for edit in text.edits if edit.start < start + len(delta.text) and edit.end > start], start)
        for text, start, delta in waiting.pieces
        if text.edits
    ]
    changes = [change for change in changes if change[1]]
    return apply(waiting.frame, changes) if changes else waiting.frame.raw
