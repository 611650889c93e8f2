import json
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firebreak.codecs.constraints import Asked, Unmet, Wanted, changes, only_answer, only_model, tool_lists
from firebreak.pipeline.edit import splice

HI = {"role": "user", "content": "Hi"}
RULES = "Answer in English."


def function(name):
    return {"type": "function", "function": {"name": name, "description": "d", "parameters": {"type": "object"}}}


def shell(name):
    return name.lower().startswith("shell")


def held(surface, body, *, model="m", api="", **wanted):
    """The document afterwards; what is held to it already is not changed again."""
    asked = Asked(surface, api, model)
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    made = splice(raw, changes(asked, raw, Wanted(**wanted)))
    assert changes(asked, made, Wanted(**wanted)) == ()
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
    assert changes(Asked("new.api"), b"no json", Wanted()) == ()
    assert tool_lists(Asked("openai.chat"), b"{}") == frozenset({"tools", "functions"})
    counted = {"tools", "generateContentRequest", "generate_content_request"}
    assert tool_lists(Asked("gemini.count_tokens"), b"{}") == frozenset(counted)
    assert tool_lists(Asked("new.api"), b"{}") is None


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


LLAMA, CLAUDE, NOVA = "us.meta.llama3-3-70b-instruct-v1:0", "anthropic.claude-sonnet-4-5-v1:0", "amazon.nova-lite-v1:0"
TITAN, MISTRAL, GPT = "amazon.titan-text-express-v1", "mistral.mistral-large-2407-v1:0", "openai.gpt-oss-120b-1:0"


@pytest.mark.parametrize(
    ("surface", "given_members", "wanted_members"),
    [
        ("gemini.generate_content", {}, {"generationConfig": {"maxOutputTokens": 100}}),
        ("gemini.generate_content", {"generationConfig": {}}, {"generationConfig": {"maxOutputTokens": 100}}),
        ("gemini.generate_content", {"generationConfig": None}, {"generationConfig": {"maxOutputTokens": 100}}),
        (
            "gemini.stream_generate_content",
            {"generation_config": {"max_output_tokens": 999, "topK": 3}},
            {"generation_config": {"max_output_tokens": 100, "topK": 3}},
        ),
        ("gemini.count_tokens", {}, {}),
        ("bedrock.converse", {}, {"inferenceConfig": {"maxTokens": 100}}),
        (
            "bedrock.converse",
            {"inferenceConfig": {"topP": 0.5, "maxTokens": 101}},
            {"inferenceConfig": {"topP": 0.5, "maxTokens": 100}},
        ),
        ("ollama.chat", {"options": {"num_predict": -1}}, {"options": {"num_predict": 100}}),
        ("ollama.generate", {"options": {"seed": 1}}, {"options": {"num_predict": 100, "seed": 1}}),
        ("mistral.chat", {"max_tokens": None}, {"max_tokens": 100}),
        ("mistral.fim", {}, {"max_tokens": 100}),
        ("cohere.chat", {"max_tokens": 99}, {"max_tokens": 99}),
        ("cohere.embed", {}, {}),
        ("mcp", {}, {}),
    ],
)
def test_an_answer_is_capped_where_the_api_has_its_number(surface, given_members, wanted_members):
    assert held(surface, {"a": 1, **given_members}, max_output_tokens=100) == {"a": 1, **wanted_members}


@pytest.mark.parametrize(
    ("model", "body", "wanted"),
    [
        (CLAUDE, {"messages": []}, {"messages": [], "max_tokens": 100}),
        (CLAUDE, {"prompt": "Hi", "max_tokens_to_sample": 300}, {"prompt": "Hi", "max_tokens_to_sample": 100}),
        (LLAMA, {"prompt": "Hi"}, {"prompt": "Hi", "max_gen_len": 100}),
        (TITAN, {"inputText": "Hi"}, {"inputText": "Hi", "textGenerationConfig": {"maxTokenCount": 100}}),
        (NOVA, {"inferenceConfig": {"max_new_tokens": 500}}, {"inferenceConfig": {"max_new_tokens": 100}}),
        (MISTRAL, {"prompt": "Hi", "max_tokens": 200}, {"prompt": "Hi", "max_tokens": 100}),
        (MISTRAL, {"messages": []}, {"messages": [], "max_tokens": 100}),
        (GPT, {"messages": []}, {"messages": [], "max_completion_tokens": 100}),
        ("amazon.titan-embed-text-v2:0", {"inputText": "Hi"}, {"inputText": "Hi"}),
        (
            "arn:aws:bedrock:eu-west-1:123456789012:imported-model/abc",
            {"anthropic_version": "x", "messages": []},
            {"anthropic_version": "x", "messages": [], "max_tokens": 100},
        ),
    ],
)
def test_at_bedrock_each_vendor_has_its_own_number(model, body, wanted):
    assert held("bedrock.invoke", body, model=model, max_output_tokens=100) == wanted


