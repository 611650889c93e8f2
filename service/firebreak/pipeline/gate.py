"""The gate: a provider's answer passes through it frame by frame, and nothing leaves before it was judged.

Sans-io: bytes in, bytes to let go out. The laws:
1. Any cutting of the same bytes into chunks gives the same bytes out and the same findings.
2. A frame leaves when every character in it was judged, after all frames before it.
3. After a cut nothing leaves any more.
4. Its memory is bounded: by the longest frame, the frames that wait, the texts that are open at once.
What can be missed: a span longer than `growing.MAX_OPEN` without a space, and of a span of several words that are no
row (`tail`) what came before its last word. Both are found all the same, late; the answer is cut there.
"""

from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
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
from firebreak.pipeline.edit import Edit, Places
from firebreak.pipeline.growing import Found, GrowingText
from firebreak.pipeline.spent import Spent
from firebreak.pipeline.strides import Strides

MAX_TEXTS = 512
"""Texts of one answer that are open at once; 128 choices are the most an API gives."""

MAX_DELTAS = 20_000
"""Texts of one frame, as many as a request may have parts."""

MAX_WAITING = 32_768
"""Frames that wait at once. The bytes that wait are bounded by themselves; this bounds what is kept beside them."""

MAX_KNOWN = 4096
"""Texts that repeat from frame to frame (names, types) are judged once while no more than this many differ."""


_SHORT = 64
_KEPT = 64
"""Pieces that have left and are kept, so that a list is not moved for each."""


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

    def hear(self, channel: Channel, stretch: str) -> Sequence[Hit]:
        """What a stretch of a text is about and what it is like. Raises `Cut`."""


class _Text(GrowingText):
    """A text and its pieces that wait, in order."""

    __slots__ = ("_gone", "_pieces", "_strides")

    def __init__(self, channel: Channel) -> None:
        super().__init__(channel)
        self._pieces: list[_Piece] = []
        self._gone = 0
        self._strides = Strides()

    def add(self, piece: "_Piece") -> None:
        self._pieces.append(piece)
        self.grow(piece.delta.text)
        self._strides.grow(piece.delta.text)

    def stretches(self) -> Iterator[tuple[int, str]]:
        """What is to be looked at now to know what the text is about and like, with its place."""
        return self._strides.due(paused=self.paused, closed=self.closed)

    def leave(self) -> None:
        """The first piece that waits leaves."""
        self.left = self._pieces[self._gone].end
        self._gone += 1
        if self._gone > _KEPT and self._gone * 2 > len(self._pieces):
            del self._pieces[: self._gone]
            self._gone = 0

    def touched(self, start: int, end: int) -> "list[_Piece]":
        """The waiting pieces that characters stand in."""
        first = bisect_right(self._pieces, start, lo=self._gone, key=_start) - 1
        after = bisect_left(self._pieces, end, lo=self._gone, key=_start)
        return self._pieces[max(first, self._gone) : after]


@dataclass(slots=True, eq=False)
class _Piece:
    """A piece of a text in a frame that waits: where it begins in its text, and what is to be changed in it."""

    text: _Text
    start: int
    end: int
    delta: Delta
    waiting: "_Waiting"
    index: int
    edits: list[Edit] = field(default_factory=list)


def _start(piece: _Piece) -> int:
    return piece.start


