import pytest
from tests.unit.codecs.exchanges import brief

from firebreak.codecs.bedrock_blocks import read_blocks
from firebreak.codecs.draft import BODY, Draft
from firebreak.model.conversation import PartKind
from firebreak.model.errors import BadInput

PNG = "iVBORw0KGgo="


def read(*blocks):
    draft = Draft()
    read_blocks(draft, PartKind.TEXT, BODY, list(blocks), ("content",))
    draft.close_rest(BODY)
    return brief(draft.parts)


def test_texts_and_what_is_for_a_guardrail():
    assert read({"text": "hi"}, {"guardContent": {"text": {"text": "guarded", "qualifiers": ["query"]}}}) == [
        ("text", "user", "user", "hi"),
        ("text", "user", "user", "guarded"),
        ("metadata", "user", "user", "qualifiers:\nquery\n"),
    ]


def test_calls_and_results():
    call = {"toolUse": {"toolUseId": "t1", "name": "send", "input": {"to": "ada"}}}
    result = {
        "toolResult": {"toolUseId": "t1", "content": [{"text": "done"}, {"json": {"a": "b"}}], "status": "success"}
    }
    parts = read(call, result)
    assert ("tool_call", "user", "user", "send\nto: ada\n") in parts
    assert ("tool_result", "tool", "tool", "done") in parts
    assert ("tool_result", "tool", "tool", "a: b\n") in parts
    assert parts[-1][0::3] == ("metadata", "toolUseId: t1\ntoolUseId: t1\nstatus: success\n")


def test_documents():
    source = {"content": [{"text": "one"}, {"text": "two"}]}
    parts = read(
        {"document": {"name": "report", "format": "pdf", "source": {"bytes": PNG}, "context": "of 2025"}},
        {"document": {"name": "note", "source": {"text": "read me"}}},
        {"document": {"name": "list", "source": source}},
    )
    assert [part[0::3] for part in parts if part[2] == "retrieval"] == [
        ("file", "bytes: \n"),
        ("text", "report"),
        ("text", "of 2025"),
        ("text", "read me"),
        ("text", "note"),
        ("text", "one"),
        ("text", "two"),
        ("text", "list"),
    ]


@pytest.mark.parametrize(("member", "kind"), [("image", "image"), ("video", "file"), ("audio", "audio")])
def test_what_is_not_inspected_says_so(member, kind):
    assert read({member: {"format": "png", "source": {"bytes": PNG}}}) == [
        (kind, "user", "user", f"{member}:\nformat: png\nsource:\nbytes: \n")
    ]
    (part,) = read({member: {"source": {"bytes": "no base64!"}}})
    assert "no base64!" in part[3]


def test_reasoning():
    text = {"reasoningContent": {"reasoningText": {"text": "hm", "signature": "abc"}}}
    assert read(text, {"reasoningContent": {"redactedContent": PNG}}) == [
        ("reasoning", "user", "user", "hm"),
        ("other", "user", "user", "redactedContent: \n"),
        ("metadata", "user", "user", "signature: abc\n"),
    ]


def test_rare_and_unknown_blocks():
    assert [part[0::2] for part in read({"searchResult": {"title": "a"}}, {"citationsContent": {"content": []}})] == [
        ("text", "retrieval"),
        ("text", "user"),
    ]
    assert read({"toolAddition": {"name": "x"}})[0][0] == "tool_definition"
    assert read({"cachePoint": {"type": "default"}})[0][0] == "metadata"
    assert read({"hologram": {"text": "boo"}}) == [("other", "user", "user", "hologram:\ntext: boo\n")]
    assert read({"guardContent": {"image": {"source": {"bytes": PNG}}}})[0][0] == "image"


@pytest.mark.parametrize(
    "block", ["text", {"text": 1}, {"toolUse": {"name": "x"}}, {"toolResult": {}}, {"document": {"name": "x"}}, {"guardContent": 1}]
)  # fmt: skip
def test_wrong_shapes(block):
    with pytest.raises(BadInput):
        read(block)
