import pytest
from tests.unit.codecs.exchanges import brief

from firebreak.codecs.anthropic_blocks import read_blocks
from firebreak.codecs.draft import BODY, Draft
from firebreak.model.conversation import PartKind
from firebreak.model.errors import BadInput


def read(*blocks):
    draft = Draft()
    read_blocks(draft, PartKind.TEXT, BODY, list(blocks), ("content",))
    draft.close_rest(BODY)
    return brief(draft.parts)


def test_text_and_its_citations():
    assert read({"type": "text", "text": "t", "citations": [{"cited_text": "c"}]}) == [
        ("text", "user", "user", "t"),
        ("metadata", "user", "user", "citations:\ncited_text: c\n"),
    ]


@pytest.mark.parametrize("sort", ["tool_use", "server_tool_use", "mcp_tool_use"])
def test_tool_use(sort):
    assert read({"type": sort, "name": "rm", "input": {"path": "/"}}) == [
        ("tool_call", "user", "user", "rm\npath: /\n")
    ]


@pytest.mark.parametrize("sort", ["tool_result", "mcp_tool_result"])
def test_a_tool_result_is_the_tools_however_deep(sort):
    nested = [
        {"type": "text", "text": "t"},
        {"type": "image", "source": {"type": "url", "url": "https://i"}},
        {"type": "document", "source": {"type": "text", "data": "d"}},
        {"type": sort, "content": "inner"},
    ]
    assert [(p[0], p[2]) for p in read({"type": sort, "content": nested})] == [
        ("tool_result", "tool"),
        ("image", "tool"),
        ("tool_result", "retrieval"),
        ("tool_result", "tool"),
    ]
    assert read({"type": sort, "content": "plain"}) == [("tool_result", "tool", "tool", "plain")]
    assert read({"type": sort, "tool_use_id": "x"}) == [("metadata", "user", "user", "tool_use_id: x\n")]


def test_results_of_anthropics_own_tools():
    search = {"type": "web_search_tool_result", "content": [{"title": "t", "encrypted_content": "AAAA"}]}
    assert read(search) == [
        (
            "tool_result",
            "tool",
            "retrieval",
            "type: web_search_tool_result\ncontent:\ntitle: t\nencrypted_content: AAAA\n",
        )
    ]
    run = {"type": "bash_code_execution_tool_result", "content": {"stdout": "out"}}
    assert read(run)[0][2:] == ("tool", "type: bash_code_execution_tool_result\ncontent:\nstdout: out\n")


def test_a_fetched_document_is_read_as_a_document():
    pdf = {"type": "document", "source": {"type": "base64", "media_type": "application/pdf", "data": "JVBE"}}
    fetched = {"type": "web_fetch_tool_result", "content": {"type": "web_fetch_result", "url": "u", "content": pdf}}
    assert read(fetched) == [
        ("file", "tool", "retrieval", "type: base64\nmedia_type: application/pdf\ndata: \n"),
        ("tool_result", "tool", "retrieval", "type: web_fetch_tool_result\ncontent:\ntype: web_fetch_result\nurl: u\n"),
    ]


def test_thinking_is_read_and_redacted_thinking_named():
    assert read(
        {"type": "thinking", "thinking": "hm", "signature": "s"}, {"type": "redacted_thinking", "data": "AAAA"}
    ) == [
        ("reasoning", "user", "user", "hm"),
        ("other", "user", "user", "type: redacted_thinking\ndata: \n"),
        ("metadata", "user", "user", "signature: s\n"),
    ]


def test_documents_by_source():
    text = {"type": "text", "media_type": "text/plain", "data": "QUJD"}
    blocks = {"type": "content", "content": [{"type": "text", "text": "chunk"}]}
    assert read({"type": "document", "source": text, "title": "T", "context": "C"}) == [
        ("text", "user", "retrieval", "QUJD"),
        ("text", "user", "retrieval", "T"),
        ("text", "user", "retrieval", "C"),
        ("metadata", "user", "user", "source:\nmedia_type: text/plain\n"),
    ]
    assert read({"type": "document", "source": blocks}) == [("text", "user", "retrieval", "chunk")]
    for source in (
        {"type": "url", "url": "https://d"},
        {"type": "file", "file_id": "f"},
        {"type": "base64", "data": "AA=="},
    ):
        assert [(p[0], p[2]) for p in read({"type": "document", "source": source})] == [("file", "retrieval")]


def test_search_results_uploads_and_the_unknown():
    result = {"type": "search_result", "title": "t", "content": [{"type": "text", "text": "x"}]}
    assert read(result)[0][:3] == ("text", "user", "retrieval")
    assert read({"type": "container_upload", "file_id": "f"})[0][0] == "file"
    assert read({"type": "unheard_of", "data": "AAAA"}) == [("other", "user", "user", "type: unheard_of\ndata: AAAA\n")]


@pytest.mark.parametrize(
    "block",
    [
        "text",
        {},
        {"type": 1},
        {"type": "text"},
        {"type": "text", "text": 1},
        {"type": "tool_use", "name": "x"},
        {"type": "tool_use", "name": "x", "input": "y"},
        {"type": "tool_use", "input": {}},
        {"type": "tool_result", "content": 1},
        {"type": "tool_result", "content": [1]},
        {"type": "thinking"},
        {"type": "document"},
        {"type": "document", "source": "x"},
        {"type": "document", "source": {"type": "text", "data": 1}},
        {"type": "document", "source": {"type": "content"}},
    ],
)
def test_wrong_shapes_are_refused(block):
    with pytest.raises(BadInput):
        read(block)


def test_the_summary_of_earlier_turns_is_text_and_its_seal_is_not():
    assert read({"type": "compaction", "content": "so far"}) == [("text", "user", "user", "so far")]
    assert read({"type": "compaction", "content": None}) == []
    assert read({"type": "compaction", "content": "so far", "encrypted_content": "QUJD"}) == [
        ("text", "user", "user", "so far"),
        ("other", "user", "user", "encrypted_content: \n"),
    ]


@pytest.mark.parametrize("sort", ["tool_reference", "fallback"])
def test_a_block_that_only_names_something_is_metadata(sort):
    assert read({"type": sort, "tool_name": "get"}) == [("metadata", "user", "user", f"type: {sort}\ntool_name: get\n")]


@pytest.mark.parametrize(
    ("sort", "role", "origin"),
    [("tool_addition", "user", "user"), ("tool_removal", "user", "user"), ("mcp_tool_listing", "tool", "tool")],
)
def test_tools_that_come_within_the_messages_are_definitions(sort, role, origin):
    assert read({"type": sort, "tool": {"description": "d"}}) == [
        ("tool_definition", role, origin, f"type: {sort}\ntool:\ndescription: d\n")
    ]


def test_documents_and_search_results_that_a_tool_gave_back_are_its_result():
    document = {"type": "document", "source": {"type": "text", "data": "d"}, "title": "t"}
    found = {"type": "search_result", "title": "f"}
    assert read({"type": "tool_result", "content": [document, found]}) == [
        ("tool_result", "tool", "retrieval", "d"),
        ("tool_result", "tool", "retrieval", "t"),
        ("tool_result", "tool", "retrieval", "title: f\n"),
    ]