def test_ollama_takes_no_notice_of_the_newer_number():
    body = {"max_completion_tokens": 500}
    assert held("openai.chat", body, api="ollama", max_output_tokens=100) == {
        "max_tokens": 100,
        "max_completion_tokens": 100,
    }


@pytest.mark.parametrize(
    ("surface", "model", "body"),
    [
        ("bedrock.invoke", "arn:aws:bedrock:eu-west-1:123456789012:imported-model/abc", {"prompt": "Hi"}),
        ("bedrock.converse", "arn:aws:bedrock:eu-west-1:123456789012:prompt/ABC:1", {"promptVariables": {}}),
        ("bedrock.converse", "m", {"additionalModelRequestFields": {"maxTokenCount": 5000}}),
        ("bedrock.converse", "m", {"inferenceConfig": {"MaxTokens": 5000}}),
        ("bedrock.converse", "m", {"inferenceConfig": {"maxTokens": 5, "MaxTokens": 5000}}),
        ("gemini.generate_content", "m", {"generationConfig": {}, "generation_config": {}}),
        ("gemini.generate_content", "m", {"generationConfig": 5}),
        ("ollama.chat", "m", {"options": {"num_predict": "5"}}),
        ("openai.images", "m", {}),
    ],
)
def test_a_number_that_may_not_be_the_one_that_counts_is_refused(surface, model, body):
    with pytest.raises(Unmet) as caught:
        held(surface, body, model=model, max_output_tokens=100)
    assert caught.value.wanted == "max_output_tokens"


def declared(*names):
    return {"functionDeclarations": [{"name": name, "description": "d"} for name in names]}


@pytest.mark.parametrize(
    ("tools", "left"),
    [
        ([declared("shell", "ok")], [declared("ok")]),
        ([declared("ok", "shell"), {"googleSearch": {}}], [declared("ok"), {"googleSearch": {}}]),
        ([declared("shell"), declared("ok")], [declared("ok")]),
        ([{**declared("shell"), "googleSearch": {}}], [{"googleSearch": {}}]),
        ([{**declared("ok"), "shell_tool": {}}, {"shellTool": {}}], [declared("ok")]),
        (
            [{"function_declarations": [{"name": "ok"}, {"name": "shell_b"}]}],
            [{"function_declarations": [{"name": "ok"}]}],
        ),
        ([{"google_search": {}}, declared("shell")], [{"google_search": {}}]),
        ([declared("shell"), {"shellTool": {}}], None),
        ([{**declared("shell_a", "shell_b"), "shell": {}}], None),
    ],
)
def test_a_function_of_geminis_goes_out_of_its_list(tools, left):
    body = {"contents": [], "tools": tools, "toolConfig": {"functionCallingConfig": {"mode": "AUTO"}}}
    wanted = {"contents": [], "tools": left, "toolConfig": body["toolConfig"]} if left else {"contents": []}
    assert held("gemini.generate_content", body, remove_tools=shell) == wanted
    inner = {"generateContentRequest": body}
    assert held("gemini.count_tokens", inner, remove_tools=shell) == {"generateContentRequest": wanted}


def spec(name):
    return {"toolSpec": {"name": name, "inputSchema": {"json": {}}}}


@pytest.mark.parametrize(
    ("config", "left"),
    [
        (
            {"tools": [spec("shell"), spec("ok")], "toolChoice": {"auto": {}}},
            {"tools": [spec("ok")], "toolChoice": {"auto": {}}},
        ),
        ({"tools": [spec("ok"), spec("shell")], "toolChoice": {"tool": {"name": "shell"}}}, {"tools": [spec("ok")]}),
        ({"tools": [{"systemTool": {"name": "shell"}}, spec("ok")]}, {"tools": [spec("ok")]}),
        ({"toolChoice": {"any": {}}, "tools": [spec("shell"), {"cachePoint": {"type": "default"}}]}, None),
    ],
)
def test_a_tool_of_bedrocks_goes(config, left):
    wanted = {"toolConfig": left, "messages": []} if left else {"messages": []}
    body = {"toolConfig": config, "messages": []}
    assert held("bedrock.converse", body, remove_tools=shell) == wanted
    assert held("bedrock.invoke", body, model=NOVA, remove_tools=shell) == wanted
    counted = held("bedrock.count_tokens", {"input": {"converse": body}}, remove_tools=shell)
    assert counted == {"input": {"converse": wanted}}


