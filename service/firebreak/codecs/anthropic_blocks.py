"""The content blocks of Anthropic messages, nested ones included."""

from typing import Any

from firebreak.codecs.draft import Draft, Voice
from firebreak.codecs.fields import Members, as_object, take_object, take_optional_string, take_string, wrong_type
from firebreak.model.conversation import Origin, PartKind, Path, Role

_TOOL_USES = frozenset({"tool_use", "server_tool_use", "mcp_tool_use"})
_CLIENT_RESULTS = frozenset({"tool_result", "mcp_tool_result"})
_RETRIEVALS = frozenset({"web_search_tool_result", "web_fetch_tool_result"})
_SERVER_RESULTS = _RETRIEVALS | {
    "advisor_tool_result",
    "bash_code_execution_tool_result",
    "code_execution_tool_result",
    "text_editor_code_execution_tool_result",
    "tool_search_tool_result",
}
_MEDIA = {"image": PartKind.IMAGE, "container_upload": PartKind.FILE, "redacted_thinking": PartKind.OTHER}

_NOTES = frozenset({"fallback", "tool_reference"})
"""Blocks that only name a model or a tool of this request, read as metadata."""

_TOOL_CHANGES = frozenset({"tool_addition", "tool_removal"})


def read_blocks(draft: Draft, kind: PartKind, voice: Voice, content: Any, path: Path) -> None:
    """A string or an array of blocks; plain text becomes a part of `kind`."""
    if isinstance(content, str):
        draft.text(kind, voice, content, path)
    elif isinstance(content, list):
        for index, item in enumerate(content):
            _read_block(draft, kind, voice, as_object(item, *path, index), (*path, index))
    else:
        raise wrong_type(*path)


def _read_block(draft: Draft, kind: PartKind, voice: Voice, block: Members, path: Path) -> None:
    sort = block.get("type")
    if not isinstance(sort, str):
        raise wrong_type(*path, "type")
    if sort == "text":
        _read_text(draft, kind, voice, block, path)
    elif sort in _TOOL_USES:
        _read_tool_use(draft, voice, block, path)
    elif sort in _CLIENT_RESULTS:
        _read_tool_result(draft, voice, block, path)
    elif sort in _SERVER_RESULTS:
        origin = Origin.RETRIEVAL if sort in _RETRIEVALS else Origin.TOOL
        _read_server_result(draft, Voice(Role.TOOL, origin, voice.message), block, path)
    elif sort == "thinking":
        del block["type"]
        draft.text(PartKind.REASONING, voice, take_string(block, "thinking", path), (*path, "thinking"))
        draft.rest(block, path)
    elif sort == "document":
        _read_document(draft, kind, Voice(voice.role, Origin.RETRIEVAL, voice.message), block, path)
    elif sort == "search_result":
        del block["type"]
        draft.flat(kind, Voice(voice.role, Origin.RETRIEVAL, voice.message), block, path)
    else:
        _read_rare(draft, voice, block, path, sort)


def _read_rare(draft: Draft, voice: Voice, block: Members, path: Path, sort: str) -> None:
    """Media, what a long conversation sends back as it came, and what is not known."""
    if sort in _MEDIA:
        draft.media(_MEDIA[sort], voice, block, path)
    elif sort in _NOTES:
        draft.rest(block, path)
    elif sort == "compaction":
        _read_compaction(draft, voice, block, path)
    elif sort == "mcp_tool_listing":
        draft.flat(PartKind.TOOL_DEFINITION, Voice(Role.TOOL, Origin.TOOL, voice.message), block, path)
    elif sort in _TOOL_CHANGES:
        draft.flat(PartKind.TOOL_DEFINITION, voice, block, path)
    else:
        draft.flat(PartKind.OTHER, voice, block, path)


def _read_text(draft: Draft, kind: PartKind, voice: Voice, block: Members, path: Path) -> None:
    del block["type"]
    draft.text(kind, voice, take_string(block, "text", path), (*path, "text"))
    draft.rest(block, path)


def _read_compaction(draft: Draft, voice: Voice, block: Members, path: Path) -> None:
    """The summary that stands for earlier turns; what comes sealed with it was not inspected."""
    del block["type"]
    summary = take_optional_string(block, "content", path)
    if summary is not None:
        draft.text(PartKind.TEXT, voice, summary, (*path, "content"))
    sealed = take_optional_string(block, "encrypted_content", path)
    if sealed is not None:
        draft.media(PartKind.OTHER, voice, {"encrypted_content": sealed}, path)
    draft.rest(block, path)


def _read_tool_use(draft: Draft, voice: Voice, block: Members, path: Path) -> None:
    del block["type"]
    name = take_string(block, "name", path)
    draft.tool_call(voice, name, (*path, "name"), take_object(block, "input", path), (*path, "input"))
    draft.rest(block, path)


def _read_tool_result(draft: Draft, voice: Voice, block: Members, path: Path) -> None:
    del block["type"]
    said = Voice(Role.TOOL, Origin.TOOL, voice.message)
    content: Any = block.pop("content", None)
    if content is not None:
        read_blocks(draft, PartKind.TOOL_RESULT, said, content, (*path, "content"))
    draft.rest(block, path)


def _read_server_result(draft: Draft, voice: Voice, block: Members, path: Path) -> None:
    """The result of a tool that Anthropic ran, in that tool's own structure; a fetched document inside is one."""
    content: Any = block.get("content")
    document = content.get("content") if isinstance(content, dict) else None
    if isinstance(document, dict) and document.get("type") == "document":
        del content["content"]
        _read_document(draft, PartKind.TOOL_RESULT, voice, document, (*path, "content", "content"))
    draft.flat(PartKind.TOOL_RESULT, voice, block, path)


def _read_document(draft: Draft, kind: PartKind, voice: Voice, block: Members, path: Path) -> None:
    """Plain text and blocks are read; a PDF, a URL or an uploaded file is a FILE part that says which."""
    del block["type"]
    source = as_object(block.get("source"), *path, "source")
    place = (*path, "source")
    sort = source.get("type")
    if sort == "text":
        del source["type"]
        draft.text(kind, voice, take_string(source, "data", place), (*place, "data"))
    elif sort == "content":
        del source["type"]
        content: Any = source.pop("content", None)
        read_blocks(draft, kind, voice, content, (*place, "content"))
    else:
        draft.media(PartKind.FILE, voice, source.copy(), place)
        source.clear()
    if not source:
        del block["source"]
    _read_about(draft, kind, voice, block, path)


def _read_about(draft: Draft, kind: PartKind, voice: Voice, block: Members, path: Path) -> None:
    """A document's title and context are text the model reads next to it."""
    for key in ("title", "context"):
        if isinstance(block.get(key), str):
            draft.text(kind, voice, block.pop(key), (*path, key))
    draft.rest(block, path)
