"""What the sender tells of an answer, held against an upstream and against a sidecar that refuses."""

import gzip
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from firebreak.local.scenarios import REFUSED, Expectation, RawRequest, Scenario
from firebreak.local.send import Sender
from firebreak.local.upstream import UpstreamThread

EXPECT = Expectation("ALLOW", "r")
ASK = [{"role": "user", "content": "hello"}]
CHAT = Scenario("c", "C", "openai", "chat", EXPECT, {"model": "m", "messages": ASK})
STREAM = Scenario("s", "S", "openai", "chat", EXPECT, {"model": "m", "messages": ASK, "stream": True})
MESSAGES = Scenario("m", "M", "anthropic", "messages", EXPECT, {"model": "m", "messages": ASK, "max_tokens": 9})
OTHERS = [
    Scenario("r", "R", "openai", "responses", EXPECT, {"model": "m", "input": "hello", "stream": True}),
    Scenario("p", "P", "openai", "completions", EXPECT, {"model": "m", "prompt": "hello"}),
    Scenario("e", "E", "openai", "embeddings", EXPECT, {"model": "m", "input": "hello"}),
    Scenario("l", "L", "openai", "models", EXPECT),
    Scenario("t", "T", "anthropic", "count_tokens", EXPECT, {"model": "m", "messages": ASK}),
    Scenario("n", "N", "anthropic", "models", EXPECT),
]


class Refusing(BaseHTTPRequestHandler):
    """Answers as the sidecar does: OpenAI's error form, or Anthropic's, with the decision in headers."""

    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        inner = {"message": "no", "type": "policy_violation", "param": None, "code": "content_policy_violation"}
        body: dict = {"error": inner}
        if "/anthropic" in self.path:
            body = {"type": "error", "error": {"type": "invalid_request_error", "message": "no"}}
        decided = {"x-firebreak-decision": "BLOCK", "x-firebreak-rule": "block-x", "x-firebreak-record": "r1"}
        proxy = {"x-firebreak-reason": "too_large"}
        raw = json.dumps(body).encode()
        self.send_response(413 if "/proxy" in self.path else 400)
        for name, value in (proxy if "/proxy" in self.path else decided).items():
            self.send_header(name, value)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *_):
        pass


@pytest.fixture
def refusing():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Refusing)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    with Sender("127.0.0.1", server.server_address[1]) as sender:
        yield sender
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.parametrize("scenario", [CHAT, STREAM, MESSAGES, *OTHERS], ids=lambda scenario: scenario.id)
def test_an_answer_is_read_to_its_end(scenario):
    with UpstreamThread() as upstream, Sender("127.0.0.1", upstream.port) as sender:
        seen = sender.send(scenario)
        assert (seen.status, seen.decision, seen.exception) == (200, "", "")
        assert seen.latency_ms > 0
        prefix = "/anthropic/v1/" if scenario.sdk == "anthropic" else "/openai/v1/"
        assert upstream.arrivals[0].path.startswith(prefix)


@pytest.mark.parametrize(
    ("scenario", "code"),
    [(CHAT, "content_policy_violation"), (STREAM, "content_policy_violation"), (MESSAGES, "invalid_request_error")],
)
def test_a_refusal_is_the_sdks_own_exception(refusing, scenario, code):
    seen = refusing.send(scenario)
    assert (seen.status, seen.exception, seen.code) == (400, "BadRequestError", code)
    assert (seen.decision, seen.rule, seen.record) == ("BLOCK", "block-x", "r1")


def raw(**fields):
    return Scenario("x", "X", "raw", "raw", EXPECT, raw=RawRequest(**fields))


def test_what_envoy_refuses_alone_is_told_by_its_reason(refusing):
    seen = refusing.send(raw(path="/proxy", body="{}"))
    assert (seen.status, seen.decision, seen.rule) == (413, REFUSED, "too_large")


def test_a_raw_body_is_padded_and_compressed():
    with UpstreamThread() as upstream, Sender("127.0.0.1", upstream.port) as sender:
        sender.send(raw(path="/a/v1/messages", body="{}", pad_to_bytes=9, gzip=True))
        (arrival,) = upstream.arrivals
    assert gzip.decompress(arrival.body) == b"{}       "
    assert arrival.headers["content-encoding"] == "gzip"


def test_nobody_there_is_an_exception_too():
    with UpstreamThread() as upstream:
        port = upstream.port
    with Sender("127.0.0.1", port) as sender:
        assert sender.send(CHAT).exception == "APIConnectionError"
        assert sender.send(MESSAGES).status == 0
