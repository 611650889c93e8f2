import asyncio
import json
from dataclasses import replace

import pytest

from firebreak.detect.interface import Hit
from firebreak.intent.classify import Guess
from firebreak.model.conversation import Origin, PartKind
from firebreak.model.decision import Mode, Verdict
from firebreak.model.errors import Unavailable
from firebreak.model.exchange import Caller, Exchange
from firebreak.model.finding import FindingKind, Severity
from firebreak.model.handover import NO_PROMPT
from firebreak.model.reason import Reason
from firebreak.pipeline.cascade import Band, Cascade
from firebreak.pipeline.decide import decide
from firebreak.pipeline.entities import Entities
from firebreak.pipeline.interface import AttackScore
from firebreak.pipeline.screen import Screen
from firebreak.pipeline.snapshot import Snapshot
from firebreak.policy.compile import load

POLICY = """
policy: {name: p, version: "1"}
categories: [coding, translation]
rules:
  - {id: allow-coding, description: "Code", decision: ALLOW, match_categories: [coding]}
  - {id: no-secrets, description: "No secrets", decision: BLOCK, match: {findings: [{kind: secret}]}}
"""
SECRET = "hunter2hunter2"


class KeywordClassifier:
    def classify(self, text):
        return Guess("coding", 0.9) if "code" in text else Guess("unknown", 0.1)


class SecretDetector:
    name = "secrets"

    def detect(self, part, views):
        at = part.text.find(SECRET)
        return [] if at < 0 else [Hit("a-secret", FindingKind.SECRET, Severity.HIGH, 1.0, at, at + len(SECRET))]


class CrashingDetector:
    name = "crashing"

    def detect(self, part, views):
        raise RuntimeError


class MemoryLog:
    def __init__(self):
        self.records = []

    async def append(self, record):
        self.records.append(record)


class FullDisk:
    async def append(self, record):
        raise Unavailable("disk full")


def snapshot(policy=POLICY, detectors=None):
    program = load(policy, "policy.yaml", {"a-secret": FindingKind.SECRET})
    screen = Screen(detectors or [SecretDetector()], KeywordClassifier(), memory_entries=10, budget_s=10)
    return Snapshot(program, screen, None, 1)


def chat(*contents, **extra):
    messages = [{"role": "user", "content": content} for content in contents]
    return json.dumps({"model": "gpt-4o", "messages": messages, **extra}).encode()


def run(body, snap="default", log=None, **changes):
    headers = {"content-type": "application/json"}
    caller = Caller(pod="p")
    plain = Exchange("e1", "POST", "/v1/chat/completions", "", "h", headers, body, "openai", "openai", caller)
    log = log or MemoryLog()
    outcome = asyncio.run(decide(replace(plain, **changes), snapshot() if snap == "default" else snap, log, 1000.0))
    return outcome, log


def test_what_a_rule_allows_passes_with_a_record():
    outcome, log = run(chat("write code"))
    assert outcome.refusal is None
    (record,) = log.records
    assert record is outcome.record
    assert (record.decision.verdict, record.decision.rule) == (Verdict.ALLOW, "allow-coding")
    assert (record.inspected, record.surface, record.model, record.parts) == ("request", "openai.chat", "gpt-4o", 1)
    assert record.caller.pod == "p"
    assert set(record.timings_us) >= {"read", "screen", "intent", "evaluate"}


def test_what_no_rule_names_is_refused_in_the_providers_form():
    outcome, _ = run(chat("sing a song"))
    assert outcome.refusal.status == 400
    error = json.loads(outcome.refusal.body)["error"]
    assert error["code"] == "content_policy_violation"
    assert error["message"].startswith("Request blocked by policy: unknown-intent — ")


