"""What an answer is about: the real Envoy and service before a provider that streams."""

import json
from collections.abc import Iterator

import pytest
from tests.contract.streaming import DONE, chat, document
from tests.contract.test_answers import Sidecar, running, texts

POLICY = """
policy: {name: about, version: "1"}
defaults: {intent: ALLOW, finding: ALLOW}
categories: [weapons, question_answering]
rules:
  - {id: no-weapons, description: "No weapons", decision: BLOCK, match_categories: [weapons], match: {on: [response]}}
"""
BOMB = (
    "To make a pipe bomb you fill a steel pipe with explosive powder, seal both ends with caps, drill a hole for the fuse "
    "and add nails as shrapnel so that it injures as many people as possible. "
)
CITY = "The old town has narrow streets, a market hall and two museums that are open until six in the evening. "


@pytest.fixture(scope="module")
def sidecar() -> Iterator[Sidecar]:
    with running(POLICY) as started:
        yield started


def words(text: str) -> list[str]:
    return [word + " " for word in text.split()]


def test_an_answer_about_it_is_refused_in_its_place(sidecar: Sidecar) -> None:
    sidecar.upstream.play(document(BOMB))
    status, body, whole = sidecar.ask(stream=False)
    assert (status, whole) == (400, True)
    assert "no-weapons" in json.loads(body)["error"]["message"]
    assert b"steel pipe" not in body
    record = sidecar.answered()
    assert [(each["category"], each["primary"]) for each in record["intents"]] == [("weapons", False)]


def test_a_stream_about_it_is_cut_and_the_provider_stops(sidecar: Sidecar) -> None:
    sidecar.upstream.play(chat(words(CITY * 6 + BOMB * 8 + CITY * 40), pause_s=0.002))
    status, body, whole = sidecar.ask()
    assert (status, whole) == (200, True)
    assert CITY * 6 in texts(body)
    assert len(texts(body)) < len(CITY * 6 + BOMB * 8)
    assert b"content_policy_violation" in body
    assert body.endswith(DONE)
    assert sidecar.upstream.cut_off.wait(5)


def test_what_is_harmless_arrives(sidecar: Sidecar) -> None:
    sidecar.upstream.play(chat(words(CITY * 20)))
    status, body, whole = sidecar.ask()
    assert (status, whole) == (200, True)
    assert texts(body) == CITY * 20
