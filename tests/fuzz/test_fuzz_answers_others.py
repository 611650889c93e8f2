"""Contract: each reader of Google's, Ollama's, Mistral's and Cohere's answers gives frames and texts or raises `BadInput`,
the same ones in one chunk and byte by byte, and no string of an answer is lost."""

import copy
import json
import os

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.fuzz.test_fuzz_codecs import mutate, nodes
from tests.tools.answer_cases_others import STREAMS, WHOLE
from tests.unit.codecs.frames.framing import bytewise

from firebreak.codecs import registry
from firebreak.codecs.answer import Heard
from firebreak.model.errors import BadInput

EXAMPLES = int(os.environ.get("FIREBREAK_FUZZ_EXAMPLES", "200"))
SURE = "Zb7qW"
"""A word that no API has."""


def heard(surface, content_type, chunks):
    """What left the framer, what was heard, and what was wrong then."""
    reader = registry.answer_reader(surface)
    framer = reader.framer(content_type, 1 << 16)
    assert framer is not None
    raw, texts = b"", []
    try:
        for chunk in [*chunks, None]:
            piece = chunk
            while more := framer.end() if piece is None else framer.feed(piece):
                for frame in more:
                    raw += frame.raw
                    texts += [delta.text for delta in (reader.read(frame) if frame.data else Heard()).deltas]
                piece = None if piece is None else b""
    except BadInput as error:
        return raw, texts, error.reason
    return raw, texts, None


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.data())
def test_mutated_answers(data):
    surface, answers = data.draw(st.sampled_from(sorted(WHOLE.values(), key=str)))
    answer = copy.deepcopy(data.draw(st.sampled_from(answers)))
    for _ in range(data.draw(st.integers(1, 4))):
        if nodes(answer):
            mutate(data, answer)
    heard(surface, "application/json", [json.dumps(answer).encode()])


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.data())
def test_any_cutting_of_damaged_streams_gives_the_same(data):
    surface, content_type, body = data.draw(st.sampled_from(sorted(STREAMS.values())))
    start = data.draw(st.integers(0, len(body)))
    piece = data.draw(st.sampled_from([b"\n", b"}", b"]", b"{", b'"', b"\\", b"\xff", b",", b"data: ", b""]))
    damaged = body[:start] + piece + body[data.draw(st.integers(start, min(start + 8, len(body)))) :]
    for raw in (damaged, damaged[:start]):
        assert heard(surface, content_type, [raw]) == heard(surface, content_type, bytewise(raw))


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.data())
def test_a_word_anywhere_in_an_answer_is_heard(data):
    surface, answers = data.draw(st.sampled_from(sorted(WHOLE.values(), key=str)))
    answer = copy.deepcopy(data.draw(st.sampled_from(answers)))
    places = [(host, step) for host, step in nodes(answer) if isinstance(host, dict)]
    host, step = places[data.draw(st.integers(0, len(places) - 1))]
    word = f"{SURE} {SURE}"
    if data.draw(st.booleans()):
        host[step] = word
    else:
        host[f"{step} {SURE}"] = word
    _, texts, fault = heard(surface, "application/json", [json.dumps(answer).encode()])
    assert fault is not None or any(word in text for text in texts)
