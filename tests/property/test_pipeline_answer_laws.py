"""The laws of an answer's way through the gate, for every shipped rule and for any cutting."""

import json
import random
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from tests import answers
from tests.answers import DONE, SECRET, call, chat, event

from firebreak.codecs import registry
from firebreak.codecs.frames.lines import Lines
from firebreak.codecs.frames.sse import Sse
from firebreak.codecs.frames.whole import Whole
from firebreak.codecs.openai_chat_answer import OpenAIChatAnswer
from firebreak.detect.registry import PII, SECRETS
from firebreak.detect.rule import PatternRule
from firebreak.model.conversation import Origin, Part, PartKind, Role
from firebreak.model.exchange import Caller, Exchange
from firebreak.model.facts import Facts
from firebreak.pipeline.edit import splice
from firebreak.pipeline.gate import Cut, Gate
from firebreak.pipeline.place import place
from firebreak.pipeline.redact import redactions
from firebreak.pipeline.restore import places, taken
from firebreak.pipeline.snapshot import Snapshot
from firebreak.policy import evaluate

ALL = """
policy: {name: all, version: "1"}
defaults: {intent: ALLOW}
rules:
  - {id: none, decision: BLOCK, match: {on: [response], findings: [{kind: secret}, {kind: pii}]}}
  - {id: rest, decision: ALLOW, match: {findings: [{}]}}
"""
REDACTING = """
policy: {name: redacting, version: "1"}
defaults: {intent: ALLOW}
rules:
  - {id: hide, decision: REDACT, match: {on: [request, response], findings: [{kind: secret}, {kind: pii}]}}
  - {id: rest, decision: ALLOW, match: {findings: [{}]}}
"""
PAGE = Path(__file__).resolve().parents[2] / "docs" / "responses.md"
EXAMPLES = [(rule, text) for rule in (*SECRETS, *PII) for text in rule.matches]


@cache
def by(policy: str) -> Snapshot:
    return answers.snapshot(policy)


def spans(snap: Snapshot, text: str, rule: str, kind: PartKind = PartKind.TEXT) -> list[tuple[int, int]]:
    part = Part(kind, Role.ASSISTANT, Origin.ASSISTANT, text, ())
    return [(hit.start, hit.end) for hit in snap.screen.hits(part).hits if hit.rule == rule]


def through(gate: Gate, chunks: list[bytes]) -> tuple[bytes, bool]:
    """What left, and whether it was cut."""
    try:
        for chunk in chunks:
            gate.feed(chunk)
        gate.end()
    except Cut:
        return bytes(gate.let_go), True
    return bytes(gate.let_go), False


def in_prose(rule: PatternRule, example: str) -> str:
    """What has left of a finding's span when the answer is cut; each character comes in an event of its own.

    That is the hardest cutting: what leaves of a text cut in two is what has left when the first half had come.
    """
    snap = by(ALL)
    text = f"Well, it is this: {example} and so it goes on."
    start = spans(snap, text, rule.id)[0][0]
    left, cut = through(answers.gate(snap), chat(list(text)))
    assert cut
    return answers.said(left)[start:]


@cache
def exceptions() -> dict[str, str]:
    found = {(rule.id, in_prose(rule, text)) for rule, text in EXAMPLES}
    return {rule: max((one for name, one in found if name == rule), key=len) for rule, left in found if left}


