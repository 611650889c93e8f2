"""The law the whole product rests on: no string of a body escapes inspection, whatever fields surround it."""

import copy
import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.tools.golden_codecs import exchange_of, load, recorded
from tests.unit.codecs.exchanges import exchange
from tests.unit.codecs.forms import asked, jsonl, upload

from firebreak.codecs import registry
from firebreak.codecs.flatten import inspectable
from firebreak.codecs.generic import Generic
from firebreak.codecs.openai_files import OpenAIFiles
from firebreak.codecs.openai_lines import BY_URL
from firebreak.codecs.routes import PassThrough
from firebreak.model.conversation import UNINSPECTED_KINDS, Conversation, Part, Path

REQUESTS = [load(path) for path in recorded()]

SCALARS = st.none() | st.booleans() | st.integers(-(10**18), 10**18) | st.floats(allow_nan=False, allow_infinity=False)
TEXTS = st.text(st.characters(codec="utf-8"), max_size=12)
VALUES = st.recursive(
    SCALARS | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)

CHECKED = {"type", "role"}
"""Members whose value a codec may check against a closed list instead of reading it as text."""

OF_THE_BODY = {("model",), ("jsonrpc",), ("method",), ("endpoint",)}
"""Places of which the same is true."""

FORMS = {("encoding_format", "base64"), ("encoding_format", "float")}
"""Members that are an option where they have a known value, and text with any other."""

FREE_TEXT = {"text", "content", "instructions", "description", "arguments", "thinking", "system", "suffix", "title"}


def places(value: Any, path: Path = ()) -> Iterator[tuple[Path, bool, str]]:
    """Every object key and every string value of a document."""
    if isinstance(value, str):
        yield path, False, value
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from places(item, (*path, index))
    elif isinstance(value, dict):
        for key, item in value.items():
            yield (*path, key), True, key
            yield from places(item, (*path, key))


def objects(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for item in value.values():
            yield from objects(item)
    elif isinstance(value, list):
        for item in value:
            yield from objects(item)


def pieces(conversation: Conversation) -> Iterator[tuple[Path, bool, str, Part]]:
    for part in conversation.parts:
        if not part.segments:
            continue  # what stands in no JSON document
        ends = [segment.start for segment in part.segments[1:]] + [len(part.text)]
        for segment, end in zip(part.segments, ends, strict=True):
            yield segment.path, segment.is_key, part.text[segment.start : end], part


def assert_read(body: Any, conversation: Conversation) -> None:
    found = {(path, is_key): (text, part) for path, is_key, text, part in pieces(conversation)}
    counts = Counter((path, is_key) for path, is_key, _, _ in pieces(conversation))
    assert not [place for place, count in counts.items() if count > 1]
    for path, is_key, value in places(body):
        if (path, is_key) not in found:
            closed = not is_key and (path[-1] in CHECKED or path in OF_THE_BODY or (path[-1], value) in FORMS)
            known = is_key and not str(path[-1]).startswith("x_")
            models = {conversation.model, *(one.model for one in conversation.requests)}
            repeats = path[-1] == "model" and value.rpartition("/")[2] in models
            assert closed or known or repeats, (path, is_key)
            continue
        text, part = found[path, is_key]
        shown = value
        if part.kind in UNINSPECTED_KINDS and not text.startswith(value):
            shown = inspectable(value, binary=True)
        assert text.startswith(shown), path


@settings(deadline=None)
@given(st.data())
def test_every_string_in_the_body_is_read(data):
    request = copy.deepcopy(data.draw(st.sampled_from(REQUESTS)))
    body = request["body"]
    hosts = list(objects(body))
    for host in hosts:
        for key, value in list(host.items()):
            if key in FREE_TEXT and isinstance(value, str):
                host[key] = data.draw(TEXTS)
    for number in range(data.draw(st.integers(1, 4))):
        host = data.draw(st.sampled_from(hosts))
        host[f"x_{number}{data.draw(TEXTS)}"] = data.draw(VALUES)
    exchange = exchange_of(request)
    codec = registry.pick(exchange)
    assert not isinstance(codec, PassThrough)
    assert_read(json.loads(exchange.body), codec.read(exchange))


LINES = [request for request in REQUESTS if request["api"] == "openai" and request["path"] in BY_URL]
OF_A_LINE = {"url", "method"}


def a_file(data: st.DataObject) -> list[dict[str, Any]]:
    """Lines of a batch, with members that no codec knows anywhere in them."""
    chosen = data.draw(st.lists(st.sampled_from(LINES), min_size=1, max_size=3))
    found = [asked(copy.deepcopy(one["body"]), one["path"], data.draw(TEXTS)) for one in chosen]
    for number in range(data.draw(st.integers(0, 3))):
        host = data.draw(st.sampled_from(list(objects(found))))
        host[f"x_{number}{data.draw(TEXTS)}"] = data.draw(VALUES)
    return found


@settings(deadline=None)
@given(st.data())
def test_every_string_in_every_line_of_a_batch_is_read(data):
    found = a_file(data)
    read = OpenAIFiles().read(upload(jsonl(*found)))
    assert len(read.requests) == len(found)
    for line in found:
        for key in OF_A_LINE:
            del line[key]
    assert_read(found, read)


@settings(deadline=None)
@given(VALUES)
def test_every_string_of_a_json_nobody_knows_is_read(value):
    asked_for = exchange(value, api="generic", path="/run")
    conversation = Generic().read(asked_for)
    found = {(path, is_key): text for path, is_key, text, _ in pieces(conversation)}
    for path, is_key, said in places(value):
        assert found[path, is_key].startswith(said)


def test_the_law_would_notice_a_string_that_was_not_read():
    request = REQUESTS[0]
    exchange = exchange_of(request)
    codec = registry.pick(exchange)
    assert not isinstance(codec, PassThrough)
    body = {**request["body"], "x_unread": "text"}
    try:
        assert_read(body, codec.read(exchange))
    except AssertionError:
        return
    raise RuntimeError("the law holds for a body that was not read")
