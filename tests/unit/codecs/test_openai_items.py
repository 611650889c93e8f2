import pytest
from tests.unit.codecs.exchanges import brief

from firebreak.codecs.draft import Draft
from firebreak.codecs.openai_items import read_item
from firebreak.model.errors import BadInput


def read(item, index=3):
    draft = Draft()
    read_item(draft, item, index)
    return brief(draft.parts), draft


def test_messages_with_and_without_a_type():
    for extra in ({}, {"type": "message"}, {"type": None}):
        parts, _ = read({**extra, "role": "developer", "content": "x"})
        assert parts == [("text", "system", "system", "x")]


@pytest.mark.parametrize(("sort", "key"), [("function_call", "arguments"), ("custom_tool_call", "input")])
def test_calls_of_the_applications_own_tools(sort, key):
    parts, draft = read({"type": sort, "call_id": "c", "name": "f", key: "{}"})
    assert parts == [
        ("tool_call", "assistant", "assistant", "f\n{}"),
        ("metadata", "assistant", "assistant", "call_id: c\n"),
    ]
    assert (draft.parts[0].name, draft.parts[0].message) == ("f", 3)


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        ("text", ("tool_result", "tool", "tool", "text")),
        ([{"type": "input_text", "text": "t"}], ("tool_result", "tool", "tool", "t")),
        ([{"type": "input_image", "file_id": "f"}], ("image", "tool", "tool", "file_id: f\n")),
        ({"type": "computer_screenshot", "file_id": "f"}, ("image", "tool", "tool", "file_id: f\n")),
        (
            [{"stdout": "o", "outcome": {"type": "exit"}}],
            ("tool_result", "tool", "tool", "stdout: o\noutcome:\ntype: exit\n"),
        ),
        (["odd"], ("tool_result", "tool", "tool", "odd\n")),
    ],
)
def test_results_of_every_shape(output, expected):
    assert read({"type": "function_call_output", "output": output})[0] == [expected]


def test_the_result_of_a_program_is_a_result():
    assert read({"type": "program_output", "result": "r"})[0] == [("tool_result", "tool", "tool", "r")]


def test_a_provider_tools_answer_is_told_from_its_call():
    parts, draft = read({"type": "file_search_call", "queries": ["q"], "results": [{"text": "found"}]})
    assert parts == [
        ("tool_call", "assistant", "assistant", "type: file_search_call\nqueries:\nq\n"),
        ("tool_result", "tool", "retrieval", "text: found\n"),
    ]
    parts, draft = read({"type": "mcp_call", "name": "lookup", "arguments": "{}", "output": "o", "error": None})
    assert [part[:3] for part in parts] == [("tool_call", "assistant", "assistant"), ("tool_result", "tool", "tool")]
    assert draft.parts[0].name == "lookup"


def test_reasoning_is_read_and_its_sealed_half_named():
    parts, _ = read(
        {
            "type": "reasoning",
            "summary": [{"type": "summary_text", "text": "s"}],
            "content": [{"type": "reasoning_text", "text": "c"}],
            "encrypted_content": "AAAA",
        }
    )
    assert parts == [
        ("reasoning", "assistant", "assistant", "s"),
        ("reasoning", "assistant", "assistant", "c"),
        ("other", "assistant", "assistant", "encrypted_content: \n"),
    ]


def test_tools_listed_by_an_mcp_server_speak_for_themselves():
    parts, draft = read({"type": "mcp_list_tools", "server_label": "w", "tools": [{"name": "t"}, "odd"]})
    assert [part[0:3] for part in parts] == [
        ("tool_definition", "tool", "tool"),
        ("tool_definition", "tool", "tool"),
        ("metadata", "assistant", "assistant"),
    ]
    assert draft.tools == ["t"]


def test_additional_tools_are_tools_like_all():
    parts, draft = read({"type": "additional_tools", "role": "developer", "tools": [{"type": "function", "name": "t"}]})
    assert parts[0][:3] == ("tool_definition", "tool", "tool")
    assert draft.tools == ["t"]


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ({"type": "compaction", "encrypted_content": "AAAA"}, ("other", "type: compaction\nencrypted_content: \n")),
        ({"type": "image_generation_call", "result": "AAAA"}, ("image", "type: image_generation_call\nresult: \n")),
        ({"type": "item_reference", "id": "x"}, ("other", "type: item_reference\nid: x\n")),
        ({"id": "x", "data": "AAAA"}, ("other", "id: x\ndata: AAAA\n")),
        ({"type": "unheard_of", "result": "AAAA"}, ("other", "type: unheard_of\nresult: AAAA\n")),
        ({"type": "mcp_approval_response", "reason": "r"}, ("metadata", "type: mcp_approval_response\nreason: r\n")),
    ],
)
def test_what_cannot_be_read_or_is_unknown_says_so(item, expected):
    parts, _ = read(item)
    assert [(part[0], part[3]) for part in parts] == [expected]


@pytest.mark.parametrize(
    "item",
    [
        {"type": 1},
        {"type": "message", "content": "x"},
        {"role": "user"},
        {"role": "user", "content": None},
        {"type": "function_call", "name": "f", "arguments": {}},
        {"type": "function_call", "arguments": ""},
        {"type": "function_call_output", "output": 1},
        {"type": "function_call_output", "output": {"text": "no type"}},
        {"type": "reasoning", "summary": "s"},
        {"type": "reasoning", "encrypted_content": 1},
        {"type": "additional_tools", "tools": [1]},
        {"type": "mcp_list_tools", "tools": "t"},
    ],
)
def test_wrong_shapes_are_refused(item):
    with pytest.raises(BadInput):
        read(item)


def test_an_image_that_a_program_drew_says_that_it_was_not_inspected():
    outputs = [{"type": "logs", "logs": "done"}, {"type": "image", "url": "data:image/png;base64,QUJD"}]
    parts, _ = read({"type": "code_interpreter_call", "code": "x", "outputs": outputs})
    assert parts[1:] == [
        ("tool_result", "tool", "tool", "type: logs\nlogs: done\n"),
        ("image", "tool", "tool", "type: image\nurl: data:image/png;base64\n"),
    ]
