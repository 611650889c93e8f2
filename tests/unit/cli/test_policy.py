import argparse
import io
import json
import sys
from types import SimpleNamespace

import pytest

from firebreak.cli.policy import Context, add_parser, body_of, facts_of
from firebreak.model.decision import Verdict
from firebreak.model.exchange import Caller
from firebreak.model.facts import Call, Facts
from firebreak.model.finding import Direction, FindingKind
from firebreak.model.intent import Intent, IntentSource
from firebreak.model.reason import Reason
from firebreak.model.record import Record
from firebreak.policy.compile import load
from firebreak.policy.evaluate import evaluate, refuse_unread
from firebreak.policy.program import Expectation, PolicyTest

POLICY = """\
policy: {name: p, version: 1}
rules:
  - {id: talk, match_categories: [talk], decision: ALLOW}
tests:
  - {name: talk passes, prompt: talk, expect: {decision: ALLOW, rule: talk}}
  - {name: the rest does not, prompt: walk, expect: {decision: BLOCK}}
"""
RESPONSES = """\
policy: {name: p, version: 1}
rules:
  - {id: removing, match: {on: [response], calls: [{tool: "delete_*"}]}, decision: BLOCK}
tests:
  - {name: talk comes back, response: talk, expect: {decision: ALLOW, rule: default-response}}
  - {name: removing does not, response_call: {tool: delete_all, arguments: "{}"}, expect: {decision: BLOCK}}
"""


class FakeDecider:
    """Takes the last message for the name of its own category, and an empty body for an unreadable one."""

    def __init__(self, text):
        self.program = load(text, "p.yaml", {})
        self.calls = []

    def answer(self, text, call, model, caller):
        self.calls.append((text, call, model, caller))
        called = () if call is None else (call,)
        facts = Facts("openai", "openai.chat", model, False, caller, calls=called, direction=Direction.RESPONSE)
        return Record(
            id="1", time_s=0.0, provider="openai", surface="openai.chat", method="POST", path="", model=model,
            stream=False, caller=caller, policy=self.program.ref, decision=evaluate(self.program, facts, 0.0),
            inspected="response", body_bytes=0, body_sha256="", parts=1, direction=Direction.RESPONSE,
        )  # fmt: skip

    def __call__(self, body, api, path, caller):
        self.calls.append((body, api, path, caller))
        said = json.loads(body)["messages"][-1]["content"] if body else ""
        asked = (Intent(said, 0.9, IntentSource.LOCAL, primary=True),)
        facts = Facts("openai", "openai.chat", "m", False, caller, intents=asked)
        unread = refuse_unread(self.program, Reason.BODY_EMPTY, 0.0)
        return Record(
            id="1", time_s=0.0, provider="openai", surface="openai.chat", method="POST", path=path, model="m",
            stream=False, caller=caller, policy=self.program.ref,
            decision=evaluate(self.program, facts, 0.0) if body else unread, inspected="request",
            body_bytes=len(body), body_sha256="", parts=1, reason="" if body else "body_empty", intents=asked,
        )  # fmt: skip


@pytest.fixture
def command(tmp_path, capsys):
    deciders = []

    def offline(text):
        deciders.append(FakeDecider(text))
        return deciders[-1]

    parser = argparse.ArgumentParser()
    add_parser(parser.add_subparsers(), Context(lambda: {"k": FindingKind.PII}, offline))
    file = tmp_path / "p.yaml"
    file.write_text(POLICY)

    def run(*words):
        arguments = parser.parse_args(["policy", *[str(file) if word == "FILE" else word for word in words]])
        status = arguments.run(arguments)
        out, err = capsys.readouterr()
        return SimpleNamespace(
            status=status, out=out.replace(str(file), "p.yaml"), err=err.replace(str(file), "p.yaml")
        )

    return SimpleNamespace(run=run, file=file, deciders=deciders)


def test_lint_is_content_with_a_good_policy(command):
    result = command.run("lint", "FILE")
    assert (result.status, result.out) == (0, "p.yaml: 0 errors, 0 warnings\n")


def test_lint_names_file_line_and_mend_and_fails(command):
    command.file.write_text(POLICY.replace("decision: ALLOW}", "decision: ALOW}"))
    result = command.run("lint", "FILE")
    assert result.status == 1
    assert result.out.splitlines()[0].startswith("p.yaml:3: error[unknown-word]: `decision`: `ALOW` is not one of ")
    assert result.out.splitlines()[0].endswith("; did you mean `ALLOW`?")


def test_lint_knows_the_detectors_rules(command):
    command.file.write_text(POLICY.replace("match_categories: [talk]", "match: {findings: [{rule: k}]}"))
    assert command.run("lint", "FILE").status == 0


