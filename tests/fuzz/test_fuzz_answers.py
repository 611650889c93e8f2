"""Contract: a reader of answers returns `Heard` or raises `BadInput`, whatever the bytes; what it heard has a place."""

import copy
import json
import os
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.fuzz.test_fuzz_codecs import JUNK, MARK, mutate, nodes
from tests.tools.answer_cases import CASES, Case
from tests.unit.codecs.frames.framing import frames

from firebreak.codecs import registry
from firebreak.codecs.answer import AnswerReader, Heard
from firebreak.codecs.frames.frame import Frame
from firebreak.codecs.locate import Locator
from firebreak.codecs.routes import ROUTES
from firebreak.model.conversation import Origin, Part, Role
from firebreak.model.errors import BadInput
from firebreak.model.refusal import Refusal

EXAMPLES = int(os.environ.get("FIREBREAK_FUZZ_EXAMPLES", "200"))
EVERY = [case for cases in CASES.values() for case in cases.values()]
SURFACES = ["", *sorted({route.target.surface for route in ROUTES})]
TYPES = ["application/json", "text/event-stream", "application/x-ndjson", "text/plain", "", "audio/mpeg", "a/b+json"]


def holds_contract(reader: AnswerReader, one: Frame) -> bool:
    """Whether the frame could be read."""
    refusal, heard = "", Heard()
    try:
        heard = reader.read(one)
    except BadInput as error:
        refusal = f"{error.reason.code} {error}"
    assert MARK not in refusal
    if refusal:
        return False
    deltas = [delta for delta in heard.deltas if delta.segments]
    parts = [Part(d.channel.kind, Role.ASSISTANT, Origin.ASSISTANT, d.text, d.segments) for d in deltas]
    locator = Locator(one.data, parts)
    for index, part in enumerate(parts):
        span = locator.span(index, 0, len(part.text))
        assert 0 <= span.start <= span.end <= len(one.data)
        locator.pieces(index, 0, len(part.text))
    return True


def through(case: Case, content_type: str, body: bytes) -> None:
    reader = registry.answer_reader(case.surface)
    framer = reader.framer(content_type, 1 << 16)
    if framer is None:
        return
    try:
        found = frames(framer, [body])
    except BadInput:
        return
    for one in found:
        if one.data and not holds_contract(reader, one):
            return


def framed(value: Any) -> Frame:
    raw = json.dumps(value, ensure_ascii=False).encode()
    return Frame(raw, raw, 0, bytes)


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.data())
def test_mutated_answers(data):
    case = data.draw(st.sampled_from(EVERY))
    reader = registry.answer_reader(case.surface)
    framer = reader.framer(case.content_type, 1 << 20)
    assert framer is not None
    values = [json.loads(one.data) for one in frames(framer, [case.body]) if one.data not in (b"", b"[DONE]")]
    values = copy.deepcopy(values)
    for _ in range(data.draw(st.integers(1, 4))):
        value = data.draw(st.sampled_from(values))
        if nodes(value):
            mutate(data, value)
    for value in data.draw(st.permutations(values)) if data.draw(st.booleans()) else values:
        if not holds_contract(reader, framed(value)):
            return


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.data())
def test_damaged_bytes(data):
    case = data.draw(st.sampled_from(EVERY))
    raw = bytearray(case.body)
    start = data.draw(st.integers(0, len(raw)))
    piece = data.draw(
        st.sampled_from([b"\n\n", b"\r", b"data: ", b"{", b"]", b'"', b"\xff", b"\\ud800", b"", b"\xef\xbb\xbf"])
    )
    raw[start : data.draw(st.integers(start, min(start + 8, len(raw))))] = piece
    through(case, data.draw(st.sampled_from([case.content_type, *TYPES])), bytes(raw))
    through(case, case.content_type, bytes(raw[:start]))


@settings(max_examples=EXAMPLES, deadline=None)
@given(
    st.sampled_from(SURFACES),
    st.lists(st.recursive(JUNK, lambda inner: st.dictionaries(st.text(max_size=5), inner, max_size=3)), max_size=3),
    st.sampled_from(TYPES),
)
def test_any_json_in_any_reader(surface, values, content_type):
    reader = registry.answer_reader(surface)
    reader.framer(content_type, 100)
    for value in values:
        holds_contract(reader, framed(value))


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.sampled_from(SURFACES), st.text(), st.integers(), st.sampled_from(["policy", "unavailable", "invalid", ""]))
def test_a_cut_is_total(surface, text, status, kind):
    assert registry.answer_reader(surface).cut(Refusal(status, text, text, kind, text))
