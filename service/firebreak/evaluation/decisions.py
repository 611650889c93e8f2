"""What a policy decides on labelled texts, asked on the one path without a proxy.

Rules:
1. Each text is a request: what a user says in its own words; what a tool answered or a search found behind a harmless
   ask, because such a text never comes alone.
2. What a policy should do about an intent is what it does where the intent alone is known, with certainty.
3. A text that has to be found and passes is a false ALLOW, a harmless one that is refused a false BLOCK.
"""

import json
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from firebreak.evaluation.examples import CATEGORY, INTENT, POOLED, Example
from firebreak.evaluation.figures import Rate, rate
from firebreak.model.conversation import Origin
from firebreak.model.exchange import Caller
from firebreak.model.facts import Facts
from firebreak.model.intent import UNKNOWN, Intent, IntentSource
from firebreak.model.record import Record
from firebreak.policy.evaluate import evaluate
from firebreak.policy.program import Program

_OPENAI = ("openai", "/v1/chat/completions")
_COHERE = ("cohere", "/v2/chat")
_MODEL = "gpt-4o"
_ASK = "Summarize this for me."


class Decider(Protocol):
    """A body to its record: `app.offline.Offline`."""

    def __call__(self, body: bytes, api: str, path: str, caller: Caller) -> Record: ...


@dataclass(frozen=True, slots=True)
class Decided:
    """`found` is the category that was recognised; `due` says whether the policy should refuse the text."""

    example: Example
    refused: bool
    due: bool
    rule: str
    found: str
    expected: str


def request(example: Example) -> tuple[bytes, str, str]:
    """The body, the API and the path of a request that carries the text in its voice."""
    text = example.text
    if example.origin is Origin.RETRIEVAL:
        asked: dict[str, Any] = {"model": "command-a", "messages": [_said("user", _ASK)], "documents": [text]}
        return json.dumps(asked).encode(), *_COHERE
    messages = [_said("user", text)]
    if example.origin is Origin.TOOL:
        call = {"id": "call_1", "type": "function", "function": {"name": "lookup", "arguments": "{}"}}
        messages = [
            _said("user", _ASK),
            {"role": "assistant", "content": None, "tool_calls": [call]},
            {"role": "tool", "tool_call_id": "call_1", "content": text},
        ]
    elif example.origin is not Origin.USER:
        messages = [_said(example.origin.value, text), _said("user", _ASK)]
    return json.dumps({"model": _MODEL, "messages": messages}).encode(), *_OPENAI


def _said(role: str, text: str) -> dict[str, Any]:
    return {"role": role, "content": text}


def due(program: Program, category: str, now_s: float) -> bool:
    """Whether the policy refuses a request of which nothing but this intent is known."""
    intent = Intent(category, 1.0, IntentSource.LOCAL, primary=True)
    facts = Facts("openai", "openai.chat", _MODEL, stream=False, caller=Caller(), intents=(intent,))
    return evaluate(program, facts, now_s).verdict.refuses


def decide(examples: Iterable[Example], decider: Decider, program: Program) -> list[Decided]:
    """A policy in shadow mode is asked what it would have done."""
    known = {category.name for category in program.categories}
    now_s = time.time()
    must = {name: due(program, name, now_s) for name in (*known, UNKNOWN)}
    decided = []
    for example in examples:
        record = decider(*request(example), Caller())
        expected = (example.category if example.category in known else UNKNOWN) if example.kind == INTENT else ""
        decided.append(
            Decided(
                example=example,
                refused=record.decision.verdict.refuses,
                due=must[expected] if expected else example.harmful,
                rule=record.decision.rule,
                found=next((intent.category for intent in record.intents if intent.primary), UNKNOWN),
                expected=expected,
            )
        )
    return decided


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a policy made of one set or one category. `right` counts recognised intents, and only these."""

    kind: str
    name: str
    false_allow: Rate
    false_block: Rate
    right: Rate
    unknown: Rate

    @property
    def n(self) -> int:
        return self.false_allow.n + self.false_block.n

    def figures(self) -> dict[str, float]:
        """By the names that floors use."""
        return {
            "false_allow": self.false_allow.value,
            "false_block": self.false_block.value,
            "intent_accuracy": self.right.value,
            "intent_unknown": self.unknown.value,
        }


def outcomes(decided: Sequence[Decided]) -> list[Outcome]:
    """For each kind: everything pooled, each set, and each category."""
    told = []
    for kind in sorted({one.example.kind for one in decided}):
        group = [one for one in decided if one.example.kind == kind]
        groups = {POOLED: group}
        for one in sorted(group, key=lambda one: one.example.set):
            groups.setdefault(one.example.set, []).append(one)
        for one in sorted(group, key=lambda one: one.example.category):
            if one.example.category:
                groups.setdefault(f"{CATEGORY}{one.example.category}", []).append(one)
        told += [_outcome(kind, name, members) for name, members in groups.items()]
    return told


def _outcome(kind: str, name: str, group: Sequence[Decided]) -> Outcome:
    asked = [one for one in group if one.expected]
    return Outcome(
        kind=kind,
        name=name,
        false_allow=rate(not one.refused for one in group if one.due),
        false_block=rate(one.refused for one in group if not one.due),
        right=rate(one.found == one.expected for one in asked),
        unknown=rate(one.found == UNKNOWN for one in asked),
    )
