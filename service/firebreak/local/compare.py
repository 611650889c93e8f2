"""Holds what a scenario brought about against what it expects: the application's view, the log's and the upstream's."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from firebreak.local.scenarios import REFUSED, Scenario
from firebreak.local.send import Observation

Entries = Mapping[str, Mapping[str, Any]]
"""By direction."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. `answer` says what became of the answer, where it did not get through as it came. `wrong`
    says in words what is not as expected; empty is good.
    """

    scenario: Scenario
    seen: Observation
    intent: str
    confidence: float
    audit: str
    alerts: tuple[str, ...]
    answer: str
    wrong: tuple[str, ...]


def row(scenario: Scenario, seen: Observation, entries: Entries, arrived: int) -> Row:
    """`entries` are the audit log's with the record's id; `arrived` counts requests that reached the upstream."""
    request, response = entries.get("request"), entries.get("response")
    intent = _primary(request)
    return Row(
        scenario=scenario,
        seen=seen,
        intent=str(intent.get("category", "")),
        confidence=float(intent.get("confidence", 0.0)),
        audit=str(request["decision"]["audit"]).lower() if request else "",
        alerts=tuple(alert for each in entries.values() for alert in _alerts(each["decision"])),
        answer=_became(response),
        wrong=(*_wrong(scenario, seen, entries, arrived), *_wrong_answer(scenario, seen, response)),
    )


def _alerts(decision: Mapping[str, Any]) -> list[str]:
    """Whom to tell, and of which rule."""
    return [f"{target}: {decision['rule']}" for target in decision["alerts"]]


def _became(response: Mapping[str, Any] | None) -> str:
    if response is None or (response["ending"] == "complete" and not response["changes"]):
        return ""
    decision = response["decision"]
    became = "redacted" if response["ending"] == "complete" else response["ending"]
    return f"answer {became}: {decision['verdict']} by {decision['rule']}"


def _primary(entry: Mapping[str, Any] | None) -> Mapping[str, Any]:
    intents: list[Mapping[str, Any]] = entry["intents"] if entry else []
    return next((intent for intent in intents if intent["primary"]), {})


def _wrong(scenario: Scenario, seen: Observation, entries: Entries, arrived: int) -> Iterator[str]:
    expect = scenario.expect
    entry = entries.get(seen.direction)
    for name in ("decision", "rule", "status", "exception", "code"):
        wanted, got = getattr(expect, name), getattr(seen, name)
        if wanted != got and not (name == "code" and not wanted):
            yield f"{name} is {got or 'none'}, not {wanted or 'none'}"
    if arrived != int(expect.passes):
        yield f"the upstream got {arrived} requests, not {int(expect.passes)}"
    if expect.decision == REFUSED:
        return
    if entry is None:
        yield "the audit log has no such record"
        return
    if entry["decision"]["verdict"] != seen.decision or entry["decision"]["rule"] != seen.rule:
        yield "the audit log says something else than the response"
    intent = _primary(entries.get("request")).get("category", "")
    if expect.intent and intent != expect.intent:
        yield f"intent is {intent or 'none'}, not {expect.intent}"


def _wrong_answer(scenario: Scenario, seen: Observation, entry: Mapping[str, Any] | None) -> Iterator[str]:
    expect = scenario.expect
    got = str(entry["decision"]["verdict"]) if entry else ""
    if expect.response and got != expect.response:
        yield f"the decision on the answer is {got or 'none'}, not {expect.response}"
    if expect.says and expect.says not in seen.text:
        yield "the application got another text"
