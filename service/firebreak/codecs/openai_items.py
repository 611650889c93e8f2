"""The items of an OpenAI response's input: messages, calls of every kind of tool, their results, reasoning.

An item is read in three steps: its text by the table of its type, what came back from a tool, and the leftovers.
An item of a type this table does not have, and a reference to one, is an OTHER part with all its strings in it.
"""

from typing import Any

from firebreak.codecs.draft import Draft, Voice
from firebreak.codecs.fields import Members, take_optional_list, take_optional_string, take_string, wrong_type
from firebreak.codecs.openai_parts import read_content, read_part, read_tools, voice_of
from firebreak.model.conversation import Origin, PartKind, Path, Role

_FUNCTION_CALLS = {"function_call": "arguments", "custom_tool_call": "input"}

_CALLS = frozenset(
    {
        "apply_patch_call",
        "code_interpreter_call",
        "computer_call",
        "file_search_call",
        "local_shell_call",
        "mcp_approval_request",
        "mcp_call",
        "program",
        "shell_call",
        "tool_search_call",
        "web_search_call",
    }
)

_ANSWERS = {"output": Origin.TOOL, "outputs": Origin.TOOL, "error": Origin.TOOL, "results": Origin.RETRIEVAL}
"""Members of a provider tool's call in which its own result comes along."""

_OUTPUTS = frozenset(
    {
        "apply_patch_call_output",
        "computer_call_output",
        "custom_tool_call_output",
        "function_call_output",
        "local_shell_call_output",
        "program_output",
        "shell_call_output",
        "tool_search_output",
    }
)

_NOTES = frozenset({"compaction_trigger", "configuration_update", "mcp_approval_response"})
"""Items without a text of their own: settings and a person's yes or no, read as metadata."""

_SEALED = {"compaction": PartKind.OTHER, "image_generation_call": PartKind.IMAGE}
"""Items that are ciphertext, or an image, in base64."""


def read_item(draft: Draft, item: Members, index: int) -> None:
    path: Path = ("input", index)
    sort = item.get("type")
    if sort is not None and not isinstance(sort, str):
        raise wrong_type(*path, "type")
    if sort == "message" or (sort is None and "role" in item):
        voice = _read_message(draft, item, path, index)
    elif sort in _OUTPUTS:
        voice = Voice(Role.TOOL, Origin.TOOL, index)
        _read_output(draft, voice, item, path)
    elif sort in _NOTES:
        voice = Voice(Role.USER, Origin.USER, index)
    else:
        voice = Voice(Role.ASSISTANT, Origin.ASSISTANT, index)
        _read_other(draft, voice, item, path, sort)
    draft.rest(item, path)
    draft.close_rest(voice)


def _read_message(draft: Draft, item: Members, path: Path, index: int) -> Voice:
    item.pop("type", None)
    voice = voice_of(take_string(item, "role", path), index, *path)
    content: Any = item.pop("content", None)
    read_content(draft, PartKind.TEXT, voice, content, (*path, "content"))
    return voice


def _read_other(draft: Draft, voice: Voice, item: Members, path: Path, sort: str | None) -> None:
    if sort in _FUNCTION_CALLS:
        del item["type"]
        key = _FUNCTION_CALLS[sort]
        name = take_string(item, "name", path)
        draft.tool_call(voice, name, (*path, "name"), take_string(item, key, path), (*path, key))
    elif sort in _CALLS:
        _read_provider_call(draft, voice, item, path)
    elif sort == "reasoning":
        _read_reasoning(draft, voice, item, path)
    elif sort == "mcp_list_tools":
        del item["type"]
        _read_listing(draft, item, path)
    elif sort == "additional_tools":
        del item["type"]
        read_tools(draft, take_optional_list(item, "tools", path), (*path, "tools"))
    elif sort in _SEALED:
        draft.media(_SEALED[sort], voice, item.copy(), path)
        item.clear()
    else:
        draft.flat(PartKind.OTHER, voice, item.copy(), path)
        item.clear()


def _read_provider_call(draft: Draft, voice: Voice, item: Members, path: Path) -> None:
    answers = {key: item.pop(key) for key in _ANSWERS if item.get(key) is not None}
    name = item.get("name")
    draft.flat(PartKind.TOOL_CALL, voice, item.copy(), path, name=name if isinstance(name, str) else item["type"])
    item.clear()
    for key, answer in answers.items():
        said = Voice(Role.TOOL, _ANSWERS[key], voice.message)
        _read_answer(draft, said, answer, (*path, key))


def _read_answer(draft: Draft, voice: Voice, answer: Any, path: Path) -> None:
    """One result; an image that a program drew is a part of its own."""
    if isinstance(answer, list) and any(_is_image(item) for item in answer):
        for index, item in enumerate(answer):
            if _is_image(item):
                draft.media(PartKind.IMAGE, voice, item, (*path, index))
            else:
                draft.flat(PartKind.TOOL_RESULT, voice, item, (*path, index))
    else:
        draft.flat(PartKind.TOOL_RESULT, voice, answer, path)


def _is_image(item: Any) -> bool:
    return isinstance(item, dict) and item.get("type") == "image"


def _read_output(draft: Draft, voice: Voice, item: Members, path: Path) -> None:
    """A string, content parts, or a provider tool's own structure, which is read whole."""
    del item["type"]
    key = "result" if "result" in item else "output"
    output: Any = item.pop(key, None)
    place = (*path, key)
    if isinstance(output, str):
        draft.text(PartKind.TOOL_RESULT, voice, output, place)
    elif isinstance(output, list):
        for index, part in enumerate(output):
            if isinstance(part, dict) and isinstance(part.get("type"), str) and "outcome" not in part:
                read_part(draft, PartKind.TOOL_RESULT, voice, part, (*place, index))
            else:
                draft.flat(PartKind.TOOL_RESULT, voice, part, (*place, index))
    elif isinstance(output, dict):
        read_part(draft, PartKind.TOOL_RESULT, voice, output, place)
    elif output is not None:
        raise wrong_type(*place)


def _read_reasoning(draft: Draft, voice: Voice, item: Members, path: Path) -> None:
    del item["type"]
    for key in ("summary", "content"):
        thoughts = take_optional_list(item, key, path)
        read_content(draft, PartKind.REASONING, voice, thoughts, (*path, key))
    sealed = take_optional_string(item, "encrypted_content", path)
    if sealed is not None:
        draft.media(PartKind.OTHER, voice, {"encrypted_content": sealed}, path)


def _read_listing(draft: Draft, item: Members, path: Path) -> None:
    said = Voice(Role.TOOL, Origin.TOOL, path[1] if isinstance(path[1], int) else -1)
    for index, tool in enumerate(take_optional_list(item, "tools", path)):
        name = tool.get("name") if isinstance(tool, dict) else None
        draft.tool(said, tool, (*path, "tools", index), name)