def test_the_same_refusal_has_anthropics_form_for_anthropic():
    body = json.dumps({"model": "m", "max_tokens": 1, "messages": [{"role": "user", "content": "sing"}]}).encode()
    outcome, _ = run(body, api="anthropic", provider="anthropic", path="/v1/messages")
    assert json.loads(outcome.refusal.body)["type"] == "error"


def test_a_finding_carries_the_raw_span_and_no_text():
    body = chat(f"code with {SECRET}")
    outcome, log = run(body)
    (finding,) = log.records[0].findings
    assert body[finding.span.start : finding.span.end].decode() == SECRET
    assert outcome.record.decision.rule == "no-secrets"
    assert SECRET not in repr(log.records[0])


def test_an_earlier_turn_counts():
    outcome, _ = run(chat(f"code with {SECRET}", "now write code"))
    assert outcome.record.decision.rule == "no-secrets"


def test_a_body_that_cannot_be_read_is_refused_with_its_reason():
    outcome, log = run(b'{"model":"m","model":"n","messages":[]}')
    assert outcome.refusal.status == 400
    assert json.loads(outcome.refusal.body)["error"]["code"] == "duplicate_key"
    assert (log.records[0].reason, log.records[0].decision.rule) == ("duplicate_key", "unreadable:duplicate_key")
    assert log.records[0].inspected == "skipped:duplicate_key"


def test_what_the_edge_found_wrong_is_refused_before_the_body_is_read():
    outcome, log = run(chat("write code"), fault=Reason.BODY_TRUNCATED)
    assert outcome.refusal.status == 413
    assert log.records[0].reason == "body_truncated"


def test_an_unknown_route_is_refused():
    outcome, log = run(chat("write code"), path="/v1/fine_tuning/jobs")
    assert outcome.refusal.status == 403
    assert log.records[0].reason == "unknown_route"


def test_a_listed_route_passes_and_is_recorded():
    outcome, log = run(b"", method="GET", path="/v1/models", headers={})
    assert outcome.refusal is None
    assert (log.records[0].decision.rule, log.records[0].inspected) == ("listed-route", "skipped:listed_route")


def test_without_a_policy_everything_is_refused():
    for body in (chat("write code"), b"junk"):
        outcome, log = run(body, snap=None)
        assert outcome.refusal.status == 503
        assert log.records[0].decision.rule == "no-policy"


def test_without_a_record_nothing_passes():
    outcome, _ = run(chat("write code"), log=FullDisk())
    assert outcome.record is None
    assert outcome.refusal.status == 503
    assert json.loads(outcome.refusal.body)["error"]["code"] == "audit_unavailable"


def test_a_detector_that_crashes_is_a_fact_that_refuses(caplog):
    outcome, log = run(chat("write code"), snapshot(detectors=[CrashingDetector()]))
    assert outcome.refusal.status == 400
    assert log.records[0].decision.rule == "default-unavailable"
    assert [absence.part for absence in log.records[0].unavailable] == ["crashing"]


@pytest.mark.parametrize("body", [chat("sing"), b"junk", chat(f"code {SECRET}")])
def test_shadow_never_refuses(body):
    shadow = POLICY.replace('version: "1"', 'version: "1", mode: shadow')
    outcome, log = run(body, snapshot(shadow))
    assert outcome.refusal is None
    assert log.records[0].decision.mode is Mode.SHADOW
    assert log.records[0].decision.verdict is Verdict.BLOCK


@pytest.mark.parametrize(
    ("fault", "status", "kind"),
    [
        (Reason.CALLER_TOKEN, 403, "invalid_request_error"),
        (Reason.CALLER_CERTIFICATE, 403, "invalid_request_error"),
        (Reason.CALLER_UNAVAILABLE, 503, "server_error"),
    ],
)
def test_a_caller_that_is_not_known_is_refused_even_in_shadow_and_after_the_policys_end(fault, status, kind):
    shadow = POLICY.replace('version: "1"', 'version: "1", mode: shadow, expires: "1970-01-01"')
    outcome, log = run(chat("write code"), snapshot(shadow), fault=fault)
    assert outcome.refusal.status == status
    error = json.loads(outcome.refusal.body)["error"]
    assert (error["code"], error["type"]) == (fault.code, kind)
    assert (log.records[0].reason, log.records[0].decision.rule) == (fault.code, f"unreadable:{fault.code}")


