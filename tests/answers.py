"""What tests of answers share: a policy, an answer's events, and a passage through which they go."""

import json
from collections.abc import Iterable, Mapping

from firebreak.app.compose import Composer, Limits
from firebreak.codecs.frames.sse import Sse
from firebreak.codecs.openai_chat_answer import OpenAIChatAnswer
from firebreak.model.errors import Unavailable
from firebreak.model.exchange import Caller
from firebreak.model.handover import Change, Handover
from firebreak.model.record import Record
from firebreak.pipeline import passage
from firebreak.pipeline.answer import Answer
from firebreak.pipeline.gate import Gate
from firebreak.pipeline.passage import Passage
from firebreak.pipeline.snapshot import Snapshot

POLICY = """
policy: {name: answers, version: "1"}
defaults: {intent: ALLOW}
rules:
  - {id: no-keys, description: "No keys", decision: BLOCK, match: {on: [response], findings: [{kind: secret}]}}
  - {id: hide-people, decision: REDACT, match: {on: [response], findings: [{kind: pii}]}}
  - {id: fillers, description: "The tests' words repeat", decision: ALLOW, match: {findings: [{kind: waste}]}}
  - {id: no-deleting, decision: BLOCK, match: {on: [tool_call], calls: [{tool: "delete_*"}]}}
"""
SHADOW = POLICY.replace('version: "1"', 'version: "1", mode: shadow')
SECRET = "AKIAQ3EGRZ5XWY7TNBMK"
DONE = b"data: [DONE]\n\n"
SSE = {"content-type": "text/event-stream"}
JSON = {"content-type": "application/json"}
MOST = 1 << 20


class Log:
    def __init__(self) -> None:
        self.records: list[Record] = []

    async def append(self, record: Record) -> None:
        self.records.append(record)


class FullDisk(Log):
    async def append(self, record: Record) -> None:
        raise Unavailable("disk full")


def snapshot(policy: str = POLICY) -> Snapshot:
    """With time for its detectors on a machine that stands still for a while: no test of answers is about that."""
    return Composer(Limits(detector_budget_s=60)).snapshot(policy, "policy.yaml", 1)


def handover(changes: tuple[Change, ...] = ()) -> Handover:
    return Handover(
        "r-1", "openai", "openai", "openai.chat", "gpt-4o", "POST", "/v1/chat/completions", Caller(), changes=changes
    )


def answer(snap: Snapshot, taken: Mapping[str, str] | None = None) -> Answer:
    return Answer(snap, handover(), taken or {}, 1000.0)


def gate(snap: Snapshot, most: int = MOST, taken: Mapping[str, str] | None = None) -> Gate:
    return Gate(Sse(most), OpenAIChatAnswer(), answer(snap, taken), most)


def passing(snap: Snapshot, log: Log, most: int = MOST) -> Passage:
    return Passage(answer(snap), handover(), log, passage.Limits(most))


def event(content: str | None = None, finish: str | None = None, index: int = 0, **delta: object) -> bytes:
    """One event of a chat completion."""
    said = delta if content is None else {"content": content, **delta}
    body = {"id": "c-1", "model": "gpt-4o", "choices": [{"index": index, "delta": said, "finish_reason": finish}]}
    return b"data: " + json.dumps(body).encode() + b"\n\n"


def call(arguments: str, name: str | None = None, number: int = 0, index: int = 0) -> bytes:
    """One event with a piece of a tool call."""
    function = {"arguments": arguments} if name is None else {"name": name, "arguments": arguments}
    return event(index=index, tool_calls=[{"index": number, "function": function}])


def chat(pieces: Iterable[str]) -> list[bytes]:
    return [*map(event, pieces), event(finish="stop"), DONE]


def document(content: str) -> bytes:
    message = {"role": "assistant", "content": content}
    return json.dumps({"model": "gpt-4o", "choices": [{"index": 0, "message": message}]}).encode()


def events(raw: bytes) -> list[dict]:
    return [json.loads(line[6:]) for line in raw.split(b"\n") if line.startswith(b"data: {")]


def said(raw: bytes) -> str:
    """The text that an application has from it."""
    choices = [choice for one in events(raw) for choice in one.get("choices", ())]
    return "".join(choice["delta"].get("content", "") for choice in choices)
