import pytest
from tests.unit.codecs.exchanges import brief

from firebreak.codecs.draft import SYSTEM, Draft
from firebreak.codecs.gemini_parts import read_contents, read_parts, read_system, read_tools, take_contents
from firebreak.model.errors import BadInput
from firebreak.model.reason import Reason


def parts(*items, role="user"):
    draft = Draft()
    read_contents(draft, [{"role": role, "parts": list(items)}], ("contents",))
    return brief(draft.parts)


@pytest.mark.parametrize(
    ("part", "role", "found"),
    [
        ({"text": "Hi"}, "user", ("text", "user", "user", "Hi")),
        ({"text": "Hi"}, "model", ("text", "assistant", "assistant", "Hi")),
        ({"text": "Hm", "thought": True}, "model", ("reasoning", "assistant", "assistant", "Hm")),
        ({"text": "18"}, "function", ("tool_result", "tool", "tool", "18")),
        (
            {"inlineData": {"mimeType": "image/png", "data": "iVBORw0KGgo="}},
            "user",
            ("image", "user", "user", "mimeType: image/png\ndata: \n"),
        ),
        ({"inline_data": {"mime_type": "audio/wav"}}, "user", ("audio", "user", "user", "mime_type: audio/wav\n")),
        ({"inlineData": {"data": "not base64!"}}, "user", ("file", "user", "user", "data: not base64!\n")),
        ({"fileData": {"fileUri": "gs://b/a"}}, "user", ("file", "user", "user", "fileUri: gs://b/a\n")),
        (
            {"functionCall": {"name": "rm", "args": {"path": "/"}}},
            "model",
            ("tool_call", "assistant", "assistant", "rm\npath: /\n"),
        ),
        (
            {"functionResponse": {"name": "rm", "response": {"ok": True}}},
            "user",
            ("tool_result", "tool", "tool", "name: rm\nresponse:\nok: true\n"),
        ),
        ({"executableCode": {"code": "print()"}}, "model", ("tool_call", "assistant", "assistant", "code: print()\n")),
        ({"codeExecutionResult": {"output": "1"}}, "model", ("tool_result", "tool", "tool", "output: 1\n")),
        ({"toolCall": {"toolType": "MAPS"}}, "model", ("tool_call", "assistant", "assistant", "toolType: MAPS\n")),
        ({"toolResponse": {"response": "x"}}, "model", ("tool_result", "tool", "tool", "response: x\n")),
        ({"hologram": "x"}, "user", ("other", "user", "user", "hologram: x\n")),
        ({"thoughtSignature": "c2ln"}, "model", ("metadata", "assistant", "assistant", "thoughtSignature: c2ln\n")),
    ],
)
def test_each_kind_of_part(part, role, found):
    assert parts(part, role=role) == [found]


def test_media_in_a_functions_answer_are_parts_of_their_own():
    picture = {"inlineData": {"mimeType": "image/png", "data": "iVBORw0KGgo="}}
    found = parts({"functionResponse": {"name": "look", "response": {}, "parts": [picture]}})
    assert [kind for kind, *_ in found] == ["image", "tool_result"]


def test_a_known_part_keeps_what_is_not_known_as_text():
    assert parts({"text": "Hi", "hologram": "x"})[-1] == ("metadata", "user", "user", "hologram: x\n")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ({"role": "system", "parts": []}, Reason.FIELD_VALUE),
        ({"role": 1}, Reason.FIELD_TYPE),
        ({"parts": {}}, Reason.FIELD_TYPE),
        ({"parts": ["Hi"]}, Reason.FIELD_TYPE),
        ({"parts": [{"text": 1}]}, Reason.FIELD_TYPE),
        ({"parts": [{"thought": "yes"}]}, Reason.FIELD_TYPE),
        ({"parts": [{"functionCall": {}}]}, Reason.FIELD_MISSING),
        ({"parts": [{"functionCall": "x"}]}, Reason.FIELD_TYPE),
        ({"parts": [{"inlineData": {}, "inline_data": {}}]}, Reason.DUPLICATE_KEY),
    ],
)
def test_what_has_the_wrong_shape_is_refused(content, reason):
    with pytest.raises(BadInput) as caught:
        read_contents(Draft(), [content], ("contents",))
    assert caught.value.reason is reason


def test_the_systems_role_says_nothing():
    draft = Draft()
    read_system(draft, SYSTEM, {"system_instruction": {"role": "user", "parts": [{"text": "Be kind."}]}}, ())
    read_parts(draft, SYSTEM, {"role": "somebody", "parts": []}, ("x",))
    assert brief(draft.parts) == [
        ("text", "system", "system", "Be kind."),
        ("metadata", "system", "system", "role: somebody\n"),
    ]


def test_each_function_is_a_definition_and_so_is_googles_own_tool():
    draft = Draft()
    body = {"tools": [{"functionDeclarations": [{"name": "a"}, {"name": 1}], "googleSearch": {}}]}
    read_tools(draft, body, ())
    assert draft.tools == ["a", "googleSearch"]
    assert [part.kind.value for part in draft.parts] == ["tool_definition"] * 3


def test_there_must_be_contents():
    with pytest.raises(BadInput):
        take_contents(Draft(), {"contents": []}, ())