@pytest.mark.parametrize(
    ("surface", "model"),
    [("ollama.chat", ""), ("mistral.chat", ""), ("cohere.chat", ""), ("bedrock.invoke", MISTRAL)],
)
def test_where_tools_stand_as_openai_has_them_they_go_as_there(surface, model):
    body = {"messages": [HI], "tools": [function("ok"), function("shell")]}
    assert held(surface, body, model=model, remove_tools=shell) == {"messages": [HI], "tools": [function("ok")]}
    assert held(surface, {"messages": [HI], "tools": [function("shell")]}, model=model, remove_tools=shell) == {
        "messages": [HI]
    }


@pytest.mark.parametrize(
    ("surface", "body"),
    [
        ("gemini.generate_content", {"cachedContent": "cachedContents/1", "contents": []}),
        ("gemini.generate_content", {"cached_content": "cachedContents/1", "contents": []}),
        (
            "gemini.generate_content",
            {
                "tools": [declared("shell", "ok")],
                "toolConfig": {"functionCallingConfig": {"mode": "ANY", "allowedFunctionNames": ["shell"]}},
            },
        ),
        ("bedrock.converse", {"additionalModelRequestFields": {"tools": [{"type": "computer", "name": "c"}]}}),
    ],
)
def test_tools_that_cannot_be_taken_out_are_refused(surface, body):
    with pytest.raises(Unmet) as caught:
        held(surface, body, remove_tools=shell)
    assert caught.value.wanted == "remove_tools"


@pytest.mark.parametrize(
    ("surface", "model", "body", "wanted"),
    [
        ("gemini.generate_content", "", {}, {"systemInstruction": {"parts": [{"text": RULES}]}}),
        (
            "gemini.generate_content",
            "",
            {"system_instruction": {"role": "user", "parts": [{"text": "Be kind"}]}},
            {"system_instruction": {"role": "user", "parts": [{"text": RULES}, {"text": "Be kind"}]}},
        ),
        (
            "gemini.generate_content",
            "",
            {"systemInstruction": {"role": "user"}},
            {"systemInstruction": {"role": "user", "parts": [{"text": RULES}]}},
        ),
        ("gemini.count_tokens", "", {"contents": []}, {"contents": []}),
        ("bedrock.converse", "", {}, {"system": [{"text": RULES}]}),
        ("bedrock.converse", "", {"system": [{"text": "x"}]}, {"system": [{"text": RULES}, {"text": "x"}]}),
        ("bedrock.invoke", CLAUDE, {"messages": []}, {"messages": [], "system": RULES}),
        ("bedrock.invoke", NOVA, {"messages": []}, {"messages": [], "system": [{"text": RULES}]}),
        ("bedrock.invoke", MISTRAL, {"messages": [HI]}, {"messages": [{"role": "system", "content": RULES}, HI]}),
        ("ollama.chat", "", {"messages": [HI]}, {"messages": [{"role": "system", "content": RULES}, HI]}),
        ("ollama.generate", "", {"prompt": "Hi", "raw": False}, {"prompt": "Hi", "raw": False, "system": RULES}),
        ("ollama.generate", "", {"system": "Be kind"}, {"system": RULES + "\n\nBe kind"}),
        ("mistral.chat", "", {"messages": [HI]}, {"messages": [{"role": "system", "content": RULES}, HI]}),
        ("cohere.chat", "", {"messages": [HI]}, {"messages": [{"role": "system", "content": RULES}, HI]}),
        ("mcp", "", {"method": "ping"}, {"method": "ping"}),
    ],
)
def test_a_preamble_comes_first_where_the_api_has_instructions(surface, model, body, wanted):
    assert held(surface, body, model=model, system_preamble=RULES) == wanted


