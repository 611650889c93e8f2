"""The bytes a span covers decode to exactly the characters it stands for, however the JSON was spelled."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.tools.golden_codecs import exchange_of, load, recorded
from tests.unit.codecs.exchanges import exchange
from tests.unit.codecs.forms import asked, chat, upload

from firebreak.codecs import registry
from firebreak.codecs.flatten import flatten
from firebreak.codecs.generic import Generic
from firebreak.codecs.locate import Locator
from firebreak.codecs.openai_files import OpenAIFiles
from firebreak.codecs.routes import PassThrough
from firebreak.codecs.strict_json import parse
from firebreak.model.conversation import Origin, Part, PartKind, Role

CHARACTERS = st.sampled_from('ab"\\/\n\t\x00\x7fé߿漢\uffff😀\U0010ffff {}[]:,1-') | st.characters(codec="utf-8")
TEXTS = st.text(CHARACTERS, max_size=12)
VALUES = st.recursive(
    TEXTS | st.integers() | st.booleans() | st.none() | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)
SHORT = {"\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", '"': '\\"', "\\": "\\\\", "/": "\\/"}
SPACE = st.sampled_from(["", " ", "\n\t", "\r\n "])


def spell_character(draw, character: str) -> str:
    """One of the spellings JSON allows: as it is, a short escape, or \\u with digits in either case."""
    choices = []
    if character >= " " and character not in '"\\':
        choices.append(character)
    if character in SHORT:
        choices.append(SHORT[character])
    units = character.encode("utf-16-be")
    escape = "".join(f"\\u{units[i : i + 2].hex()}" for i in range(0, len(units), 2))
    choices += [escape, escape.replace("a", "A").replace("d", "D")]
    spelled: str = draw(st.sampled_from(choices))
    return spelled


def spell(draw, value: Any) -> str:
    if isinstance(value, str):
        return '"' + "".join(spell_character(draw, character) for character in value) + '"'
    if isinstance(value, list):
        inner = ",".join(draw(SPACE) + spell(draw, item) + draw(SPACE) for item in value)
        return f"[{inner}]"
    if isinstance(value, dict):
        members = (
            draw(SPACE) + spell(draw, key) + draw(SPACE) + ":" + spell(draw, item) for key, item in value.items()
        )
        return "{" + ",".join(members) + "}"
    return json.dumps(value)


def decoded(raw: bytes) -> str:
    text: str = json.loads(b'"' + raw + b'"')
    return text


@settings(deadline=None)
@given(st.data())
def test_a_span_decodes_to_the_text_it_stands_for(data):
    value = data.draw(VALUES)
    raw = spell(data.draw, value).encode()
    assert parse(raw) == value
    text, segments = flatten(value)
    locator = Locator(raw, [Part(PartKind.TEXT, Role.USER, Origin.USER, text, segments)])
    previous = 0
    ends = [following.start for following in segments[1:]] + [len(text)]
    for segment, end in zip(segments, ends, strict=False):
        holder: Any = value
        for step in segment.path[:-1] if segment.is_key else segment.path:
            holder = holder[step]
        piece = segment.path[-1] if segment.is_key else holder
        if not isinstance(piece, str):
            span = locator.span(0, segment.start, end)
            assert json.loads(raw[span.start : span.end]) == piece
        elif piece:
            first = data.draw(st.integers(0, len(piece) - 1))
            last = data.draw(st.integers(first + 1, len(piece)))
            span = locator.span(0, segment.start + first, segment.start + last)
            assert decoded(raw[span.start : span.end]) == piece[first:last]
        span = locator.span(0, segment.start, end)
        assert previous <= span.start <= span.end <= len(raw)
        previous = span.start


@settings(deadline=None)
@given(st.sampled_from([load(path) for path in recorded()]), st.data())
def test_every_piece_of_a_real_request_has_its_place(request, data):
    exchange = exchange_of(request)
    codec = registry.pick(exchange)
    assert not isinstance(codec, PassThrough)
    parts = codec.read(exchange).parts
    locator = Locator(exchange.body, parts)
    for index, part in enumerate(parts):
        start = data.draw(st.integers(0, len(part.text)))
        span = locator.span(index, start, data.draw(st.integers(start, len(part.text))))
        assert 0 <= span.start <= span.end <= len(exchange.body)
        if len(part.segments) == 1 and part.text and not part.segments[0].is_key:
            whole = locator.span(index, 0, len(part.text))
            assert decoded(exchange.body[whole.start : whole.end]) == part.text.removesuffix("\n")


@settings(deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=4), st.data())
def test_a_text_in_a_line_of_a_file_has_its_place_in_the_form(texts, data):
    lines = [spell(data.draw, asked(chat(text))).replace("\n", " ").replace("\r", " ") for text in texts]
    blank = st.sampled_from(["\n", "\r\n", "\n \n"])
    one = upload("".join(line + data.draw(blank) for line in lines).encode())
    found = OpenAIFiles().read(one)
    locator = Locator(one.body, found.parts, found.documents)
    row = data.draw(st.integers(0, len(texts) - 1))
    (part,) = (part for part in found.requests[row].parts if part.kind == "text")
    assert part.text == texts[row]
    if part.text:
        span = locator.span(found.parts.index(part), 0, len(part.text))
        assert decoded(one.body[span.start : span.end]) == texts[row]


@settings(deadline=None)
@given(VALUES, st.data())
def test_a_text_of_a_json_nobody_knows_has_its_place(value, data):
    one = exchange(raw=spell(data.draw, value).encode(), api="generic", path="/run")
    parts = Generic().read(one).parts
    locator = Locator(one.body, parts)
    for index, part in enumerate(parts[1:], 1):
        for segment, end in zip(part.segments, [*(each.start for each in part.segments[1:]), None], strict=True):
            piece = part.text[segment.start : end]
            span = locator.span(index, segment.start, segment.start + max(len(piece), 1))
            raw = one.body[span.start : span.end]
            if one.body[span.start - 1 : span.start] == b'"' and raw:
                assert piece.startswith(decoded(raw))
