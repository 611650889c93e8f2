"""Content and tools in the shapes that several OpenAI APIs share."""

from typing import Any

from firebreak.codecs.draft import TOOL, Draft, Voice
from firebreak.codecs.fields import Members, as_object, take_string, wrong_type, wrong_value
from firebreak.model.conversation import Origin, PartKind, Path, Role

VOICES: dict[str, tuple[Role, Origin]] = {
    "system": (Role.SYSTEM, Origin.SYSTEM),
    "developer": (Role.SYSTEM, Origin.SYSTEM),
    "user": (Role.USER, Origin.USER),
    "assistant": (Role.ASSISTANT, Origin.ASSISTANT),
    "tool": (Role.TOOL, Origin.TOOL),
    "function": (Role.TOOL, Origin.TOOL),
}

_TEXTS = {
    "text": "text",
    "input_text": "text",
    "output_text": "text",
    "summary_text": "text",
    "reasoning_text": "text",
    "refusal": "refusal",
}
"""Type of a content part that is text, and the member that holds it."""

_MEDIA = {
    "image_url": PartKind.IMAGE,
    "input_image": PartKind.IMAGE,
    "computer_screenshot": PartKind.IMAGE,
    "input_audio": PartKind.AUDIO,
    "file": PartKind.FILE,
    "input_file": PartKind.FILE,
}


def voice_of(role: str, index: int, *path: str | int) -> Voice:
    found = VOICES.get(role)
    if found is None:
        raise wrong_value(*path, "role")
    return Voice(*found, index)


def read_content(draft: Draft, kind: PartKind, voice: Voice, content: Any, path: Path) -> None:
    """A string or an array of content parts."""
    if isinstance(content, str):
        draft.text(kind, voice, content, path)
    elif isinstance(content, list):
        for index, item in enumerate(content):
            read_part(draft, kind, voice, as_object(item, *path, index), (*path, index))
    else:
        raise wrong_type(*path)


def read_part(draft: Draft, kind: PartKind, voice: Voice, part: Members, path: Path) -> None:
    sort = part.get("type")
    if not isinstance(sort, str):
        raise wrong_type(*path, "type")
    if sort in _TEXTS:
        del part["type"]
        member = _TEXTS[sort]
        draft.text(kind, voice, take_string(part, member, path), (*path, member))
        draft.rest(part, path)
    elif sort in _MEDIA:
        del part["type"]
        draft.media(_MEDIA[sort], voice, part, path)
    else:
        draft.flat(PartKind.OTHER, voice, part, path)


def read_tools(draft: Draft, tools: list[Any], path: Path) -> None:
    """Definitions of functions, custom tools, provider tools and MCP servers, in both APIs' forms."""
    for index, item in enumerate(tools):
        tool = as_object(item, *path, index)
        _read_enclosed(draft, TOOL, tool, (*path, index))
        draft.tool(TOOL, tool, (*path, index), _name_of(tool))


def _read_enclosed(draft: Draft, voice: Voice, tool: Members, path: Path) -> None:
    """What a definition brings along that is no text: the mask of an image, a skill as an archive."""
    mask = tool.get("input_image_mask")
    if isinstance(mask, dict):
        del tool["input_image_mask"]
        draft.media(PartKind.IMAGE, voice, mask, (*path, "input_image_mask"))
    environment = tool.get("environment")
    skills = environment.get("skills") if isinstance(environment, dict) else None
    for index, skill in enumerate(skills if isinstance(skills, list) else ()):
        if isinstance(skill, dict) and isinstance(skill.get("source"), dict):
            place = (*path, "environment", "skills", index, "source")
            draft.media(PartKind.FILE, voice, skill.pop("source"), place)


def _name_of(tool: Members) -> Any:
    for inner in (tool, tool.get("function"), tool.get("custom")):
        if isinstance(inner, dict) and isinstance(inner.get("name"), str):
            return inner["name"]
    return tool.get("server_label") or tool.get("type")


def read_prompts(draft: Draft, body: Members, key: str, *, required: bool) -> None:
    """Text, texts, or token arrays: tokens are text that only the provider's tokenizer can read."""
    value = body.pop(key, None)
    if isinstance(value, str):
        value = [value]
        paths: list[Path] = [(key,)]
    elif isinstance(value, list):
        paths = [(key, index) for index in range(len(value))]
    elif value is None and not required:
        return
    else:
        raise wrong_type(key)
    if required and not value:
        raise wrong_value(key)
    _read_prompt_items(draft, value, paths, key)


def _read_prompt_items(draft: Draft, items: list[Any], paths: list[Path], key: str) -> None:
    voice = Voice(Role.USER, Origin.USER, 0)
    if items and all(type(item) is int for item in items):
        draft.text(PartKind.OTHER, voice, "", (key,))
        return
    for index, (item, path) in enumerate(zip(items, paths, strict=True)):
        voice = Voice(Role.USER, Origin.USER, index)
        if isinstance(item, str):
            draft.text(PartKind.TEXT, voice, item, path)
        elif isinstance(item, list) and all(type(token) is int for token in item):
            draft.text(PartKind.OTHER, voice, "", path)
        elif isinstance(item, dict):
            read_part(draft, PartKind.TEXT, voice, item, path)
            draft.close_rest(voice)
        else:
            raise wrong_type(*path)
