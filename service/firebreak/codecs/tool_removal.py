"""Takes definitions of tools out of a request, and what would name one that is not there any more."""

from collections.abc import Callable
from typing import Any

from firebreak.codecs.body_changes import BodyChanges, CannotChange, Found, snake
from firebreak.codecs.constraint_forms import Form, Steps, Tools
from firebreak.model.finding import Span

Removes = Callable[[str], bool]
"""Whether the tool of this name must go."""

_FUNCTIONS = "functionDeclarations"
_LISTS = frozenset({"tools", "functions", "toolconfig", "tool_config", "mcp_servers"})
_INNER = ("function", "custom", "toolSpec", "systemTool", "tool")
"""Members of a definition or a choice that hold its name."""


def remove_tools(body: BodyChanges, form: Form, removes: Removes) -> None:
    """Raises `CannotChange`."""
    for base in form.bases:
        handed_on = body.find((*base, form.handed_on)) if form.handed_on else None
        if handed_on is not None and _LISTS & {key.casefold() for key in keys(handed_on.value)}:
            raise CannotChange(f"`{form.handed_on}` has tools of its own")
        for name in form.stored:
            stored = body.find((*base, name))
            if stored is not None and stored.value is not None:
                raise CannotChange(f"`{name}` may have tools that the request does not show")
        for tools in form.tools:
            _remove(body, base, tools, removes)


def _remove(body: BodyChanges, base: Steps, tools: Tools, removes: Removes) -> None:
    found = body.find((*base, *tools.at))
    if found is None or not isinstance(found.value, list):
        return
    entries = body.entries(found.place)
    removed: set[str] = set()
    gone: list[int] = []
    for index, (tool, place) in enumerate(zip(found.value, entries, strict=True)):
        names, whole = _from_group(body, tool, place, removes) if tools.grouped else _from_list(tool, removes)
        removed |= names
        gone += [index] if whole else []
    if not removed:
        return
    left = [tool for index, tool in enumerate(found.value) if index not in gone]
    if any(tools.grouped or _names(tool) for tool in left):
        body.drop_entries(entries, gone)
        _release(body, base, tools, removed, whole=False)
        return
    enclosing = body.find((*base, *tools.whole)) if tools.whole else None
    body.drop(enclosing or found)
    if enclosing is None:
        _release(body, base, tools, removed, whole=True)


def _from_list(tool: Any, removes: Removes) -> tuple[set[str], bool]:
    """What a definition is called, where it has to go; and whether it goes as a whole."""
    names = _names(tool)
    if any(map(removes, names)):
        return set(names), True
    inner = tool.get("tools") if isinstance(tool, dict) else None
    if any(removes(name) for each in (inner if isinstance(inner, list) else ()) for name in _names(each)):
        raise CannotChange("a tool that the policy removes is inside another definition")
    return set(), False


def _from_group(body: BodyChanges, tool: Any, place: Span, removes: Removes) -> tuple[set[str], bool]:
    """Functions of a list, and the provider's own tools, which go by their members' names in either spelling."""
    if not isinstance(tool, dict):
        return set(), False
    node = body.node(place, tool)
    functions = body.member(node, _FUNCTIONS)
    listed = functions.value if functions is not None and isinstance(functions.value, list) else []
    leaving = [row for row, each in enumerate(listed) if any(map(removes, _names(each)))]
    removed = {name for row in leaving for name in _names(listed[row])}
    gone = {key for key in tool if (functions is None or key != functions.key) and _goes(key, removes)}
    removed |= gone
    if functions is not None and listed and len(leaving) == len(listed):
        gone.add(functions.key)
    elif functions is not None and leaving:
        body.drop_entries(body.entries(functions.place), leaving)
    if len(gone) == len(tool):
        return removed, bool(gone)
    node.gone |= gone
    return removed, False


def _goes(key: str, removes: Removes) -> bool:
    head, *rest = key.split("_")
    return removes(key) or removes(snake(key)) or removes(head + "".join(map(str.capitalize, rest)))


def _release(body: BodyChanges, base: Steps, tools: Tools, removed: set[str], *, whole: bool) -> None:
    """Take members away that would name a tool which is not there any more."""
    for steps in tools.choices:
        found = body.find((*base, *steps))
        if found is not None and (whole or _chooses(found, removed)):
            body.drop(found)


def _chooses(found: Found, removed: set[str]) -> bool:
    """Whether one of these tools is the choice. Raises `CannotChange` where it is one of a list."""
    if removed & set(_names(found.value)):
        return True
    if isinstance(found.value, dict) and removed & set(_strings(found.value)):
        raise CannotChange(f"`{found.key}` lists a tool that the policy removes")
    return False


def _names(tool: Any) -> list[str]:
    """What a definition or a choice is called; a provider's own tool that has no name by its type."""
    if not isinstance(tool, dict):
        return []
    named = [each.get("name") for each in (tool, *map(tool.get, _INNER)) if isinstance(each, dict)]
    named += [tool.get("server_label"), tool.get("mcp_server_name")]
    return [name for name in named if isinstance(name, str)] or [
        name for name in (tool.get("type"),) if isinstance(name, str)
    ]


def keys(value: Any) -> list[str]:
    """All keys in a value, at whatever depth."""
    if isinstance(value, dict):
        return [*value, *(key for inner in value.values() for key in keys(inner))]
    return [key for inner in value for key in keys(inner)] if isinstance(value, list) else []


def _strings(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for inner in value.values() for text in _strings(inner)]
    if isinstance(value, list):
        return [text for inner in value for text in _strings(inner)]
    return [value] if isinstance(value, str) else []