def test_lint_warns_without_failing(command):
    command.file.write_text(POLICY.replace("decision: ALLOW}", "decision: REDACT}"))
    result = command.run("lint", "FILE")
    assert (result.status, result.out.splitlines()[-1]) == (0, "p.yaml: 0 errors, 1 warnings")


def test_the_tests_of_a_policy_are_run_down_the_one_path(command):
    result = command.run("test", "FILE")
    assert result.status == 0
    assert result.out.splitlines() == [
        "ok   p.yaml:5 talk passes: as agreed",
        "ok   p.yaml:6 the rest does not: as agreed",
        "p.yaml: 2 of 2 tests pass",
    ]
    body, api, path, caller = command.deciders[0].calls[0]
    assert (api, path, caller) == ("openai", "/v1/chat/completions", Caller())
    assert json.loads(body)["messages"] == [{"role": "user", "content": "talk"}]


def test_what_comes_back_is_tested_without_a_body(command):
    command.file.write_text(RESPONSES)
    result = command.run("test", "FILE")
    assert (result.status, result.out.splitlines()[-1]) == (0, "p.yaml: 2 of 2 tests pass")
    assert command.deciders[0].calls == [
        ("talk", None, "gpt-4o", Caller()),
        ("", Call("delete_all", "delete_all\n{}"), "gpt-4o", Caller()),
    ]


def test_a_test_that_fails_says_what_came_out(command):
    command.file.write_text(POLICY.replace("prompt: walk", "prompt: talk"))
    result = command.run("test", "FILE")
    assert result.status == 1
    assert "FAIL p.yaml:6 the rest does not: decision is ALLOW by talk, not BLOCK" in result.out


@pytest.mark.parametrize("name", ["test", "explain"])
def test_a_policy_that_does_not_load_is_told_on_standard_error(command, name):
    command.file.write_text("a: 1")
    result = command.run(name, "FILE")
    assert result.status == 2
    assert result.err.startswith("p.yaml:1: error[")


def test_explain_says_which_rule_judged(command):
    assert "  > talk: ALLOW" in command.run("explain", "FILE", "talk").out.splitlines()


def test_explain_reads_a_body_from_a_file_or_standard_input(command, tmp_path, monkeypatch):
    body = json.dumps({"messages": [{"role": "user", "content": "walk"}]}).encode()
    (tmp_path / "body.json").write_bytes(body)
    assert "  > unknown-intent: BLOCK" in command.run("explain", "FILE", "--body", str(tmp_path / "body.json")).out
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(body)))
    assert "  > unknown-intent: BLOCK" in command.run("explain", "FILE", "--body", "-", "--api", "azure_openai").out
    assert command.deciders[-1].calls[0][1] == "azure_openai"


def test_explain_of_a_body_that_cannot_be_read_says_why(command, tmp_path):
    (tmp_path / "body.json").write_bytes(b"")
    result = command.run("explain", "FILE", "--body", str(tmp_path / "body.json"))
    assert result.out == "BLOCK by unreadable:body_empty: the request has no body\n"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("explain", "FILE"), "there is no request"),
        (("explain", "FILE", "--body", "/nonexistent"), "/nonexistent: the file cannot be read"),
        (("lint", "/nonexistent"), "/nonexistent: the file cannot be read"),
    ],
)
def test_what_is_missing_is_one_line_on_standard_error(command, words, told):
    result = command.run(*words)
    assert (result.status, result.out) == (2, "")
    assert told in result.err


def test_a_policy_that_is_not_text_is_refused(command):
    command.file.write_bytes(b"\xff")
    assert "not valid UTF-8" in command.run("lint", "FILE").err


def test_schema_prints_what_editors_read(command):
    assert json.loads(command.run("schema").out)["title"] == "Firebreak policy"


def test_a_test_becomes_an_openai_chat_body():
    test = PolicyTest(
        "t", 1, Expectation(Verdict.ALLOW), (("user", "hi"),), "42", Caller(user="u"), "gpt-5", ("run_shell",)
    )
    body = json.loads(body_of(test))
    assert (body["model"], body["user"]) == ("gpt-5", "u")
    assert [message["role"] for message in body["messages"]] == ["user", "assistant", "tool"]
    assert body["messages"][1]["tool_calls"][0]["id"] == body["messages"][2]["tool_call_id"]
    assert body["messages"][2]["content"] == "42"
    assert body["tools"][0]["function"]["name"] == "run_shell"


def test_the_facts_of_a_record_are_those_it_was_decided_on():
    record = FakeDecider(POLICY)(b'{"messages": [{"content": "talk"}]}', "openai", "/", Caller(pod="p"))
    facts = facts_of(record)
    assert (facts.caller, facts.intents, facts.model) == (Caller(pod="p"), record.intents, "m")
