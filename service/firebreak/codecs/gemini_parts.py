"""Contents, parts and tools of the Gemini API (API reference, "Content", "Part", "Tool")."""

from collections.abc import Callable
from typing import Any

from firebreak.codecs.draft import TOOL, Draft, Voice
from firebreak.codecs.fields import (
    Members,
    as_object,
    take_flag,
    take_list,
    take_object,
    take_optional_list,
    take_optional_object,
    take_optional_string,
    take_string,
    wrong_value,
)
from firebreak.codecs.gemini_fields import spelt
from firebreak.model.conversation import Origin, PartKind, Path, Role

_VOICES: dict[str, tuple[Role, Origin]] = {
    "user": (Role.USER, Origin.USER),
    "model": (Role.ASSISTANT, Origin.ASSISTANT),
    "function": (Role.TOOL, Origin.TOOL),
    "tool": (Role.TOOL, Origin.TOOL),
}
_MEDIA = {"image": PartKind.IMAGE, "audio": PartKind.AUDIO}

_NOTES = ("thoughtSignature", "videoMetadata", "mediaResolution", "partMetadata", "mediaProcessing", "speechMetadata")
"""Fields of a part that only say something about the others."""

Reader = Callable[[Draft, Voice, Members, str, Path], None]


def read_contents(draft: Draft, contents: list[Any], path: Path) -> None:
    """The messages, in order; one without a role is the user's."""
    for index, item in enumerate(contents):
        content = as_object(item, *path, index)
        role = take_optional_string(content, "role", (*path, index))
        found = _VOICES.get(role or "user")
        if found is None:
            raise wrong_value(*path, index, "role")
        read_parts(draft, Voice(*found, index), content, (*path, index))


def read_parts(draft: Draft, voice: Voice, content: Members, path: Path) -> None:
    """A content that stands where its role says nothing, or has been read."""
    role = content.get("role")
    if role is None or (isinstance(role, str) and role in _VOICES):
        content.pop("role", None)
    for index, item in enumerate(take_optional_list(content, "parts", path)):
        place = (*path, "parts", index)
        part = as_object(item, *place)
        _read_part(draft, voice, part, place)
    draft.rest(content, path)
    draft.close_rest(voice)


def read_system(draft: Draft, voice: Voice, body: Members, path: Path) -> None:
    """The system instruction."""
    key = spelt(body, "systemInstruction")
    content = take_optional_object(body, key, path)
    if content is not None:
        read_parts(draft, voice, content, (*path, key))


def read_tools(draft: Draft, body: Members, path: Path) -> None:
    for index, item in enumerate(take_optional_list(body, "tools", path)):
        place = (*path, "tools", index)
        tool = as_object(item, *place)
        key = spelt(tool, "functionDeclarations")
        for number, declaration in enumerate(take_optional_list(tool, key, place)):
            where = (*place, key, number)
            function = as_object(declaration, *where)
            draft.tool(TOOL, function, where, function.get("name"))
        if tool:
            draft.tool(TOOL, tool, place, next(iter(tool)))


def _read_part(draft: Draft, voice: Voice, part: Members, path: Path) -> None:
    thought = take_flag(part, "thought", path)
    text = take_optional_string(part, "text", path)
    if text is not None:
        kind = PartKind.TOOL_RESULT if voice.role is Role.TOOL else PartKind.TEXT
        draft.text(PartKind.REASONING if thought else kind, voice, text, (*path, "text"))
    known = text is not None
    for name, reader in _READERS.items():
        key = spelt(part, name)
        if part.get(key) is not None:
            reader(draft, voice, part, key, path)
            known = True
    notes = {key: part.pop(key) for key in [spelt(part, name) for name in _NOTES] if key in part}
    if part and not known:
        draft.flat(PartKind.OTHER, voice, part, path)
        part = {}
    draft.rest(part | notes, path)


def _read_inline(draft: Draft, voice: Voice, part: Members, key: str, path: Path) -> None:
    blob = take_object(part, key, path)
    sort = blob.get(spelt(blob, "mimeType"))
    kind = _MEDIA.get(sort.partition("/")[0], PartKind.FILE) if isinstance(sort, str) else PartKind.FILE
    draft.media(kind, voice, blob, (*path, key))


def _read_file(draft: Draft, voice: Voice, part: Members, key: str, path: Path) -> None:
    draft.media(PartKind.FILE, voice, take_object(part, key, path), (*path, key))


def _read_call(draft: Draft, voice: Voice, part: Members, key: str, path: Path) -> None:
    call, place = take_object(part, key, path), (*path, key)
    name = take_string(call, "name", place)
    arguments = take_optional_object(call, "args", place) or {}
    draft.tool_call(voice, name, (*place, "name"), arguments, (*place, "args"))
    draft.rest(call, place)


def _read_response(draft: Draft, voice: Voice, part: Members, key: str, path: Path) -> None:
    """What a function gave back; media in it are parts of their own."""
    response, place = take_object(part, key, path), (*path, key)
    said = _tools_voice(voice)
    for index, item in enumerate(take_optional_list(response, "parts", place)):
        where = (*place, "parts", index)
        _read_part(draft, said, as_object(item, *where), where)
    name = response.get("name")
    draft.flat(PartKind.TOOL_RESULT, said, response, place, name=name if isinstance(name, str) else "")


def _read_code(draft: Draft, voice: Voice, part: Members, key: str, path: Path) -> None:
    """A program that the model had Google run."""
    draft.flat(PartKind.TOOL_CALL, voice, take_object(part, key, path), (*path, key), name="code_execution")


def _read_outcome(draft: Draft, voice: Voice, part: Members, key: str, path: Path) -> None:
    """What came of a program or a tool that Google ran."""
    draft.flat(PartKind.TOOL_RESULT, _tools_voice(voice), take_object(part, key, path), (*path, key))


def _read_server_call(draft: Draft, voice: Voice, part: Members, key: str, path: Path) -> None:
    draft.flat(PartKind.TOOL_CALL, voice, take_object(part, key, path), (*path, key))


def _tools_voice(voice: Voice) -> Voice:
    return Voice(Role.TOOL, Origin.TOOL, voice.message)


_READERS: dict[str, Reader] = {
    "inlineData": _read_inline,
    "fileData": _read_file,
    "functionCall": _read_call,
    "functionResponse": _read_response,
    "executableCode": _read_code,
    "codeExecutionResult": _read_outcome,
    "toolCall": _read_server_call,
    "toolResponse": _read_outcome,
}


def take_contents(draft: Draft, body: Members, path: Path) -> None:
    contents = take_list(body, "contents", path)
    if not contents:
        raise wrong_value(*path, "contents")
    read_contents(draft, contents, (*path, "contents"))
