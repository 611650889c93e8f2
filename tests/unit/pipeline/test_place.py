import json

from firebreak.codecs.openai_chat import OpenAIChat
from firebreak.detect.interface import Hit
from firebreak.model.exchange import Caller, Exchange
from firebreak.model.finding import FindingKind, Severity, Surface
from firebreak.pipeline.place import MAX_ALIKE, place


def conversation(body):
    headers = {"content-type": "application/json"}
    exchange = Exchange("id", "POST", "/v1/chat/completions", "", "", headers, body, "openai", "openai", Caller())
    return OpenAIChat().read(exchange)


def hit(start, end, rule="email", score=1.0):
    return Hit(rule, FindingKind.PII, Severity.LOW, score, start, end)


def body_of(*messages):
    return json.dumps({"model": "m", "messages": list(messages)}).encode()


def test_a_finding_points_at_the_raw_bytes():
    body = body_of({"role": "user", "content": 'say "é" to a@b.co'})
    conv = conversation(body)
    start = conv.parts[0].text.index("a@b.co")
    (finding,) = place(body, conv, [[hit(start, start + 6)]])
    assert body[finding.span.start : finding.span.end] == b"a@b.co"
    assert (finding.part, finding.surface, finding.origin) == (0, Surface.REQUEST, "user")


def test_tool_calls_and_results_are_surfaces_of_their_own():
    call = {"id": "c", "type": "function", "function": {"name": "f", "arguments": "a@b.co"}}
    body = body_of(
        {"role": "user", "content": "hi"},
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "c", "content": "a@b.co"},
    )
    conv = conversation(body)
    hits = [
        [hit(part.text.index("a@b.co"), part.text.index("a@b.co") + 6)] if "a@b.co" in part.text else []
        for part in conv.parts
    ]
    assert [finding.surface for finding in place(body, conv, hits)] == [Surface.TOOL_CALL, Surface.TOOL_RESULT]


def test_an_image_that_a_tool_gave_back_is_its_result_and_what_a_server_offers_is_not():
    image = {"type": "image_url", "image_url": {"url": "https://example.com/a.png"}}
    server = {"type": "mcp", "server_label": "s", "server_url": "https://example.com"}
    body = json.dumps(
        {"model": "m", "messages": [{"role": "tool", "tool_call_id": "c", "content": [image]}], "tools": [server]}
    ).encode()
    conv = conversation(body)
    hits = [[hit(0, 1)] if part.kind in ("image", "tool_definition") else [] for part in conv.parts]
    assert [finding.surface for finding in place(body, conv, hits)] == [Surface.TOOL_RESULT, Surface.REQUEST]


def test_findings_a_policy_cannot_tell_apart_are_kept_up_to_a_number():
    body = body_of({"role": "user", "content": "x" * 200})
    many = [hit(i, i + 1) for i in range(100)]
    findings = place(body, conversation(body), [[*many, hit(0, 1, score=0.5), hit(0, 1, rule="phone")]])
    assert len(findings) == MAX_ALIKE + 2


def test_without_a_hit_the_body_is_not_walked():
    conv = conversation(body_of({"role": "user", "content": "hi"}))
    assert place(b"not the body at all", conv, [[]]) == ()
