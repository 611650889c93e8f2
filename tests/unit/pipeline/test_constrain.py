import json

import pytest

from firebreak.model.decision import Decision, Enforcement, Mode, Verdict
from firebreak.model.exchange import Caller, Exchange
from firebreak.pipeline.constrain import constrained, unchangeable
from firebreak.pipeline.edit import splice
from firebreak.pipeline.read import read

PATHS = {"openai": "/v1/chat/completions", "anthropic": "/v1/messages"}


def exchange(body, api="openai", path=""):
    return Exchange(
        id="1",
        method="POST",
        path=path or PATHS[api],
        query="",
        host="",
        headers={"content-type": "application/json"},
        body=json.dumps(body).encode(),
        provider=api,
        api=api,
        caller=Caller(),
    )


def chat(**members):
    return {"model": "gpt-4o", "messages": [{"role": "user", "content": "Hi"}], **members}


def decided(*enforced, mode=Mode.ENFORCE):
    return Decision(Verdict.ALLOW_CONSTRAINED, "r0", "d", mode=mode, enforce=enforced)


def held(body, *enforced, mode=Mode.ENFORCE, redactions=(), **where):
    asked = exchange(body, **where)
    conversation = read(asked).conversation
    assert conversation is not None
    decision, changes = constrained(asked, conversation, decided(*enforced, mode=mode), redactions)
    return decision, json.loads(splice(asked.body, changes)) if changes else None


def test_of_several_rules_the_strictest_counts():
    decision, made = held(
        chat(tools=[{"type": "function", "function": {"name": name}} for name in ("a", "b", "c")]),
        Enforcement("r1", max_output_tokens=50, remove_tools=("A",), system_preamble="First."),
        Enforcement("r2", max_output_tokens=20, remove_tools=("c*",), system_preamble="Second."),
        Enforcement("r3", system_preamble="First."),
    )
    assert not decision.refuses
    assert made["max_completion_tokens"] == 20
    assert [tool["function"]["name"] for tool in made["tools"]] == ["b"]
    assert made["messages"][0] == {"role": "system", "content": "First.\n\nSecond."}


@pytest.mark.parametrize(
    ("body", "enforced", "why"),
    [
        (chat(stream=True), Enforcement("r1", forbid_stream=True), "stream: false"),
        (chat(), Enforcement("r1", models=("gpt-5*", "o*")), "not one of those"),
        (chat(models=["x"]), Enforcement("r1", models=("gpt-4O*",)), "names more models"),
        (chat(max_tokens="9"), Enforcement("r1", max_output_tokens=5), "not a number"),
        (chat(tools=[{"type": {}}]), Enforcement("r1", remove_tools=("x",)), "what it is called"),
    ],
)
def test_what_is_not_for_us_to_change_is_refused_by_its_rule(body, enforced, why):
    decision, made = held(body, Enforcement("r0", system_preamble="x"), enforced)
    assert (decision.verdict, decision.rule, decision.refuses, made) == (Verdict.BLOCK, "r1", True, None)
    assert why in decision.description
    assert decision.rulings[-1].rule == "r1"
    assert decision.rulings[-1].subject.startswith("constraint:")


def test_each_rule_has_its_own_list_of_models():
    both = (Enforcement("r1", models=("gpt-*",)), Enforcement("r2", models=("gpt-4o", "x")))
    assert not held(chat(), *both)[0].refuses
    assert held(chat(model="gpt-5"), *both)[0].rule == "r2"
    assert held(chat(model="x"), *both)[0].rule == "r1"


def test_a_policy_that_only_watches_changes_nothing():
    decision, made = held(chat(stream=True), Enforcement("r1", max_output_tokens=5), mode=Mode.SHADOW)
    assert (decision.verdict, made) == (Verdict.ALLOW_CONSTRAINED, None)
    decision, made = held(chat(stream=True), Enforcement("r1", forbid_stream=True), mode=Mode.SHADOW)
    assert (decision.verdict, decision.refuses, made) == (Verdict.BLOCK, False, None)


def test_what_is_redacted_and_what_is_removed_may_not_overlap():
    body = chat(tools=[{"type": "function", "function": {"name": "a", "description": "x@example.org"}}])
    at = json.dumps(body).index("x@example.org")
    decision, made = held(body, Enforcement("r1", remove_tools=("a",)), redactions=[(at, at + 13, b"[E_1]")])
    assert (decision.rule, decision.refuses, made) == ("r1", True, None)
    decision, made = held(body, Enforcement("r1", max_output_tokens=5), redactions=[(at, at + 13, b"[E_1]")])
    assert made["tools"][0]["function"]["description"] == "[E_1]"
    assert made["max_completion_tokens"] == 5


