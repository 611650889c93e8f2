"""Laws of framers and of the readers of answers: whatever the cutting, and whatever stands where."""

import copy
import json
from collections import Counter
from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.tools.answer_cases import CASES, PICTURE, SEALED, SIGNATURE, Case
from tests.unit.codecs.frames.framing import bytewise, frames
from tests.unit.codecs.hearing import frame

from firebreak.codecs import registry
from firebreak.codecs.answer import Heard
from firebreak.codecs.frames.frame import Frame, Framer
from firebreak.codecs.frames.lines import Lines
from firebreak.codecs.frames.sse import Sse
from firebreak.codecs.frames.whole import Whole
from firebreak.codecs.locate import Locator
from firebreak.model.conversation import Origin, Part, Role
from firebreak.model.errors import BadInput

EVERY = [(f"{api}/{name}", case) for api, cases in CASES.items() for name, case in cases.items()]
BITS = st.sampled_from(
    [
        b"data",
        b"event",
        b":",
        b" ",
        b"\r",
        b"\n",
        b"\r\n",
        b"\xef\xbb\xbf",
        b"{}",
        b"a",
        b"\xff",
        b"\x00",
        b"[DONE]",
        b"\n\n",
    ]
)
STREAMS = st.lists(BITS, max_size=30).map(b"".join)


def seen(framer: Framer, chunks: list[bytes]) -> tuple[list[tuple[bytes, bytes, int, str, str]], str]:
    """The frames and what ended them, and the bytes that are left."""
    found: list[Frame] = []
    ended = ""
    try:
        for chunk in chunks:
            piece = chunk
            while more := framer.feed(piece):
                found += more
                piece = b""
        while more := framer.end():
            found += more
    except BadInput as error:
        ended = error.reason.code
    return [(one.raw, one.data, one.at, one.event, one.other) for one in found], ended


@settings(deadline=None)
@given(
    STREAMS, st.lists(st.integers(0, 200), max_size=8), st.sampled_from([Sse, Lines, Whole]), st.sampled_from([8, 1000])
)
def test_any_cutting_of_the_same_bytes_gives_the_same_frames(raw, cuts, framer, limit):
    places = sorted({min(cut, len(raw)) for cut in cuts} | {0, len(raw)})
    pieces = [raw[start:end] for start, end in pairwise(places)]
    whole = seen(framer(limit), [raw])
    assert seen(framer(limit), pieces) == whole
    assert seen(framer(limit), bytewise(raw)) == whole
    assert raw.startswith(b"".join(one[0] for one in whole[0]))
    assert whole[1] or b"".join(one[0] for one in whole[0]) == raw


@settings(deadline=None)
@given(STREAMS, st.sampled_from([Sse, Lines, Whole]))
def test_data_stands_where_its_frame_says_and_is_written_there(raw, framer):
    for one in seen(framer(1000), [raw])[0]:
        assert one[2] < 0 or one[0][one[2] : one[2] + len(one[1])] == one[1]
    try:
        found = frames(framer(1000), [raw])
    except BadInput:
        return
    for each in found:
        if each.at >= 0:
            assert each.write(each.data) == each.raw


def test_a_frame_in_pieces_of_one_byte_takes_linear_work():
    """Each search begins where the last one ended: what a byte costs does not depend on those before it."""
    for framer in (Sse(1 << 20), Lines(1 << 20)):
        for _ in range(2000):
            framer.feed(b"a")
            assert framer._seen == len(framer._buffer.bytes)


STRINGS = st.sampled_from(
    [
        "sk-proj-9aB2cD4eF6gH8iJ0kL",
        "AKIAQ3EGRZ5XWY7TNBMK",
        "two words",
        "bob@example.com",
        "4111 1111 1111 1111",
        "été",
        "tag:7",
    ]
)
IDS = {"id", "call_id", "item_id", "tool_use_id", "system_fingerprint", "obfuscation", "file_id", "container_id"}
IDS |= {"approval_request_id", "previous_response_id"}
ECHOES = {"instructions", "tools", "tool_choice", "text", "reasoning", "metadata", "prompt", "user"}


def places(value: Any, host: Any = None, key: Any = None, path: tuple = ()) -> list[tuple[Any, Any, tuple]]:
    """Every value but the whole, with what it stands in."""
    found = [(host, key, path)] if path else []
    steps = (
        list(value.items()) if isinstance(value, dict) else list(enumerate(value)) if isinstance(value, list) else []
    )
    for step, inner in steps:
        found += places(inner, value, step, (*path, step))
    return found


def echoed(path: tuple) -> bool:
    """Within what a response repeats of the request."""
    return bool(ECHOES & set(path[:1])) or (path[:1] == ("response",) and bool(ECHOES & set(path[1:2])))