class _Waiting:
    """A frame that has not left: where it begins in the answer, and the pieces of texts that are in it."""

    __slots__ = ("_places", "at", "frame", "pieces")

    def __init__(self, frame: Frame, at: int) -> None:
        self.frame = frame
        self.at = at
        self.pieces: list[_Piece] = []
        self._places: Places | None = None

    @property
    def cleared(self) -> bool:
        return all(piece.text.cleared >= piece.end for piece in self.pieces)

    def span(self, piece: _Piece, start: int, end: int) -> Span:
        """The bytes of the answer behind characters of a text, as far as they are in this frame."""
        found = self._found().within(piece.index, start - piece.start, end - piece.start)
        return Span(self.at + found.start, self.at + found.end)

    def rendered(self) -> bytes:
        """The frame as it came, or with the edits that concern it."""
        changes = [(index, piece.start, piece.edits) for index, piece in enumerate(self.pieces) if piece.edits]
        return self._found().edited(changes) if changes else self.frame.raw

    def _found(self) -> Places:
        if self._places is None:
            self._places = Places(self.frame, [piece.delta for piece in self.pieces])
        return self._places


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
        self._texts: dict[str, _Text] = {}
        self._known: set[object] = set()
        self._at = 0
        self.let_go = bytearray()
        self.spent = Spent()

    @property
    def streams(self) -> bool:
        """Whether the answer comes in frames that an application takes one by one."""
        return not isinstance(self._framer, Whole)

    def feed(self, chunk: bytes) -> None:
        """More of the answer; what may leave is added to `let_go`. Raises `Cut`."""
        try:
            while frames := self._framer.feed(chunk):
                self._take_all(frames)
                chunk = b""
        except BadInput as error:
            raise Cut(error.reason, error.where) from error

    def end(self) -> None:
        """The provider has no more to say."""
        try:
            while frames := self._framer.end():
                self._take_all(frames)
            self._close(list(self._texts))
            self._release()
        except BadInput as error:
            raise Cut(error.reason, error.where) from error

    def unjudged(self) -> bytes:
        """Everything that has come and has not left, for a policy that only watches."""
        held = [waiting.rendered() for waiting in self._waiting]
        return b"".join([*held, *(frame.raw for frame in self._come), self._framer.rest()])

    def _take_all(self, frames: Iterable[Frame]) -> None:
        self._come.extend(frames)
        while self._come:
            self._take(self._come[0])

    def _take(self, frame: Frame) -> None:
        heard = self._reader.read(frame) if frame.data else Heard()
        if frame.other:
            heard.deltas.append(Delta(_FRAME, frame.other, ()))
        self.spent.hear(heard)
        waiting = _Waiting(frame, self._at)
        self._at += len(frame.raw)
        self._come.popleft()
        self._waiting.append(waiting)
        self._held += len(frame.raw)
        if self._held > self._max_held or len(self._waiting) > MAX_WAITING:
            raise Cut(Reason.RESPONSE_TOO_LARGE, WHERE)
        if len(heard.deltas) > MAX_DELTAS:
            raise Cut(Reason.TOO_MANY_PARTS, WHERE)
        grown = [self._hear(waiting, delta) for delta in heard.deltas]
        paused = self._pause(heard.paused)
        self._judge([*(text for text in grown if text is not None), *paused])
        self._close(heard.closed)
        self._release()

    def _hear(self, waiting: _Waiting, delta: Delta) -> _Text | None:
        """Add a piece to its text. A text that is whole and was judged before says nothing new."""
        channel = delta.channel
        if not delta.open and channel.key not in self._texts:
            if _mark(delta) in self._known:
                return None
            text = _Text(channel)
            text.closed = True
        else:
            text = self._texts.get(channel.key) or self._opened(channel)
        piece = _Piece(text, text.end, text.end + len(delta.text), delta, waiting, len(waiting.pieces))
        waiting.pieces.append(piece)
        text.add(piece)
        return text

    def _opened(self, channel: Channel) -> _Text:
        if len(self._texts) >= MAX_TEXTS:
            raise Cut(Reason.TOO_MANY_PARTS, WHERE)
        text = self._texts[channel.key] = _Text(channel)
        return text

    def _close(self, keys: Iterable[str]) -> None:
        closed = [text for text in (self._texts.pop(key, None) for key in keys) if text is not None]
        for text in closed:
            text.closed = True
        self._judge(closed)

    def _pause(self, keys: Iterable[str]) -> list[_Text]:
        paused = [text for text in map(self._texts.get, keys) if text is not None]
        for text in paused:
            text.paused = True
        return paused

    def _judge(self, texts: Iterable[_Text]) -> None:
        for text in texts:
            for start, stretch in text.stretches():
                for found in text.told(start, self._bench.hear(text.channel, stretch)):
                    self._weigh(text, found, stretch[found.start - start : found.end - start])
            part = text.part()
            if part is None:
                continue
            if text.closed and text.channel.kind is PartKind.TOOL_CALL:
                self._bench.call(text.channel, part.text)
            for found in text.judged(self._bench.screen(part)):
                self._weigh(text, found, text.said(found))
            text.forget()

    def _weigh(self, text: _Text, found: Found, said: str) -> None:
        touched = text.touched(found.start, found.end)
        replacement = self._bench.weigh(found, text.channel, self._span(touched, found), said)
        if replacement is None:
            return
        placed = bool(touched) and all(piece.delta.segments for piece in touched)
        if found.late or text.channel.copied or not placed:
            raise Cut
        edit = Edit(found.start, found.end, replacement)
        for piece in touched:
            piece.edits.append(edit)

    def _span(self, touched: list[_Piece], found: Found) -> Span:
        """Bytes of the answer. Of a late finding only those that still wait have a place."""
        if not touched:
            return Span(self._at, self._at)
        first, last = touched[0], touched[-1]
        begin = first.waiting.span(first, found.start, found.end)
        finish = last.waiting.span(last, found.start, found.end)
        return Span(begin.start, finish.end)

    def _release(self) -> None:
        while self._waiting and self._waiting[0].cleared:
            waiting = self._waiting.popleft()
            self._held -= len(waiting.frame.raw)
            self.let_go += waiting.rendered()
            for piece in waiting.pieces:
                piece.text.leave()
                if not piece.delta.open and not piece.edits and len(self._known) < MAX_KNOWN:
                    self._known.add(_mark(piece.delta))


_FRAME = Channel(PartKind.METADATA, "frame", copied=True, origin=Origin.ASSISTANT)


def _mark(delta: Delta) -> object:
    """All that its judgement depends on, or a digest of it, where the text is long."""
    kind, _, name, _, origin = delta.channel[:5]
    if len(delta.text) <= _SHORT:
        return kind, origin, name, delta.text
    said = f"{kind}\0{origin}\0{len(name)}\0{name}\0{delta.text}"
    return blake2b(said.encode("utf-8", "surrogatepass"), digest_size=16).digest()
