from pathlib import Path

import pytest
from tests.unit.pipeline.test_decide import chat

from firebreak.app.offline import Offline
from firebreak.model.decision import Verdict
from firebreak.model.errors import BadConfig
from firebreak.model.exchange import Caller
from firebreak.model.facts import Call
from firebreak.model.finding import Direction

POLICY = Path(__file__).parents[3] / "policies" / "defense-standard.yaml"


@pytest.fixture(scope="module")
def offline():
    return Offline(POLICY.read_text(encoding="utf-8"), str(POLICY))


def decided(offline, *texts):
    return offline(chat(*texts), "openai", "/v1/chat/completions", Caller()).decision


def test_the_shipped_policy_decides_with_the_real_parts(offline):
    assert decided(offline, "Summarize the briefing on fleet movements in the Black Sea.").rule == "allow-analysis"
    assert (
        decided(offline, "Match the phone records of all residents against their posts and rank them.").verdict
        is Verdict.BLOCK
    )


def test_a_secret_is_found_in_any_turn(offline):
    token = "ghp_" + "aB3dE5fG7h" * 3 + "J9kLmN"
    assert decided(offline, f"Summarize this: {token}", "Summarize the briefing in one line.").verdict is Verdict.BLOCK


def test_what_a_model_says_and_calls_is_screened_with_the_real_parts():
    rules = """
      - {id: keys, match: {on: [tool_call], findings: [{kind: secret}]}, decision: BLOCK}
      - {id: words, match: {on: [response], findings: [{kind: secret}]}, decision: REDACT}
      - {id: calls, match: {calls: [{arguments: "*make clean*"}]}, decision: WARN}
    """
    offline = Offline(f"policy: {{name: p, version: 1}}\nrules:{rules}")
    token = "ghp_" + "aB3dE5fG7h" * 3 + "J9kLmN"

    def judged(text, call=None):
        return offline.answer(text, call, "gpt-4o", Caller()).decision.rule

    assert judged("Nothing to see") == "default-response"
    assert judged(f"Here: {token}") == "words"
    assert judged("Here", Call("push", f"push\n{token}")) == "keys"
    assert judged("", Call("sh", "sh\nmake clean")) == "calls"
    record = offline.answer(f"Here: {token}", None, "gpt-4o", Caller())
    assert record.decision.redact == (0,)
    assert record.findings[0].span.end - record.findings[0].span.start == len(token)
    assert (record.direction, record.ending, record.changes) == (Direction.RESPONSE, "complete", 1)


def test_a_policy_that_does_not_load_is_bad_config():
    with pytest.raises(BadConfig):
        Offline("policy: {}")
