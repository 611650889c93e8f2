import asyncio
import hashlib
import json

import pytest
from tests import encoders
from tests.unit.pipeline.test_decide import chat

from firebreak.adapters.encoders import Encoders
from firebreak.app.compose import Composer, Limits
from firebreak.app.offline import Offline
from firebreak.detect import registry
from firebreak.model.conversation import Origin, Part, PartKind, Role
from firebreak.model.errors import BadConfig
from firebreak.model.exchange import Caller
from firebreak.model.finding import FindingKind
from firebreak.model.intent import Intent, IntentSource
from firebreak.pipeline.edit import splice
from training.asks import CATEGORIES, Ask, with_encoder

POLICY = """
policy: {name: p, version: "1"}
categories: [coding]
rules: [{id: allow-coding, decision: ALLOW, match_categories: [coding]}]
"""
JUDGE = 'judge: {api: openai, url: "http://127.0.0.1:1/v1", model: m}\n'


@pytest.fixture(scope="module")
def composer():
    return Composer(Limits())


def test_a_snapshot_has_everything_a_policy_needs(composer):
    snapshot = composer.snapshot(POLICY, "p.yaml", 3)
    assert snapshot.generation == 3
    assert snapshot.program.ref.name == "p"
    assert snapshot.judge is None


def test_every_rule_can_be_warmed_before_it_is_needed(composer):
    assert len(list(composer.warm())) == len(registry.RULES)


def test_a_new_snapshot_has_a_memory_of_its_own(composer):
    assert composer.snapshot(POLICY, "p", 1).screen is not composer.snapshot(POLICY, "p", 2).screen


def test_a_category_that_can_never_be_recognised_does_not_load(composer):
    with pytest.raises(BadConfig):
        composer.snapshot(POLICY.replace("coding", "flibbertigibbet"), "p", 1)


def test_the_judges_key_is_read_from_its_file(tmp_path):
    key = tmp_path / "key"
    key.write_text("sesame\n", encoding="utf-8")
    assert Composer(Limits(), str(key)).snapshot(POLICY + JUDGE, "p", 1).judge is not None


def test_a_key_that_cannot_be_read_is_bad_config(tmp_path):
    with pytest.raises(BadConfig):
        Composer(Limits(), str(tmp_path / "none")).snapshot(POLICY + JUDGE, "p", 1)


class Small:
    """In the place of the small model: sure of what is `safe`, unsure of the rest."""

    name = "small"
    kind = FindingKind.INJECTION

    def detect(self, part, views):
        return []

    def score(self, part, views):
        return 0.0 if "safe" in part.text else 0.4


def said(text):
    return Part(PartKind.TEXT, Role.USER, Origin.USER, text, ())


def test_an_encoder_stands_behind_the_small_model(tmp_path, monkeypatch):
    encoders.classifier(tmp_path)
    mounted = Encoders(str(tmp_path), threads=1, budget_s=20, memory_entries=10)
    monkeypatch.setattr(registry, "detectors", lambda prepared: (Small(),))
    screen = Composer(Limits(), encoders=mounted).snapshot(POLICY, "p", 1).screen
    parts = [said("evil"), said("safe evil")]
    found = asyncio.run(screen.settle(parts, [screen.part(part) for part in parts]))
    assert [hit.rule for one in found for hit in one.hits] == ["injection-encoder"]


def test_the_small_model_counts_as_much_as_the_encoder_says(tmp_path, monkeypatch):
    monkeypatch.setattr(registry, "detectors", lambda prepared: (Small(),))
    scores = []
    for number, said_of_it in enumerate(({}, {"small_weight": 1.0})):
        encoders.classifier(tmp_path / str(number), **said_of_it)
        mounted = Encoders(str(tmp_path / str(number)), threads=1, budget_s=20, memory_entries=10)
        screen = Composer(Limits(), encoders=mounted).snapshot(POLICY, "p", 1).screen
        scores.append(screen.scores(said("evil"))[FindingKind.INJECTION])
    alone, weighed = scores
    assert weighed < alone  # the small model's 0.4 speaks against it


def test_an_encoder_of_sentences_reads_asks(tmp_path):
    encoders.sentences(tmp_path)
    mounted = Encoders(str(tmp_path), threads=1, budget_s=20, memory_entries=10)
    composer = Composer(Limits(), encoders=mounted)
    assert composer.snapshot(POLICY, "p", 1).asks is not None
    assert composer.snapshot(POLICY.replace("coding", "embedding"), "p", 2).asks is None
    assert Composer(Limits()).snapshot(POLICY, "p", 1).asks is None


def test_what_was_learnt_on_an_encoders_vectors_is_heard(tmp_path):
    place = encoders.sentences(tmp_path, about={"base_sha256": "weights"})
    ask = Intent("unknown", 0.1, IntentSource.LOCAL, primary=True, part=0, evidence="coding#1")

    def read() -> str:
        mounted = Encoders(str(tmp_path), threads=1, budget_s=20, memory_entries=10)
        reader = Composer(Limits(), encoders=mounted).snapshot(POLICY, "p", 1).asks
        assert reader
        (intent, *_), _ = asyncio.run(reader.read((ask,), "a ship at sea"))
        return intent.category

    assert read() == "unknown"
    coding = CATEGORIES.index("coding") + 1
    ships = [Ask(text, (coding,), 2.0) for text in ("sea", "a ship", "ship and wave", "the wave")]
    other = [Ask(text, (0,), 2.0) for text in ("python", "code", "evil", "hello")]
    (place / "asks.bin").write_bytes(with_encoder(ships + other, str(tmp_path)))
    assert read() == "coding"


def test_a_tagger_reads_for_every_policy(tmp_path, monkeypatch):
    """The whole path: what a body says of people is taken out of it, but for whom the policy lets pass."""
    encoders.tagger(tmp_path)
    mounted = Encoders(str(tmp_path), threads=1, budget_s=20, memory_entries=10)
    monkeypatch.setattr(registry, "detectors", lambda prepared: ())
    digest = hashlib.sha256(b"Bob").hexdigest()
    policy = f"""
policy: {{name: p, version: "1"}}
defaults: {{intent: ALLOW, finding: BLOCK, unavailable: BLOCK}}
allowed_values: [{{sha256: {digest}, reason: Everybody knows him}}]
rules:
  - {{id: addresses, decision: REDACT, match: {{findings: [{{rule: postal-address, min_severity: medium}}]}}}}
  - {{id: names, decision: REDACT, match: {{findings: [{{kind: pii, rule: person-name}}]}}}}
"""
    body = chat("hello from anna smith, 12 Oak Street, Paris", "hello Anna Smith! Bob", "hello anna smith")
    outcome = Offline(policy, "p", Composer(Limits(), encoders=mounted)).outcome(
        body, "openai", "/v1/chat/completions", Caller()
    )
    assert outcome.refusal is None
    said = [message["content"] for message in json.loads(splice(body, outcome.changes))["messages"]]
    assert said == [
        "hello from [PERSON_NAME_1], [POSTAL_ADDRESS_1]",
        "hello [PERSON_NAME_2]! Bob",
        "hello [PERSON_NAME_1]",
    ]
