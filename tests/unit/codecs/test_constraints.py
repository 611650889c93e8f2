import json
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firebreak.codecs.constraints import Unmet, Wanted, changes, only_answer, only_model, tool_lists
from firebreak.pipeline.edit import splice

HI = {"role": "user", "content": "Hi"}
RULES = "Answer in English."


def function(name):
    return {"type": "function", "function": {"name": name, "description": "d", "parameters": {"type": "object"}}}


def shell(name):
    return name.lower().startswith("shell")


def held(surface, body, **wanted):
    """The document afterwards; what is held to it already is not changed again."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    made = splice(raw, changes(surface, raw, Wanted(**wanted)))
    assert changes(surface, made, Wanted(**wanted)) == ()
    return json.loads(made)


@pytest.mark.parametrize(
    ("surface", "given_members", "wanted_members"),
    [
        ("openai.chat", {}, {"max_completion_tokens": 100}),
        ("openai.chat", {"max_tokens": 500}, {"max_tokens": 100}),
        ("openai.chat", {"max_tokens": 50}, {"max_tokens": 50}),
        (
            "openai.chat",
            {"max_tokens": 500, "max_completion_tokens": 99},
            {"max_tokens": 100, "max_completion_tokens": 99},
        ),
        ("openai.chat", {"max_completion_tokens": None}, {"max_completion_tokens": 100}),
        ("openai.chat", {"n_predict": -1}, {"n_predict": 100}),
        ("openai.chat", {"max_tokens": 1e9}, {"max_tokens": 100}),
        ("openai.responses", {}, {"max_output_tokens": 100}),
        ("openai.responses", {"max_output_tokens": 101}, {"max_output_tokens": 100}),
        ("openai.completions", {}, {"max_tokens": 100}),
        ("anthropic.messages", {"max_tokens": 4096}, {"max_tokens": 100}),
        ("anthropic.count_tokens", {}, {}),
        ("openai.embeddings", {}, {}),
    ],
)
def test_an_answer_is_capped(surface, given_members, wanted_members):
    assert held(surface, {"model": "m", **given_members}, max_output_tokens=100) == {"model": "m", **wanted_members}


@pytest.mark.parametrize("value", ["500", True, [500]])
def test_a_cap_that_is_no_number_is_not_touched(value):
    with pytest.raises(Unmet, match="not a number"):
        held("openai.chat", {"max_tokens": value}, max_output_tokens=100)


@pytest.mark.parametrize("member", ["Max_Tokens", "MAX_COMPLETION_TOKENS"])
def test_another_spelling_of_a_member_is_refused(member):
    with pytest.raises(Unmet, match="another spelling"):
        held("openai.chat", {"model": "m", member: 500}, max_output_tokens=100)


def test_a_tool_goes_and_the_choice_that_names_it():
    choice = {"type": "function", "function": {"name": "Shell_run"}}
    body = {"tools": [function("Shell_run"), function("ok")], "tool_choice": choice, "messages": [HI]}
    assert held("openai.chat", body, remove_tools=shell) == {"tools": [function("ok")], "messages": [HI]}
    body["tool_choice"] = "auto"
    assert held("openai.chat", body, remove_tools=shell)["tool_choice"] == "auto"


def test_where_no_tool_is_left_nothing_is_said_of_tools():
    body = {
        "parallel_tool_calls": True,
        "tools": [function("shell_a"), function("shell_b")],
        "tool_choice": "required",
        "functions": [{"name": "shell"}],
        "function_call": {"name": "shell"},
        "model": "m",
    }
    assert held("openai.chat", body, remove_tools=shell) == {"model": "m"}


@pytest.mark.parametrize(
    ("surface", "tool"),
    [
        ("openai.chat", {"type": "custom", "custom": {"name": "shell"}}),
        ("openai.responses", {"type": "function", "name": "shell_run", "parameters": {}}),
        ("openai.responses", {"type": "shell"}),
        ("openai.responses", {"type": "mcp", "server_label": "shells", "server_url": "https://x"}),
        ("anthropic.messages", {"name": "shell", "input_schema": {}}),
        ("anthropic.messages", {"type": "mcp_toolset", "mcp_server_name": "shells"}),
    ],
)
def test_each_form_of_a_definition_can_go(surface, tool):
    keep = {"name": "keep", "type": "function"}
    for tools in ([tool, keep], [keep, tool], [tool, keep, tool]):
        assert held(surface, {"tools": tools, "model": "m"}, remove_tools=shell) == {"tools": [keep], "model": "m"}


def test_what_cannot_be_taken_out_alone_is_refused():
    inside = {"type": "namespace", "name": "crm", "tools": [{"type": "function", "name": "shell"}]}
    with pytest.raises(Unmet, match="inside another"):
        held("openai.responses", {"tools": [inside]}, remove_tools=shell)
    listing = {"type": "allowed_tools", "mode": "auto", "tools": [{"type": "function", "name": "shell"}]}
    tools = [{"type": "function", "name": "shell"}, {"type": "function", "name": "ok"}]
    with pytest.raises(Unmet, match="lists a tool"):
        held("openai.responses", {"tools": tools, "tool_choice": listing}, remove_tools=shell)


@pytest.mark.parametrize(
    ("surface", "body", "wanted"),
    [
        ("openai.chat", {"messages": [HI]}, {"messages": [{"role": "system", "content": RULES}, HI]}),
        ("openai.responses", {"input": "Hi"}, {"instructions": RULES, "input": "Hi"}),
        ("openai.responses", {"instructions": None}, {"instructions": RULES}),
        ("openai.responses", {"instructions": 'Be "kind"'}, {"instructions": RULES + '\n\nBe "kind"'}),
        ("anthropic.messages", {"model": "m"}, {"system": RULES, "model": "m"}),
        ("anthropic.messages", {"system": "Be kind"}, {"system": RULES + "\n\nBe kind"}),
        ("anthropic.messages", {"system": []}, {"system": [{"type": "text", "text": RULES}]}),
        (
            "anthropic.messages",
            {"system": [{"type": "text", "text": "Be kind"}]},
            {"system": [{"type": "text", "text": RULES}, {"type": "text", "text": "Be kind"}]},
        ),
    ],
)
def test_a_preamble_comes_first(surface, body, wanted):
    assert held(surface, body, system_preamble=RULES) == wanted


def test_what_an_api_has_no_place_for_is_refused():
    for surface, wanted in (
        ("openai.completions", {"system_preamble": RULES}),
        ("openai.embeddings", {"system_preamble": RULES}),
        ("openai.speech", {"max_output_tokens": 5}),
        ("new.api", {"remove_tools": shell}),
    ):
        with pytest.raises(Unmet) as caught:
            held(surface, {"model": "m"}, **wanted)
        assert caught.value.wanted == next(iter(wanted))
    assert changes("new.api", b"no json", Wanted()) == ()
    assert tool_lists("openai.chat") == {"tools", "functions"}
    assert tool_lists("new.api") == frozenset()


def test_a_model_or_a_stream_may_not_hide():
    only_model(b'{"model": "m", "models": null}')
    only_model(b"--boundary")
    only_answer(b'{"stream": false}')
    only_answer(b"--boundary")
    for hidden in (b'{"models": ["other"]}', b'{"Model": "other"}', b'{"fallbacks": [{"model": "other"}]}'):
        with pytest.raises(Unmet):
            only_model(hidden)
    with pytest.raises(Unmet):
        only_answer(b'{"Stream": true}')


TOOLS = st.lists(st.sampled_from(["shell", "shell_b", "ok", "fine"]).map(function), max_size=4)


@settings(max_examples=200)
@given(
    st.fixed_dictionaries(
        {"model": st.just("m"), "messages": st.just([HI])},
        optional={
            "tools": TOOLS,
            "functions": st.lists(st.sampled_from([{"name": "shell"}, {"name": "ok"}]), max_size=2),
            "tool_choice": st.sampled_from(["auto", None, {"type": "function", "function": {"name": "shell"}}]),
            "max_tokens": st.none() | st.integers(-2, 300),
            "max_completion_tokens": st.none() | st.integers(0, 300),
            "parallel_tool_calls": st.booleans(),
            "metadata": st.dictionaries(st.text(max_size=3), st.text(max_size=3), max_size=2),
        },
    ).flatmap(lambda body: st.permutations(list(body)).map(lambda keys: {key: body[key] for key in keys})),
    st.sampled_from([None, 2]),
)
def test_only_the_members_meant_change(body, indent):
    raw = json.dumps(body, indent=indent).encode()
    wanted = Wanted(100, shell, RULES)
    made = changes("openai.chat", raw, wanted)
    assert all(before[1] <= after[0] for before, after in pairwise(made))
    after = splice(raw, made)
    document = json.loads(after)
    assert changes("openai.chat", after, wanted) == ()
    assert document.pop("messages") == [{"role": "system", "content": RULES}, HI]
    assert all(
        0 <= document[cap] <= 100 for cap in ("max_tokens", "max_completion_tokens") if document.get(cap) is not None
    )
    assert any(document.get(cap) is not None for cap in ("max_tokens", "max_completion_tokens"))
    assert not any(shell(tool["function"]["name"]) for tool in document.get("tools", ()))
    assert document.get("metadata") == body.get("metadata")
    assert set(document) - set(body) <= {"max_completion_tokens"}