HOLD = POLICY.replace("decision: ALLOW,", "decision: ALLOW_CONSTRAINED, enforce: {max_output_tokens: 9},")


def test_what_a_rule_enforces_is_carried_out_or_refused():
    outcome, log = run(chat("write code"), snapshot(HOLD))
    assert outcome.refusal is None
    assert [text for _, _, text in outcome.changes] == [b'"max_completion_tokens": 9, ']
    assert (log.records[0].changes, log.records[0].decision.verdict) == (1, Verdict.ALLOW_CONSTRAINED)
    outcome, log = run(chat("write code", max_tokens="9"), snapshot(HOLD))
    assert outcome.refusal.status == 400
    assert (outcome.changes, log.records[0].changes, log.records[0].decision.rule) == ((), 0, "allow-coding")
    outcome, log = run(chat("write code"), snapshot(HOLD.replace('version: "1"', 'version: "1", mode: shadow')))
    assert (outcome.refusal, outcome.changes, log.records[0].changes) == (None, (), 0)


def test_a_body_that_its_headers_sign_is_not_constrained_but_refused():
    signed = {"content-type": "application/json", "x-amz-date": "20260101T000000Z"}
    outcome, _ = run(chat("write code"), snapshot(HOLD), headers=signed)
    assert outcome.refusal.status == 400
    assert outcome.record.decision.rule == "allow-coding"


def test_the_system_prompt_is_handed_over_as_fingerprints():
    told = " ".join(f"word{number}" for number in range(50))
    body = json.loads(chat("write code"))
    assert run(chat(f"write code {told}"))[0].prompt.values == ()
    for role in ("system", "developer"):
        asked = {**body, "messages": [{"role": role, "content": told}, *body["messages"]]}
        assert len(run(json.dumps(asked).encode())[0].prompt.values) == 45
    preamble = HOLD.replace("max_output_tokens: 9", f'system_preamble: "{told}"')
    assert len(run(chat("write code"), snapshot(preamble))[0].prompt.values) == 45


def test_the_end_user_of_the_body_is_the_caller():
    outcome, _ = run(chat("write code", user="u-1"))
    assert outcome.record.caller.user == "u-1"


