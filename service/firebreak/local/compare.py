"""Holds what a scenario brought about against what it expects: the application's view, the log's and the upstream's."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from firebreak.local.scenarios import REFUSED, Scenario
from firebreak.local.send import Observation


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. `wrong` says in words what is not as expected; empty is good."""

    scenario: Scenario
    seen: Observation
    intent: str
    confidence: float
    audit: str
    alerts: tuple[str, ...]
    wrong: tuple[str, ...]


def row(scenario: Scenario, seen: Observation, entry: Mapping[str, Any] | None, arrived: int) -> Row:
    """`entry` is the record's own entry of the audit log, None where there is none; `arrived` counts requests that
    reached the upstream.
    """
    intent = _primary(entry)
    return Row(
        scenario=scenario,
        seen=seen,
        intent=str(intent.get("category", "")),
        confidence=float(intent.get("confidence", 0.0)),
        audit=str(entry["decision"]["audit"]).lower() if entry else "",
        alerts=tuple(entry["decision"]["alerts"]) if entry else (),
        wrong=tuple(_wrong(scenario, seen, entry, arrived)),
    )


def _primary(entry: Mapping[str, Any] | None) -> Mapping[str, Any]:
    intents: list[Mapping[str, Any]] = entry["intents"] if entry else []
    return next((intent for intent in intents if intent["primary"]), {})


def _wrong(scenario: Scenario, seen: Observation, entry: Mapping[str, Any] | None, arrived: int) -> Iterator[str]:
    expect = scenario.expect
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
    intent = _primary(entry).get("category", "")
    if expect.intent and intent != expect.intent:
        yield f"intent is {intent or 'none'}, not {expect.intent}"
