"""A row is good only where the application, the log and the upstream all agree with the scenario."""

from dataclasses import replace

import pytest

from firebreak.local.compare import row
from firebreak.local.scenarios import REFUSED, Expectation, Scenario
from firebreak.local.send import Observation

ALLOWED = Scenario("a", "A", "openai", "chat", Expectation("ALLOW", "fine", intent="translation"))
BLOCKED = replace(ALLOWED, expect=Expectation("BLOCK", "bad", 400, exception="BadRequestError", code="c"))
SEEN = Observation(0.0, 1.0, 200, "ALLOW", "fine", "r1")
REFUSAL = Observation(0.0, 1.0, 400, "BLOCK", "bad", "r1", "BadRequestError", "c")


def entry(verdict="ALLOW", rule="fine", category="translation", alerts=(), ending="", changes=0):
    return {
        "ending": ending,
        "changes": changes,
        "decision": {"verdict": verdict, "rule": rule, "audit": "ENHANCED", "alerts": list(alerts)},
        "intents": [
            {"category": "other", "confidence": 0.3, "primary": False},
            {"category": category, "confidence": 0.9, "primary": True},
        ],
    }


def test_an_allowed_request_as_expected():
    shown = row(ALLOWED, SEEN, {"request": entry()}, 1)
    assert (shown.wrong, shown.intent, shown.confidence, shown.audit) == ((), "translation", 0.9, "enhanced")


def test_a_refusal_as_expected_carries_its_alerts():
    shown = row(BLOCKED, REFUSAL, {"request": entry("BLOCK", "bad", alerts=["legal"])}, 0)
    assert (shown.wrong, shown.alerts) == ((), ("legal: bad",))


def test_what_envoy_refuses_alone_needs_no_record():
    scenario = replace(ALLOWED, expect=Expectation(REFUSED, "too_large", 413))
    shown = row(scenario, Observation(0.0, 1.0, 413, REFUSED, "too_large", ""), {}, 0)
    assert (shown.wrong, shown.intent, shown.audit) == ((), "", "")


@pytest.mark.parametrize(
    ("scenario", "seen", "written", "arrived", "problem"),
    [
        (ALLOWED, replace(SEEN, decision="WARN"), entry("WARN"), 1, "decision is WARN, not ALLOW"),
        (ALLOWED, replace(SEEN, rule="x"), entry(rule="x"), 1, "rule is x, not fine"),
        (ALLOWED, replace(SEEN, status=503), entry(), 1, "status is 503, not 200"),
        (ALLOWED, replace(SEEN, exception="APITimeoutError"), entry(), 1, "exception is APITimeoutError, not none"),
        (BLOCKED, replace(REFUSAL, exception=""), entry("BLOCK", "bad"), 0, "exception is none, not BadRequestError"),
        (BLOCKED, replace(REFUSAL, code="d"), entry("BLOCK", "bad"), 0, "code is d, not c"),
        (BLOCKED, REFUSAL, entry("BLOCK", "bad"), 1, "the upstream got 1 requests, not 0"),
        (ALLOWED, SEEN, entry(), 0, "the upstream got 0 requests, not 1"),
        (ALLOWED, SEEN, entry(), 2, "the upstream got 2 requests, not 1"),
        (ALLOWED, SEEN, None, 1, "the audit log has no such record"),
        (ALLOWED, SEEN, entry("BLOCK"), 1, "the audit log says something else than the response"),
        (ALLOWED, SEEN, entry(category="coding"), 1, "intent is coding, not translation"),
        (ALLOWED, SEEN, entry() | {"intents": []}, 1, "intent is none, not translation"),
    ],
)
def test_any_difference_is_said(scenario, seen, written, arrived, problem):
    entries = {"request": written} if written else {}
    assert problem in row(scenario, seen, entries, arrived).wrong


WITHHELD = replace(ALLOWED, expect=Expectation("BLOCK", "keys", 400, exception="BadRequestError", response="BLOCK"))
CUT = replace(ALLOWED, expect=Expectation("ALLOW", "fine", exception="APIError", response="BLOCK", says="so far"))
WITHHELD_SEEN = Observation(0.0, 1.0, 400, "BLOCK", "keys", "r1", "BadRequestError", direction="response")


def test_an_answer_that_was_withheld_or_cut_as_expected():
    entries = {"request": entry(), "response": entry("BLOCK", "keys", alerts=["security"])}
    shown = row(WITHHELD, WITHHELD_SEEN, entries, 1)
    assert (shown.wrong, shown.alerts, shown.intent) == ((), ("security: keys",), "translation")
    assert row(CUT, replace(SEEN, exception="APIError", text="so far so good"), entries, 1).wrong == ()


@pytest.mark.parametrize(
    ("scenario", "seen", "written", "problem"),
    [
        (WITHHELD, WITHHELD_SEEN, entry("WARN", "keys"), "the audit log says something else than the response"),
        (WITHHELD, WITHHELD_SEEN, None, "the decision on the answer is none, not BLOCK"),
        (
            CUT,
            replace(SEEN, exception="APIError", text="so far"),
            entry(),
            "the decision on the answer is ALLOW, not BLOCK",
        ),
        (CUT, replace(SEEN, exception="APIError", text="so"), entry("BLOCK"), "the application got another text"),
    ],
)
def test_any_difference_of_an_answer_is_said(scenario, seen, written, problem):
    entries = {"request": entry()} | ({"response": written} if written else {})
    assert problem in row(scenario, seen, entries, 1).wrong


@pytest.mark.parametrize(
    ("response", "said"),
    [
        (None, ""),
        (entry("WARN", "pii", ending="complete"), ""),
        (entry("REDACT", "pii", ending="complete", changes=2), "answer redacted: REDACT by pii"),
        (entry("BLOCK", "keys", ending="cut"), "answer cut: BLOCK by keys"),
    ],
)
def test_what_became_of_an_answer_is_said_where_it_did_not_get_through(response, said):
    entries = {"request": entry()} | ({"response": response} if response else {})
    assert row(ALLOWED, SEEN, entries, 1).answer == said