def told(heard: list[Heard]) -> str:
    return "\n".join(delta.text for each in heard for delta in each.deltas)


def documents(case: Case) -> list[Any]:
    raws = [one.data for one in frames(framer_of(case), [case.body])]
    return [json.loads(raw) for raw in raws if raw and raw != b"[DONE]"]


def framer_of(case: Case) -> Framer:
    framer = registry.answer_reader(case.surface).framer(case.content_type, 1 << 20)
    assert framer is not None
    return framer


def heard_of(case: Case, values: list[Any]) -> list[Heard] | None:
    """None where the answer is refused: then nobody sees it."""
    reader = registry.answer_reader(case.surface)
    reader.framer(case.content_type, 1 << 20)
    try:
        return [reader.read(frame(value)) for value in values]
    except BadInput:
        return None


@settings(deadline=None, max_examples=400)
@given(st.data())
def test_every_string_is_heard_wherever_it_is_planted(data):
    """In the place of any value or as a member of any object; but for ids, and what repeats the request."""
    _, case = data.draw(st.sampled_from(EVERY))
    values = documents(case)
    marker = data.draw(STRINGS)
    number = data.draw(st.integers(0, len(values) - 1))
    body = values[number]
    spots = places(body)
    host, key, path = data.draw(st.sampled_from(spots)) if spots else (body, "x", ("x",))
    how = data.draw(st.sampled_from(["instead", "beside", "as a key", "within"]))
    if how == "instead":
        host[key] = marker
    elif how == "within":
        host[key] = {"inner": [marker]}
    elif isinstance(host, dict):
        host[marker if how == "as a key" else "x_added"] = None if how == "as a key" else marker
    else:
        host.append(marker)
    heard = heard_of(case, values)
    if heard is None or echoed(path) or (how == "instead" and key in IDS):
        return
    assert marker in told(heard), (path, how)


@settings(deadline=None, max_examples=300)
@given(st.data())
def test_a_string_in_pieces_is_one_text_or_refused(data):
    """Whatever member of a stream's delta grows, known or not, its pieces come together in one channel."""
    name, start, member = data.draw(
        st.sampled_from(
            [
                ("openai.chat", {"choices": [{"index": 0, "delta": {}}]}, ("choices", 0, "delta")),
                ("anthropic.messages", {"type": "content_block_delta", "index": 0, "delta": {}}, ("delta",)),
            ]
        )
    )
    field = data.draw(st.sampled_from(["content", "text", "thinking", "reasoning", "verse", "x", "reasoning_content"]))
    nested = data.draw(st.booleans())
    cut = data.draw(st.integers(1, 19))
    secret, values = "AKIAQ3EGRZ5XWY7TNBMK", []
    for piece in (secret[:cut], secret[cut:]):
        value = copy.deepcopy(start)
        host: Any = value
        for step in member:
            host = host[step]
        host[field] = {"inner": [piece]} if nested else piece
        values.append(value)
    reader = registry.answer_reader(name)
    texts: Counter[str] = Counter()
    joined: dict[str, str] = {}
    for value in values:
        for delta in reader.read(frame(value)).deltas:
            joined[delta.channel.key] = joined.get(delta.channel.key, "") + delta.text
            texts[delta.channel.key] += 1
    assert any(secret in text for text in joined.values())


@settings(deadline=None, max_examples=200)
@given(st.data())
def test_every_piece_of_text_has_its_place_in_the_frame(data):
    _, case = data.draw(st.sampled_from(EVERY))
    values = documents(case)
    body = data.draw(st.sampled_from(values))
    spots = places(body)
    if spots:
        host, key, _ = data.draw(st.sampled_from(spots))
        host[key] = data.draw(STRINGS | st.just({"a b": [1, None, "x"]}))
    reader = registry.answer_reader(case.surface)
    reader.framer(case.content_type, 1 << 20)
    for value in values:
        one = frame(value)
        try:
            deltas = [delta for delta in reader.read(one).deltas if delta.segments]
        except BadInput:
            return
        parts = [Part(d.channel.kind, Role.ASSISTANT, Origin.ASSISTANT, d.text, d.segments) for d in deltas]
        locator = Locator(one.data, parts)
        for index, part in enumerate(parts):
            span = locator.span(index, 0, len(part.text))
            assert 0 <= span.start <= span.end <= len(one.data)
            for piece, quoted in locator.pieces(index, 0, len(part.text)):
                assert 0 <= piece.start <= piece.end <= len(one.data)
                assert not quoted or (one.data[piece.start - 1 : piece.start] == b'"') or piece.start == piece.end


def test_opaque_samples_are_what_the_law_leaves_out():
    for name, case in EVERY:
        heard = heard_of(case, documents(case))
        assert heard is not None, name
        for hidden in (SIGNATURE, SEALED, PICTURE):
            assert hidden not in told(heard), name