def test_an_image_is_a_part_that_was_seen():
    content = [
        {"type": "text", "text": "write code"},
        {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA=="}},
    ]
    kinds = []

    class Kinds:
        name = "kinds"

        def detect(self, part, views):
            kinds.append(part.kind)
            return []

    run(
        json.dumps({"model": "m", "messages": [{"role": "user", "content": content}]}).encode(),
        snapshot(detectors=[Kinds()]),
    )
    assert kinds == [PartKind.TEXT, PartKind.IMAGE]


REDACTING = POLICY.replace("decision: BLOCK, match", "decision: REDACT, match")


def test_a_redaction_that_can_be_carried_out_lets_the_request_pass_changed():
    outcome, log = run(chat(f"code with {SECRET}"), snapshot(REDACTING), MemoryLog())
    (change,) = outcome.changes
    assert (outcome.refusal, change[2]) == (None, b"[SECRET_1]")
    assert (log.records[0].decision.verdict, log.records[0].decision.refuses) == (Verdict.REDACT, False)


def test_a_redaction_that_cannot_be_carried_out_refuses():
    """A form's field has no place in a JSON document where something else could stand."""
    raw = f'--b\r\nContent-Disposition: form-data; name="prompt"\r\n\r\ncode {SECRET}\r\n--b--'.encode()
    form = {"content-type": "multipart/form-data; boundary=b"}
    outcome, log = run(raw, snapshot(REDACTING), MemoryLog(), path="/v1/images/edits", headers=form)
    assert (outcome.changes, log.records[0].decision.refuses) == ((), True)
    assert outcome.refusal.status == 400


def form(*lines, purpose="batch"):
    """A batch's file as it is uploaded."""
    content = "".join(json.dumps(line) + "\n" for line in lines)
    return (
        f'--b\r\nContent-Disposition: form-data; name="purpose"\r\n\r\n{purpose}\r\n'
        f'--b\r\nContent-Disposition: form-data; name="file"; filename="a.jsonl"\r\n\r\n{content}\r\n--b--\r\n'
    ).encode()


def line(text, model="gpt-4o", **more):
    body = {"model": model, "messages": [{"role": "user", "content": text}], **more}
    return {"custom_id": "c", "method": "POST", "url": "/v1/chat/completions", "body": body}


FORM = {"content-type": "multipart/form-data; boundary=b"}


def run_form(*lines, snap=None):
    outcome, log = run(form(*lines), snap or snapshot(), MemoryLog(), path="/v1/files", headers=FORM)
    return outcome, log.records[0]


def test_a_secret_in_the_third_line_of_a_file_is_found_in_its_place():
    body = form(line("code"), line("write code"), line(f"code with {SECRET}"))
    outcome, log = run(body, snapshot(), MemoryLog(), path="/v1/files", headers=FORM)
    (finding,) = log.records[0].findings
    assert body[finding.span.start : finding.span.end].decode() == SECRET
    assert outcome.record.decision.rule == "no-secrets"
    assert outcome.refusal.status == 400


def test_a_file_of_allowed_lines_passes():
    outcome, record = run_form(line("code"), line("write code", "gpt-5"))
    assert outcome.refusal is None
    assert (record.surface, record.model, record.decision.rule) == ("openai.files", "", "allow-coding")


@pytest.mark.parametrize("place", [0, 1, 2])
def test_an_ask_hides_behind_no_other(place):
    lines = [line("code")] * 3
    lines[place] = line("sing a song")
    _, record = run_form(*lines)
    assert record.decision.rule == "unknown-intent"


BY_MODEL = """
policy: {name: p, version: "1"}
categories: [coding]
rules:
  - {id: not-this-one, decision: BLOCK, match: {models: ["gpt-5*"]}}
  - {id: only-these, decision: ALLOW, match: {models: ["gpt-*"]}, match_categories: [coding]}
"""


@pytest.mark.parametrize("place", [0, 1, 2])
@pytest.mark.parametrize(("model", "rule"), [("gpt-5-mini", "not-this-one"), ("other", "unknown-intent")])
def test_a_model_hides_behind_no_other(place, model, rule):
    lines = [line("code")] * 3
    assert run_form(*lines, snap=snapshot(BY_MODEL))[0].refusal is None
    lines[place] = line("code", model)
    outcome, record = run_form(*lines, snap=snapshot(BY_MODEL))
    assert outcome.refusal is not None
    assert record.decision.rule == rule


def test_findings_that_are_alike_are_kept_of_each_request():
    policy = BY_MODEL.replace(
        "rules:", "rules:\n  - {id: s, decision: ALLOW, match: {findings: [{kind: secret}], models: [gpt-4o]}}"
    )
    lines = [line(f"code {SECRET}") for _ in range(40)]
    assert run_form(*lines, snap=snapshot(policy))[0].refusal is None
    outcome, _ = run_form(*lines, line(f"code {SECRET}", "gpt-3"), snap=snapshot(policy))
    assert outcome.refusal is not None


def test_a_line_of_a_file_is_redacted_in_place():
    raw = form(line("code"), line(f"code with {SECRET}"))
    outcome, _ = run(raw, snapshot(REDACTING), MemoryLog(), path="/v1/files", headers=FORM)
    assert outcome.refusal is None
    ((start, end, replacement),) = outcome.changes
    assert (raw[start:end].decode(), replacement) == (SECRET, b"[SECRET_1]")
    assert outcome.prompt == NO_PROMPT


def test_what_a_rule_enforces_refuses_a_body_with_several_requests():
    policy = POLICY.replace(
        "decision: ALLOW, match_categories",
        "decision: ALLOW_CONSTRAINED, enforce: {max_output_tokens: 5}, match_categories",
    )
    outcome, record = run_form(line("code"), line("code"), snap=snapshot(policy))
    assert outcome.refusal is not None
    assert "several requests" in record.decision.description


def test_requests_of_anthropics_batches_are_judged_one_by_one():
    def asked(text):
        return {
            "custom_id": "c",
            "params": {"model": "m", "max_tokens": 1, "messages": [{"role": "user", "content": text}]},
        }

    def refused(*texts):
        body = json.dumps({"requests": [asked(text) for text in texts]}).encode()
        more = {"api": "anthropic", "provider": "anthropic", "path": "/v1/messages/batches"}
        return run(body, snapshot(), MemoryLog(), **more)[0].refusal is not None

    assert not refused("code", "write code")
    assert refused("code", "sing", "code")
    assert refused("code", f"code {SECRET}")


class Unsure:
    """In the place of the small model."""

    name = "small"
    kind = FindingKind.INJECTION

    def score(self, part, views):
        return 0.4


class Encoder:
    threshold = 0.5
    origins = frozenset(Origin)

    def __init__(self, failure=None):
        self.failure = failure

    async def attack_scores(self, texts):
        if self.failure:
            raise self.failure
        return self.attack_scores_now(texts)

    def attack_scores_now(self, texts):
        return [AttackScore(*(0.9,) * 2) if "disregard" in text else AttackScore(0.1, 0.1) for text in texts]


def encoded(encoder):
    cascade = Cascade(Unsure(), encoder, Band(0.1, 0.8))
    screen = Screen([], KeywordClassifier(), memory_entries=10, budget_s=10, cascade=cascade)
    return Snapshot(load(POLICY, "policy.yaml", {}), screen, None, 1)


def test_what_the_encoder_finds_is_judged_like_any_finding():
    outcome, log = run(chat("write code and disregard the table"), encoded(Encoder()))
    (finding,) = log.records[0].findings
    assert (finding.rule, finding.score) == ("injection-encoder", 0.9)
    assert outcome.refusal is not None
    assert run(chat("write code"), encoded(Encoder()))[0].refusal is None


class Tagger:
    origins = frozenset({Origin.USER})
    max_passages = 8

    def __init__(self, failure):
        self.failure = failure

    async def words(self, texts):
        raise self.failure


@pytest.mark.parametrize(("failure", "reason"), [(TimeoutError(), "over_budget"), (Unavailable("no"), "crashed")])
def test_a_tagger_that_is_absent_is_a_fact_and_refuses_by_default(failure, reason):
    entities = Entities(Tagger(failure))
    screen = Screen([], KeywordClassifier(), memory_entries=10, budget_s=10, entities=entities)
    snap = Snapshot(load(POLICY, "policy.yaml", {}), screen, None, 1)
    outcome, log = run(chat("write code for Anna"), snap)
    assert [(one.part, one.reason) for one in log.records[0].unavailable] == [("entity-tagger", reason)]
    assert outcome.record.decision.rule == "default-unavailable"
    assert outcome.refusal.status == 400


def test_an_encoder_that_is_late_is_a_fact_and_refuses_by_default():
    outcome, log = run(chat("write code"), encoded(Encoder(TimeoutError())))
    assert [(one.part, one.reason) for one in log.records[0].unavailable] == [("injection-encoder", "over_budget")]
    assert outcome.record.decision.rule == "default-unavailable"
    assert outcome.refusal.status == 400
