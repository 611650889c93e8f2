"""The content blocks of Bedrock's Converse: objects with one member, whose name says what they are (API reference,
"ContentBlock"). What no list here knows was not inspected, and its strings are read.
"""

from typing import Any

from firebreak.codecs.draft import Draft, Voice
from firebreak.codecs.fields import Members, as_object, take_list, take_object, take_string
from firebreak.model.conversation import Origin, PartKind, Path, Role

_MEDIA = {"image": PartKind.IMAGE, "video": PartKind.FILE, "audio": PartKind.AUDIO}
_TOOL_CHANGES = frozenset({"toolAddition", "toolRemoval"})


def read_blocks(draft: Draft, kind: PartKind, voice: Voice, blocks: list[Any], path: Path) -> None:
    """Plain text becomes a part of `kind`."""
    for index, item in enumerate(blocks):
        _read_block(draft, kind, voice, as_object(item, *path, index), (*path, index))


def _read_block(draft: Draft, kind: PartKind, voice: Voice, block: Members, path: Path) -> None:
    if "text" in block:
        draft.text(kind, voice, take_string(block, "text", path), (*path, "text"))
    if "toolUse" in block:
        _read_tool_use(draft, voice, take_object(block, "toolUse", path), (*path, "toolUse"))
    if "toolResult" in block:
        _read_tool_result(draft, voice, take_object(block, "toolResult", path), (*path, "toolResult"))
    if "document" in block:
        _read_document(draft, kind, voice, take_object(block, "document", path), (*path, "document"))
    if "reasoningContent" in block:
        _read_reasoning(draft, voice, take_object(block, "reasoningContent", path), (*path, "reasoningContent"))
    if "guardContent" in block:
        _read_guarded(draft, kind, voice, take_object(block, "guardContent", path), (*path, "guardContent"))
    if "json" in block:
        draft.flat(kind, voice, block.pop("json"), (*path, "json"))
    _read_rare(draft, kind, voice, block, path)


def _read_rare(draft: Draft, kind: PartKind, voice: Voice, block: Members, path: Path) -> None:
    retrieved = Voice(voice.role, Origin.RETRIEVAL, voice.message)
    for member in ("searchResult", "citationsContent"):
        if member in block:
            said = retrieved if member == "searchResult" else voice
            draft.flat(kind, said, block.pop(member), (*path, member))
    for member, media in _MEDIA.items():
        if member in block:
            draft.media(media, voice, {member: block.pop(member)}, path)
    for member in sorted(_TOOL_CHANGES & block.keys()):
        draft.flat(PartKind.TOOL_DEFINITION, voice, block.pop(member), (*path, member))
    if block.keys() <= {"cachePoint"}:
        draft.rest(block, path)
    else:
        draft.flat(PartKind.OTHER, voice, block, path)


def _read_tool_use(draft: Draft, voice: Voice, call: Members, path: Path) -> None:
    name = take_string(call, "name", path)
    draft.tool_call(voice, name, (*path, "name"), take_object(call, "input", path), (*path, "input"))
    draft.rest(call, path)


def _read_tool_result(draft: Draft, voice: Voice, result: Members, path: Path) -> None:
    said = Voice(Role.TOOL, Origin.TOOL, voice.message)
    read_blocks(draft, PartKind.TOOL_RESULT, said, take_list(result, "content", path), (*path, "content"))
    draft.rest(result, path)


def _read_document(draft: Draft, kind: PartKind, voice: Voice, document: Members, path: Path) -> None:
    """One given as text or blocks is read; bytes or a place in S3 are a FILE part."""
    said = Voice(voice.role, Origin.RETRIEVAL, voice.message)
    source = as_object(document.pop("source", None), *path, "source")
    place = (*path, "source")
    if "text" in source:
        draft.text(kind, said, take_string(source, "text", place), (*place, "text"))
    if "content" in source:
        read_blocks(draft, kind, said, take_list(source, "content", place), (*place, "content"))
    if source:
        draft.media(PartKind.FILE, said, source, place)
    for member in ("name", "context"):  # the model reads them next to it
        if isinstance(document.get(member), str):
            draft.text(kind, said, document.pop(member), (*path, member))
    draft.rest(document, path)


def _read_reasoning(draft: Draft, voice: Voice, content: Members, path: Path) -> None:
    if "reasoningText" in content:
        inner, place = take_object(content, "reasoningText", path), (*path, "reasoningText")
        draft.text(PartKind.REASONING, voice, take_string(inner, "text", place), (*place, "text"))
        draft.rest(inner, place)
    if content:
        draft.media(PartKind.OTHER, voice, content, path)


def _read_guarded(draft: Draft, kind: PartKind, voice: Voice, guarded: Members, path: Path) -> None:
    """What a guardrail is to look at is for the model too."""
    if "text" in guarded:
        inner, place = take_object(guarded, "text", path), (*path, "text")
        draft.text(kind, voice, take_string(inner, "text", place), (*place, "text"))
        draft.rest(inner, place)
    if guarded:
        draft.media(PartKind.IMAGE, voice, guarded, path)
