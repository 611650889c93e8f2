"""How a request is constrained in each API: which bytes of its body to change so that it asks for less.

The laws: bytes outside the changes stay as they are; the document is the same but for the members meant; a body that
keeps to the constraints already is not changed. What an API's form leaves no way to carry out raises `Unmet`.

The members are those of the APIs' own references: platform.openai.com/docs/api-reference (chat, responses,
completions) and docs.anthropic.com/en/api/messages; `n_predict` is llama.cpp's (tools/server/README.md).
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from firebreak.codecs.outline import Member, document, items, members, without
from firebreak.codecs.strict_json import parse
from firebreak.model.finding import Span
from firebreak.model.handover import Change


class Unmet(Exception):
    """A constraint that cannot be carried out. `wanted` is its name in a policy, `problem` a sentence."""

    def __init__(self, wanted: str, problem: str) -> None:
        super().__init__(problem)
        self.wanted = wanted
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a request is held to; what is empty asks for nothing. `remove_tools` says which tools' names must go."""

    max_output_tokens: int = 0
    remove_tools: Callable[[str], bool] | None = None
    system_preamble: str = ""


@dataclass(frozen=True, slots=True)
class _Form:
    """`caps`: members that bound the length of the answer, the first of them put there where none is; an API without
    any gives no text. `tools`: lists of definitions, each with the members that say something of it. `system`: the
    member with the instructions, or the messages where that is `messages`.
    """

    caps: tuple[str, ...] = ()
    tools: Mapping[str, tuple[str, ...]] | None = None
    system: str = ""


_CHAT_TOOLS = {"tools": ("tool_choice", "parallel_tool_calls"), "functions": ("function_call",)}
_ANTHROPIC_TOOLS = {"tools": ("tool_choice",), "mcp_servers": ()}
_FORMS: Mapping[str, _Form] = {
    "openai.chat": _Form(("max_completion_tokens", "max_tokens", "n_predict"), _CHAT_TOOLS, "messages"),
    "openai.responses": _Form(("max_output_tokens", "n_predict"), {"tools": ("tool_choice",)}, "instructions"),
    "openai.completions": _Form(("max_tokens", "n_predict")),
    "openai.embeddings": _Form(),
    "openai.moderations": _Form(),
    "anthropic.messages": _Form(("max_tokens",), _ANTHROPIC_TOOLS, "system"),
    "anthropic.count_tokens": _Form((), _ANTHROPIC_TOOLS, "system"),
}

_OTHER_MODELS = ("models", "fallbacks", "fallback_models")
"""Members in which gateways take models to be asked instead of the first."""
_READ_ELSEWHERE = ("model", "stream", *_OTHER_MODELS)


def changes(surface: str, raw: bytes, wanted: Wanted) -> tuple[Change, ...]:
    """The changes to a body that was read, in order and without overlap. Raises `Unmet`."""
    if wanted == Wanted():
        return ()
    form = _FORMS.get(surface)
    if form is None:
        name = next(one.name for one in fields(wanted) if getattr(wanted, one.name))
        raise Unmet(name, f"a request to {surface} cannot be constrained by this version")
    body = _Body(raw)
    if wanted.max_output_tokens:
        body.cap(form.caps, wanted.max_output_tokens)
    if wanted.remove_tools is not None:
        for name, companions in (form.tools or {}).items():
            body.remove_tools(name, companions, wanted.remove_tools)
    if wanted.system_preamble:
        if not form.system:
            raise Unmet("system_preamble", f"a request to {surface} has no place for one")
        body.preamble(form.system, wanted.system_preamble)
    return body.changes()


def tool_lists(surface: str) -> frozenset[str]:
    """The members from which definitions can be removed."""
    form = _FORMS.get(surface)
    return frozenset(form.tools or ()) if form else frozenset()


def only_model(raw: bytes) -> None:
    """Raises `Unmet` where a JSON body names other models than the one it was read with."""
    if not _is_object(raw):
        return
    body = _Body(raw)
    for name in _READ_ELSEWHERE:
        body.member("models", name)
    for name in _OTHER_MODELS:
        if body.values.get(name) is not None:
            raise Unmet("models", f"the request names more models, in `{name}`")


def only_answer(raw: bytes) -> None:
    """Raises `Unmet` where a JSON body has `stream` in a spelling that its provider could take for it."""
    if _is_object(raw):
        _Body(raw).member("forbid_stream", "stream")


def _is_object(raw: bytes) -> bool:
    return raw.lstrip().startswith(b"{")