def test_a_request_without_tools_has_none_to_remove():
    assert held(chat(), Enforcement("r1", remove_tools=("*",))) == (
        decided(Enforcement("r1", remove_tools=("*",))),
        None,
    )


def test_a_tool_that_is_defined_in_a_message_is_refused():
    item = {"type": "additional_tools", "tools": [{"type": "function", "name": "shell", "parameters": {}}]}
    body = {"model": "m", "input": [item, {"role": "user", "content": "Hi"}]}
    decision, _ = held(body, Enforcement("r1", remove_tools=("shell",)), path="/v1/responses")
    assert decision.refuses
    assert not held(body, Enforcement("r1", remove_tools=("other",)), path="/v1/responses")[0].refuses


def test_a_body_that_may_not_be_changed_is_refused():
    assert unchangeable(decided(Enforcement("r1", max_output_tokens=5)), "; signed").rule == "r1"
    redacting = Decision(Verdict.REDACT, "r0", "d", redact=(0,), carried_out=True)
    assert unchangeable(redacting, "; signed").refuses


DECLARED = [{"name": "shell_run"}, {"name": "look_up"}]
FUNCTIONS = [{"type": "function", "function": {"parameters": {}, **each}} for each in DECLARED]
HI = {"role": "user", "content": "Hi"}
REQUESTS = {
    "/v1beta/models/gemini-2.5-flash:generateContent": (
        "gemini",
        {
            "contents": [{"parts": [{"text": "Hi"}]}],
            "tools": [{"functionDeclarations": DECLARED}, {"googleSearch": {}}],
        },
    ),
    "/v1/projects/p/locations/l/publishers/google/models/gemini-2.5-pro:countTokens": (
        "vertex",
        {"contents": [{"parts": [{"text": "Hi"}]}], "tools": [{"function_declarations": DECLARED}]},
    ),
    "/model/amazon.nova-lite-v1%3A0/converse": (
        "bedrock",
        {
            "messages": [{"role": "user", "content": [{"text": "Hi"}]}],
            "toolConfig": {"tools": [*({"toolSpec": each} for each in DECLARED), {"cachePoint": {"type": "default"}}]},
        },
    ),
    "/model/anthropic.claude-sonnet-4-5-v1%3A0/invoke": (
        "bedrock",
        {"anthropic_version": "bedrock-2023-05-31", "max_tokens": 9, "messages": [HI], "tools": DECLARED},
    ),
    "/api/chat": ("ollama", {"model": "m", "messages": [HI], "tools": FUNCTIONS}),
    "/v1/chat/completions": ("mistral", {"model": "m", "messages": [HI], "tools": FUNCTIONS}),
    "/v2/chat": ("cohere", {"model": "m", "messages": [HI], "tools": FUNCTIONS}),
}


@pytest.mark.parametrize("path", REQUESTS)
def test_in_each_api_a_tool_goes_and_the_rest_stays(path):
    api, body = REQUESTS[path]
    decision, made = held(body, Enforcement("r1", remove_tools=("shell*",)), api=api, path=path)
    assert not decision.refuses
    assert json.dumps(made).count("look_up") == 1
    assert "shell" not in json.dumps(made)
    assert json.loads(json.dumps(made)).keys() == json.loads(json.dumps(body)).keys()


def test_tools_that_the_request_does_not_show_are_asked_after_all_the_same():
    path = "/v1beta/models/gemini-2.5-flash:generateContent"
    body = {"contents": [{"parts": [{"text": "Hi"}]}], "cachedContent": "cachedContents/1"}
    decision, _ = held(body, Enforcement("r1", remove_tools=("shell*",)), api="gemini", path=path)
    assert decision.refuses
    assert "cachedContent" in decision.description


def test_a_removed_tool_is_not_called_over_mcp():
    called = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "shell_run", "arguments": {}}}
    wanted = Enforcement("r1", remove_tools=("shell*",), max_output_tokens=5, system_preamble="x")
    assert held(called, wanted, api="mcp", path="/mcp")[0].refuses
    listed = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    assert not held(listed, wanted, api="mcp", path="/mcp")[0].refuses


def test_ollamas_openai_paths_are_capped_by_what_ollama_heeds():
    _, made = held(chat(), Enforcement("r1", max_output_tokens=5), api="ollama", path="/v1/chat/completions")
    assert made["max_tokens"] == 5


def test_what_is_enforced_refuses_a_body_of_which_nothing_but_its_strings_is_known():
    decision, made = held({"prompt": "Hi", "model": "a"}, Enforcement("r1", models=("a",)), api="generic", path="/run")
    assert decision.refuses
    assert "form is not known" in decision.description
    assert made is None
