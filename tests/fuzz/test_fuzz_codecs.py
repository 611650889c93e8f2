"""Contract: `pick`, `read` and the locator return, or raise `BadInput`; no error names a client's text."""

import copy
import dataclasses
import json
import os
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.tools.golden_codecs import exchange_of, load, recorded
from tests.unit.codecs.exchanges import exchange as exchange_with
from tests.unit.codecs.forms import asked, jsonl, upload

from firebreak.codecs import registry
from firebreak.codecs.locate import Locator
from firebreak.codecs.routes import PassThrough
from firebreak.model.conversation import Part
from firebreak.model.errors import BadInput
from firebreak.model.exchange import Exchange
from firebreak.model.finding import Span

EXAMPLES = int(os.environ.get("FIREBREAK_FUZZ_EXAMPLES", "200"))
REQUESTS = [load(path) for path in recorded()]
JUNK: st.SearchStrategy[Any] = st.sampled_from(
    [None, True, 0, -1.5, "", "text", [], {}, [[]], [{}], {"type": "text"}, {"role": []}, ["a", 1, None]]
)
MARK = "n0-error-quotes-this"


def nodes(value: Any) -> list[tuple[Any, Any]]:
    """Every (container, key) of a document."""
    found: list[tuple[Any, Any]] = []
    waiting = [value]
    while waiting:
        node = waiting.pop()
        steps = list(node) if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ()
        for step in steps:
            found.append((node, step))
            waiting.append(node[step])
    return found


def mutate(data: st.DataObject, body: Any) -> None:
    places = nodes(body)
    host, step = places[data.draw(st.integers(0, len(places) - 1))]
    other, source = places[data.draw(st.integers(0, len(places) - 1))]
    how = data.draw(st.sampled_from(["junk", "delete", "swap", "wrap", "mark", "repeat"]))
    if how == "delete":
        del host[step]
    elif how == "junk":
        host[step] = copy.deepcopy(data.draw(JUNK))
    elif how == "swap":
        host[step] = copy.deepcopy(other[source])
    elif how == "wrap":
        key = data.draw(st.sampled_from(["", "content", "type"]))
        host[step] = {key: host[step]} if key else [host[step]]
    elif how == "mark" and isinstance(host, dict):
        host[MARK] = host.pop(step)
    elif isinstance(host, list):
        host.extend(copy.deepcopy(host[:3]))


def holds_contract(exchange: Exchange) -> None:
    refusal = ""
    parts: tuple[Part, ...] = ()
    documents: tuple[Span, ...] = ()
    try:
        codec = registry.pick(exchange)
        if not isinstance(codec, PassThrough):
            read = codec.read(exchange)
            parts, documents = read.parts, read.documents
            assert sum(len(one.parts) for one in read.requests) <= len(parts)
    except BadInput as error:
        refusal = str(error)
    assert MARK not in refusal
    locator = Locator(exchange.body, parts, documents)
    for index, part in enumerate(parts):
        span = locator.span(index, 0, len(part.text))
        assert 0 <= span.start <= span.end <= len(exchange.body)


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.data())
def test_mutated_requests(data):
    request = copy.deepcopy(data.draw(st.sampled_from(REQUESTS)))
    for _ in range(data.draw(st.integers(1, 4))):
        if nodes(request["body"]):
            mutate(data, request["body"])
    holds_contract(exchange_of(request))


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.data())
def test_damaged_bytes(data):
    exchange = exchange_of(data.draw(st.sampled_from(REQUESTS)))
    raw = bytearray(exchange.body)
    start = data.draw(st.integers(0, len(raw)))
    piece = data.draw(st.sampled_from([b'"role":"user",', b"{", b"]", b'"', b"\\", b"\xff", b"\\ud800", b""]))
    raw[start : data.draw(st.integers(start, min(start + 8, len(raw))))] = piece
    holds_contract(dataclasses.replace(exchange, body=bytes(raw)))
    holds_contract(dataclasses.replace(exchange, body=bytes(raw[:start])))


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.data(), st.sampled_from(["openai", "azure_openai", "anthropic", ""]))
def test_any_request_line(data, api):
    text = st.text(max_size=20)
    exchange = exchange_of(data.draw(st.sampled_from(REQUESTS)))
    odd_path = data.draw(st.sampled_from([exchange.path, "/v1/models/", "/openai/deployments/"])) + data.draw(text)
    headers = {"content-type": data.draw(text), "content-encoding": data.draw(text)}
    for change in ({"path": odd_path}, {"query": data.draw(text)}, {"headers": headers}, {"method": data.draw(text)}):
        holds_contract(dataclasses.replace(exchange, **change, api=api))


@settings(max_examples=EXAMPLES, deadline=None)
@given(
    st.sampled_from(REQUESTS), st.recursive(JUNK, lambda inner: st.dictionaries(st.text(max_size=5), inner, max_size=3))
)
def test_any_json_in_any_codec(request, body):
    exchange = exchange_of(request)
    holds_contract(dataclasses.replace(exchange, body=json.dumps(body).encode()))


LINES = [asked(one["body"], one["path"]) for one in REQUESTS if one["api"] == "openai"]
PURPOSES = st.sampled_from(["batch", "fine-tune", "evals", "user_data"])


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.data(), PURPOSES)
def test_mutated_lines_of_files(data, purpose):
    lines = copy.deepcopy(data.draw(st.lists(st.sampled_from(LINES), min_size=1, max_size=3)))
    for _ in range(data.draw(st.integers(0, 4))):
        line = data.draw(st.sampled_from(lines))
        if nodes(line):
            mutate(data, line)
    holds_contract(upload(jsonl(*lines), purpose))


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.data(), PURPOSES)
def test_damaged_files(data, purpose):
    whole = upload(jsonl(*data.draw(st.lists(st.sampled_from(LINES), max_size=2))), purpose)
    raw = bytearray(whole.body)
    start = data.draw(st.integers(0, len(raw)))
    piece = data.draw(st.sampled_from([b"\n", b"\r", b"{}\n", b"--xYz", b"\r\n--xYz--", b"\xff", b'"', b""]))
    raw[start : data.draw(st.integers(start, min(start + 8, len(raw))))] = piece
    holds_contract(dataclasses.replace(whole, body=bytes(raw)))
    holds_contract(dataclasses.replace(whole, body=bytes(raw[:start])))


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.recursive(JUNK | st.text(), lambda inner: st.dictionaries(st.text(), inner) | st.lists(inner)), st.text())
def test_any_json_where_no_api_is_known(body, path):
    holds_contract(exchange_with(body, api="generic", path=f"/{path}"))
    holds_contract(exchange_with(body, api="generic", path="/run"))