def test_nothing_leaves_before_it_is_judged_but_what_the_page_lists():
    listed = dict(re.findall(r"^\| `([a-z0-9-]+)` \| (\d+) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE))
    assert {rule: str(len(left)) for rule, left in exceptions().items()} == listed


@pytest.mark.parametrize("number", range(4))
def test_nothing_leaves_of_a_tool_call_before_it_is_judged(number: int):
    snap = by(ALL)
    for rule, example in EXAMPLES[number::4]:
        arguments = json.dumps({"command": f"echo {example}"})
        if not spans(snap, f"run\n{arguments}", rule.id, PartKind.TOOL_CALL):
            continue
        at = len(arguments) // 2
        sent = [event("Yes. "), call("", "run"), call(arguments[:at]), call(arguments[at:]), event(finish="tool_calls")]
        left, cut = through(answers.gate(snap), [*sent, DONE])
        assert cut, rule.id
        assert left == sent[0], rule.id


def outcome(snap: Snapshot, chunks: list[bytes], framer=None) -> tuple[bytes, bool, list[tuple[object, ...]]]:
    bench = answers.answer(snap)
    reader = OpenAIChatAnswer()
    gate = Gate(framer or Sse(4096), reader, bench, 4096)
    left, cut = through(gate, chunks)
    return left, cut, [(one.rule, one.span) for one in bench._findings]


STREAMS = {
    "harmless": chat(["Hello ", "there, ", "how ", "are ", "you?"]),
    "secret": chat(["The ", "key ", SECRET[:7], SECRET[7:], " is ", "it."]),
    "personal": chat(["Mail ", "bob@exam", "ple.com", " or ", "eve@example.com", " now."]),
    "choices": [event("Mail b", index=1), event("AKIA"), event("ob@example.com ", index=1), *chat(["Q3 ", "so"])],
    "call": [call("", "read"), call('{"to": "bob@'), call('example.com"}'), event(finish="tool_calls"), DONE],
    "not text": [event("Hello "), b": \xff\n\n", event("more")],
    "not json": [event("Hello "), event("there "), b"data: {]\n\n", event("more")],
    "too large": [event("Hello "), event("x" * 5000), event("more")],
    "unfinished": [event("Hello "), event("bob@example.com")[:-1]],
    "carriage returns": [one.replace(b"\n", b"\r\n") for one in chat(["I am ", "bob@example.com ", "here"])],
    "lines of data": [event("bob@example.com ").replace(b', "model"', b'\ndata: , "model"'), *chat(["it ", "is."])],
}


@pytest.mark.parametrize("name", STREAMS)
def test_any_cutting_gives_the_same_outcome(name: str):
    snap = by(answers.POLICY)
    raw = b"".join(STREAMS[name])
    whole = outcome(snap, [raw])
    assert outcome(snap, STREAMS[name]) == whole
    assert outcome(snap, [raw[at : at + 1] for at in range(len(raw))]) == whole
    for seed in range(12):
        places_ = sorted(random.Random(seed).choices(range(len(raw)), k=9))
        assert outcome(snap, [raw[a:b] for a, b in zip([0, *places_], [*places_, len(raw)], strict=True)]) == whole


@pytest.mark.parametrize("framer", [Whole, Lines])
def test_any_cutting_gives_the_same_outcome_in_documents_and_lines(framer):
    snap = by(answers.POLICY)
    raw = answers.document("I am bob@example.com, he.")
    whole = outcome(snap, [raw], framer(4096))
    assert b"[EMAIL_ADDRESS_1]" in whole[0]
    assert outcome(snap, [raw[at : at + 1] for at in range(len(raw))], framer(4096)) == whole


def test_after_a_cut_nothing_leaves():
    gate = answers.gate(by(answers.POLICY))
    with pytest.raises(Cut):
        gate.feed(b"".join(chat(["The ", f"key {SECRET} ", "is ", "more "])))
    assert answers.said(bytes(gate.let_go)) == "The "


def test_nothing_outside_the_spans_changes():
    pieces = ["\u00e9t\u00e9 \U0001f600 ", 'say "bob@exam', 'ple.com" ', "or\\n\teve@example.com ", "now."]
    sent = chat(pieces)
    left, cut = through(answers.gate(by(answers.POLICY)), sent)
    text = (
        "".join(pieces).replace("bob@example.com", "[EMAIL_ADDRESS_1]").replace("eve@example.com", "[EMAIL_ADDRESS_2]")
    )
    assert (answers.said(left), cut) == (text, False)
    empty = re.compile(rb'"content": "(?:[^"\\]|\\.)*"')
    assert empty.sub(b"", left) == empty.sub(b"", b"".join(sent))


BODIES = [
    {"messages": [{"role": "user", "content": f"Look: {text} and answer."}], "model": "m"} for _, text in EXAMPLES
]


def redacted(body: bytes) -> tuple[bytes, tuple] | None:
    """The body with its findings replaced; None where that cannot be done in place."""
    snap = by(REDACTING)
    headers = {"content-type": "application/json"}
    exchange = Exchange("e", "POST", "/v1/chat/completions", "", "h", headers, body, "openai", "openai", Caller())
    codec: Any = registry.pick(exchange)
    conversation = codec.read(exchange)
    found = [snap.screen.part(part).hits for part in conversation.parts]
    facts = Facts(
        "openai", "openai.chat", "m", stream=False, caller=Caller(), findings=place(body, conversation, found)
    )
    decision = evaluate.evaluate(snap.program, facts, 0.0)
    changes = redactions(body, conversation, found, facts, decision)
    return None if changes is None else (splice(body, changes), changes)


@pytest.mark.parametrize("spaces", [None, 2])
def test_redact_is_idempotent_and_restore_is_its_inverse(spaces: int | None):
    for value in BODIES:
        body = json.dumps(value, ensure_ascii=spaces is None, indent=spaces).encode()
        result = redacted(body)
        assert result is not None
        changed, changes = result
        assert changes, value
        again = redacted(changed)
        assert again in ((changed, ()), None), value
        assert restored(json.loads(changed), taken(body, changes)) == value


def restored(value: dict, known: dict[str, str]) -> dict:
    """As an application has it back that gets its own words in the answer."""
    text = value["messages"][0]["content"]
    for hit in reversed(places(text, known)):
        text = text[: hit.start] + known[text[hit.start : hit.end]] + text[hit.end :]
    return {**value, "messages": [{"role": "user", "content": text}]}
