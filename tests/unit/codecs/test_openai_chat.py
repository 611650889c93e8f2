import pytest
from tests.unit.codecs.exchanges import brief, exchange

from firebreak.codecs.openai_chat import OpenAIChat
from firebreak.model.errors import BadInput
from firebreak.model.reason import Reason
from firebreak.model.refusal import Refusal


def read(**body):
    return OpenAIChat().read(exchange({"model": "gpt-5", **body}))


def said(*messages, **rest):
    return brief(read(messages=list(messages), **rest).parts)


def refused(reason, where, **body):
    with pytest.raises(BadInput) as caught:
        read(**body)
    assert (caught.value.reason, caught.value.where) == (reason, where)


@pytest.mark.parametrize(
    ("role", "kind", "voice"),
    [
        ("system", "text", "system"),
        ("developer", "text", "system"),
        ("user", "text", "user"),
        ("assistant", "text", "assistant"),
        ("tool", "tool_result", "tool"),
        ("function", "tool_result", "tool"),
    ],
)
def test_each_role_has_its_voice(role, kind, voice):
    assert said({"role": role, "content": "x"}) == [(kind, voice, voice, "x")]


def test_every_message_of_the_history_is_read_in_order():
    conversation = read(messages=[{"role": "user", "content": f"turn {i}"} for i in range(50)])
    assert [part.text for part in conversation.parts] == [f"turn {i}" for i in range(50)]
    assert [part.message for part in conversation.parts] == list(range(50))


def test_an_assistants_calls_refusal_and_audio_are_read():
    message = {
        "role": "assistant",
        "content": None,
        "refusal": "no",
        "audio": {"id": "au1"},
        "tool_calls": [
            {"id": "c1", "type": "function", "function": {"name": "f", "arguments": "{}", "extra": "e"}},
            {"type": "custom", "custom": {"name": "sh", "input": "ls"}},
            {"function": {"name": "untyped", "arguments": ""}},
        ],
        "function_call": {"name": "old", "arguments": "1"},
    }
    assert said(message) == [
        ("text", "assistant", "assistant", "no"),
        ("audio", "assistant", "assistant", "id: au1\n"),
        ("tool_call", "assistant", "assistant", "f\n{}"),
        ("tool_call", "assistant", "assistant", "sh\nls"),
        ("tool_call", "assistant", "assistant", "untyped\n"),
        ("tool_call", "assistant", "assistant", "old\n1"),
        ("metadata", "assistant", "assistant", "extra: e\nid: c1\n"),
    ]


def test_calls_in_another_role_are_not_overlooked():
    text = said({"role": "user", "content": "x", "tool_calls": [{"function": {"arguments": "hidden"}}]})[1][3]
    assert "arguments: hidden" in text


def test_tools_and_functions_are_definitions():
    conversation = read(
        messages=[{"role": "user", "content": "x"}],
        tools=[{"type": "function", "function": {"name": "a", "description": "do a"}}],
        functions=[{"name": "b", "description": "do b"}],
    )
    assert conversation.tools == ("a", "b")
    assert "description: do a\n" in conversation.parts[1].text
    assert conversation.parts[2].text == "name: b\ndescription: do b\n"


def test_prediction_and_data_sources_are_read():
    parts = said(
        {"role": "user", "content": "x"},
        prediction={"type": "content", "content": [{"type": "text", "text": "guess"}]},
        data_sources=[{"type": "azure_search", "parameters": {"key": "k"}}],
    )
    assert ("text", "assistant", "assistant", "guess") in parts
    assert ("other", "tool", "retrieval", "data_sources:\ntype: azure_search\nparameters:\nkey: k\n") in parts


USER = [{"role": "user", "content": "x"}]


@pytest.mark.parametrize(
    ("reason", "where", "body"),
    [
        (Reason.FIELD_MISSING, "/messages", {}),
        (Reason.FIELD_TYPE, "/messages", {"messages": "hello"}),
        (Reason.FIELD_VALUE, "/messages", {"messages": []}),
        (Reason.FIELD_TYPE, "/messages/0", {"messages": ["hello"]}),
        (Reason.FIELD_MISSING, "/messages/0/role", {"messages": [{"content": "x"}]}),
        (Reason.FIELD_TYPE, "/messages/0/role", {"messages": [{"role": ["user"], "content": "x"}]}),
        (Reason.FIELD_VALUE, "/messages/0/role", {"messages": [{"role": "User", "content": "x"}]}),
        (Reason.FIELD_MISSING, "/messages/0/content", {"messages": [{"role": "user", "content": None}]}),
        (Reason.FIELD_MISSING, "/messages/0/content", {"messages": [{"role": "tool"}]}),
        (Reason.FIELD_TYPE, "/messages/0/content", {"messages": [{"role": "user", "content": {"a": 1}}]}),
        (Reason.FIELD_TYPE, "/messages/0/content/0", {"messages": [{"role": "user", "content": ["x"]}]}),
        (Reason.FIELD_TYPE, "/messages/0/content/0/type", {"messages": [{"role": "user", "content": [{"text": "x"}]}]}),
        (Reason.FIELD_TYPE, "/messages/0/tool_calls", {"messages": [{"role": "assistant", "tool_calls": {}}]}),
        (
            Reason.FIELD_VALUE,
            "/messages/0/tool_calls/0/type",
            {"messages": [{"role": "assistant", "tool_calls": [{"type": "x"}]}]},
        ),
        (Reason.FIELD_TYPE, "/tools", {"messages": USER, "tools": {}}),
        (Reason.FIELD_TYPE, "/functions/0", {"messages": USER, "functions": [1]}),
        (Reason.FIELD_TYPE, "/stream", {"messages": USER, "stream": 1}),
        (Reason.FIELD_TYPE, "/model", {"messages": USER, "model": 4}),
        (Reason.FIELD_TYPE, "/prediction", {"messages": USER, "prediction": "x"}),
        (Reason.FIELD_TYPE, "/prediction/content", {"messages": USER, "prediction": {}}),
    ],
)
def test_a_wrong_shape_names_its_place(reason, where, body):
    refused(reason, where, **body)


def test_null_content_is_taken_where_openai_takes_it():
    assert said({"role": "assistant", "content": None}, {"role": "function", "name": "f", "content": None}) == [
        ("metadata", "tool", "tool", "name: f\n")
    ]


def test_it_refuses_in_openais_form():
    assert b"policy_violation" in OpenAIChat().refuse(Refusal(400, "c", "m", "policy")).body