class _Body:
    """A body's outline and the changes to it that have been asked for."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self._whole = document(raw)
        self.values: dict[str, Any] = parse(raw)
        self._members = {member.key: member for member in members(raw, self._whole)}
        self._spellings = {name.casefold(): name for name in self._members}
        self._new: list[bytes] = []
        self._gone: set[str] = set()
        self._changes: list[Change] = []

    def member(self, wanted: str, name: str) -> Member | None:
        """A member by its name. Parsers that do not look at case would take another spelling for it."""
        if self._spellings.get(name, name) != name:
            raise Unmet(wanted, f"the request has `{name}` in another spelling")
        return self._members.get(name)

    def cap(self, names: tuple[str, ...], most: int) -> None:
        capped = not names
        for name in names:
            member, value = self.member("max_output_tokens", name), self.values.get(name)
            if member is None or value is None:
                continue
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise Unmet("max_output_tokens", f"`{name}` is not a number")
            capped = True
            if not 0 <= value <= most:
                self._replace(member.value, most)
        if not capped:
            self._set(names[0], most)

    def remove_tools(self, name: str, companions: tuple[str, ...], removes: Callable[[str], bool]) -> None:
        member = self.member("remove_tools", name)
        definitions = self.values.get(name)
        if member is None or not isinstance(definitions, list):
            return
        gone = [index for index, tool in enumerate(definitions) if _is_removed(tool, removes)]
        if not gone:
            return
        whole = len(gone) == len(definitions)
        named = {one for index in gone for one in _names(definitions[index])}
        for companion in companions:
            self._release(companion, named, whole=whole)
        if whole:
            self._gone.add(name)
        else:
            self._changes += without(items(self._raw, member.value), gone)

    def _release(self, name: str, removed: set[str], *, whole: bool) -> None:
        """Take a member away that would name a tool which is not there any more."""
        if self.member("remove_tools", name) is None:
            return
        value = self.values[name]
        if not whole and isinstance(value, dict) and value.get("type") == "allowed_tools":
            if removed & set(_strings(value)):
                raise Unmet("remove_tools", f"`{name}` lists a tool that the policy removes")
        elif whole or removed & set(_names(value)):
            self._gone.add(name)

    def preamble(self, name: str, text: str) -> None:
        member, value = self.member("system_preamble", name), self.values.get(name)
        if member is None or value is None:
            self._set(name, text)
        elif isinstance(value, str):
            if value != text and not value.startswith(f"{text}\n\n"):
                at = member.value.start + 1
                self._changes.append((at, at, json.dumps(f"{text}\n\n").encode()[1:-1]))
        elif isinstance(value, list):
            first = {"role": "system", "content": text} if name == "messages" else {"type": "text", "text": text}
            self._put_first(member.value, value, first)
        else:
            raise Unmet("system_preamble", f"`{name}` is neither a text nor a list")

    def _put_first(self, place: Span, value: list[Any], first: dict[str, str]) -> None:
        if value[:1] != [first]:
            at = place.start + 1
            self._changes.append((at, at, json.dumps(first).encode() + (b", " if value else b"")))

    def _set(self, name: str, value: int | str) -> None:
        member = self._members.get(name)
        if member is None:
            self._new.append(f"{json.dumps(name)}: {json.dumps(value)}".encode())
        else:
            self._replace(member.value, value)

    def _replace(self, place: Span, value: int | str) -> None:
        self._changes.append((place.start, place.end, json.dumps(value).encode()))

    def changes(self) -> tuple[Change, ...]:
        at = self._whole.start + 1
        new = [(at, at, b"".join(each + b", " for each in self._new))] if self._new else []
        gone = [index for index, name in enumerate(self._members) if name in self._gone]
        removed = without([member.whole for member in self._members.values()], gone)
        return tuple(sorted([*new, *removed, *self._changes]))


def _is_removed(tool: Any, removes: Callable[[str], bool]) -> bool:
    if any(map(removes, _names(tool))):
        return True
    inner = tool.get("tools") if isinstance(tool, dict) else None
    if any(removes(name) for each in (inner if isinstance(inner, list) else ()) for name in _names(each)):
        raise Unmet("remove_tools", "a tool that the policy removes is inside another definition")
    return False


def _names(tool: Any) -> list[str]:
    """What a definition or a choice is called; a provider's own tool that has no name by its type."""
    if not isinstance(tool, dict):
        return []
    inner = [tool, tool.get("function"), tool.get("custom")]
    named = [each.get("name") for each in inner if isinstance(each, dict)]
    named += [tool.get("server_label"), tool.get("mcp_server_name")]
    return [name for name in named if isinstance(name, str)] or [
        name for name in (tool.get("type"),) if isinstance(name, str)
    ]


def _strings(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for inner in value.values() for text in _strings(inner)]
    if isinstance(value, list):
        return [text for inner in value for text in _strings(inner)]
    return [value] if isinstance(value, str) else []