@pytest.mark.parametrize(
    ("surface", "model", "body"),
    [
        ("gemini.generate_content", "", {"cachedContent": "cachedContents/1"}),
        ("gemini.generate_content", "", {"systemInstruction": "text"}),
        ("gemini.embed_content", "", {}),
        ("bedrock.converse", "", {"system": "text"}),
        ("bedrock.invoke", LLAMA, {"prompt": "Hi"}),
        ("bedrock.invoke", CLAUDE, {"prompt": "Hi"}),
        ("bedrock.invoke", MISTRAL, {"prompt": "Hi"}),
        ("ollama.generate", "", {"prompt": "Hi", "raw": True}),
        ("ollama.generate", "", {"prompt": "Hi", "template": "{{ .Prompt }}"}),
        ("mistral.fim", "", {"prompt": "Hi"}),
    ],
)
def test_a_preamble_that_would_not_be_heard_is_refused(surface, model, body):
    with pytest.raises(Unmet) as caught:
        held(surface, body, model=model, system_preamble=RULES)
    assert caught.value.wanted == "system_preamble"


def test_a_tool_that_is_removed_may_not_be_called_over_mcp():
    listed = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    called = {"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": {"name": "shell_run", "arguments": {}}}
    fine = {**called, "params": {"name": "look_up"}}
    assert held("mcp", listed, remove_tools=shell, max_output_tokens=5) == listed
    assert held("mcp", [listed, fine], remove_tools=shell) == [listed, fine]
    for body in (called, [fine, called]):
        with pytest.raises(Unmet, match="the tool that is called"):
            held("mcp", body, remove_tools=shell)


SHAPES: dict[str, dict[str, Any]] = {
    "gemini.generate_content": {
        "contents": [{"parts": [{"text": "h\u00e9"}]}],
        "tools": [declared("shell", "ok"), {"googleSearch": {}}],
        "generationConfig": {"topP": 0.10},
        "systemInstruction": {"parts": [{"text": "x"}]},
    },
    "bedrock.converse": {
        "messages": [{"role": "user", "content": [{"text": "h\u00e9"}]}],
        "toolConfig": {"tools": [spec("shell"), spec("ok")], "toolChoice": {"auto": {}}},
        "inferenceConfig": {"maxTokens": 500},
        "system": [{"text": "x"}],
    },
    "ollama.chat": {
        "model": "m",
        "messages": [HI],
        "options": {"num_predict": -2},
        "tools": [function("shell"), function("ok")],
    },
    "mistral.chat": {"model": "m", "messages": [HI], "max_tokens": 500, "tools": [function("ok"), function("shell")]},
    "cohere.chat": {"model": "m", "messages": [HI], "tools": [function("shell")], "tool_choice": "REQUIRED"},
}


@settings(max_examples=100)
@given(
    st.sampled_from(sorted(SHAPES)).flatmap(
        lambda name: st.tuples(
            st.just(name),
            st.sets(st.sampled_from(sorted(SHAPES[name])), min_size=1),
            st.permutations(sorted(SHAPES[name])),
            st.sampled_from([None, 1]),
        )
    )
)
def test_in_every_api_only_the_members_meant_change(drawn):
    """What is left after the changes are taken back out of the bytes is the bytes as they came."""
    name, chosen, order, indent = drawn
    body = {key: SHAPES[name][key] for key in order if key in chosen or key in ("contents", "messages")}
    raw = json.dumps(body, indent=indent).encode()
    asked, wanted = Asked(name, "", "m"), Wanted(100, shell, RULES)
    made = changes(asked, raw, wanted)
    assert all(before[1] <= after[0] for before, after in pairwise(made))
    after = splice(raw, made)
    assert changes(asked, after, wanted) == ()
    kept, end = b"", 0
    for start, stop, _ in made:
        kept, end = kept + raw[end:start], stop
    pieces = iter(after)
    assert all(byte in pieces for byte in kept + raw[end:])
    assert b"shell" not in after
    assert after.count(RULES.encode()) == 1


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
    made = changes(Asked("openai.chat"), raw, wanted)
    assert all(before[1] <= after[0] for before, after in pairwise(made))
    after = splice(raw, made)
    document = json.loads(after)
    assert changes(Asked("openai.chat"), after, wanted) == ()
    assert document.pop("messages") == [{"role": "system", "content": RULES}, HI]
    assert all(
        0 <= document[cap] <= 100 for cap in ("max_tokens", "max_completion_tokens") if document.get(cap) is not None
    )
    assert any(document.get(cap) is not None for cap in ("max_tokens", "max_completion_tokens"))
    assert not any(shell(tool["function"]["name"]) for tool in document.get("tools", ()))
    assert document.get("metadata") == body.get("metadata")
    assert set(document) - set(body) <= {"max_completion_tokens"}
