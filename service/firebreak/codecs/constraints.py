"""How a request is constrained: which bytes of its body to change so that it asks for less.

The laws: bytes outside the changes stay as they are; the document is the same but for the members meant; a body that
keeps to the constraints already is not changed. What an API's form leaves no way to carry out raises `Unmet`.
Where each API keeps these members is `constraint_forms`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from typing import Any

from firebreak.codecs.body_changes import BodyChanges, CannotChange, Found, snake
from firebreak.codecs.constraint_forms import Asked, Form, System, form_of
from firebreak.codecs.mcp_reply import TOOL_CALL
from firebreak.codecs.strict_json import parse
from firebreak.codecs.tool_removal import Removes, keys, remove_tools
from firebreak.model.handover import Change

__all__ = ["Asked", "Unmet", "Wanted", "changes", "only_answer", "only_model", "tool_lists"]


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
    remove_tools: Removes | None = None
    system_preamble: str = ""


_OTHER_MODELS = ("models", "fallbacks", "fallback_models")
"""Members in which gateways take models to be asked instead of the first."""
_READ_ELSEWHERE = ("model", "stream", *_OTHER_MODELS)


def changes(asked: Asked, raw: bytes, wanted: Wanted) -> tuple[Change, ...]:
    """The changes to a body that was read, in order and without overlap. Raises `Unmet`."""
    if wanted == Wanted():
        return ()
    document, form = _read(asked, raw)
    if form is None:
        name = next(one.name for one in fields(wanted) if getattr(wanted, one.name))
        raise Unmet(name, f"a request to {asked.surface} cannot be constrained by this version")
    if form.calls:
        return _uncalled(document, wanted)
    body = BodyChanges(raw, document, two_spellings=form.google)
    if wanted.max_output_tokens and form.caps:
        with _as("max_output_tokens"):
            _cap(body, form, wanted.max_output_tokens)
    if wanted.remove_tools is not None:
        with _as("remove_tools"):
            remove_tools(body, form, wanted.remove_tools)
    if wanted.system_preamble and form.asks:
        with _as("system_preamble"):
            _preamble(body, form, asked.surface, wanted.system_preamble)
    return body.changes()


def tool_lists(asked: Asked, raw: bytes) -> frozenset[str] | None:
    """The members of the body from which definitions can be removed; None where that is not known."""
    _, form = _read(asked, raw)
    if form is None:
        return None
    first = {(*base, *tools.at)[0] for base in form.bases for tools in form.tools}
    return frozenset(first | {snake(name) for name in first}) if form.google else frozenset(first)


def only_model(raw: bytes) -> None:
    """Raises `Unmet` where a JSON body names other models than the one it was read with."""
    document = _document(raw)
    if not isinstance(document, dict):
        return
    body = BodyChanges(raw, document)
    with _as("models"):
        for name in _READ_ELSEWHERE:
            body.member(body.root, name)
    for name in _OTHER_MODELS:
        if document.get(name) is not None:
            raise Unmet("models", f"the request names more models, in `{name}`")


def only_answer(raw: bytes) -> None:
    """Raises `Unmet` where a JSON body has `stream` in a spelling that its provider could take for it."""
    document = _document(raw)
    if isinstance(document, dict):
        body = BodyChanges(raw, document)
        with _as("forbid_stream"):
            body.member(body.root, "stream")


def _read(asked: Asked, raw: bytes) -> tuple[Any, Form | None]:
    document = _document(raw)
    return document, form_of(asked, document if isinstance(document, dict) else {})


def _document(raw: bytes) -> Any:
    """What a body says; None where it is a form."""
    return parse(raw) if raw.lstrip()[:1] in (b"{", b"[") else None


@contextmanager
def _as(wanted: str) -> Iterator[None]:
    """What is wrong with the body is why this constraint cannot be carried out."""
    try:
        yield
    except CannotChange as error:
        raise Unmet(wanted, str(error)) from error


def _cap(body: BodyChanges, form: Form, most: int) -> None:
    handed_on = body.find((form.handed_on,)) if form.handed_on else None
    if handed_on is not None and any("max" in key.casefold() for key in keys(handed_on.value)):
        raise CannotChange(f"`{form.handed_on}` may have a number of its own")
    capped = False
    for number, steps in enumerate(form.caps):
        found = body.find(steps)
        if found is None or found.value is None:
            continue
        if isinstance(found.value, bool) or not isinstance(found.value, int | float):
            raise CannotChange(f"`{found.key}` is not a number")
        capped = capped or not (form.first_counts and number)
        if not 0 <= found.value <= most:
            body.replace(found.place, most)
    if not capped:
        body.put(form.caps[0], most)


def _uncalled(document: Any, wanted: Wanted) -> tuple[Change, ...]:
    """No model is asked; a call of a tool that must go is the one thing that cannot be let through."""
    for message in document if isinstance(document, list) else [document]:
        called = message.get("params") if isinstance(message, dict) and message.get("method") == TOOL_CALL else None
        name = called.get("name") if isinstance(called, dict) else None
        if wanted.remove_tools is not None and isinstance(name, str) and wanted.remove_tools(name):
            raise Unmet("remove_tools", "the tool that is called is one that the policy removes")
    return ()


def _preamble(body: BodyChanges, form: Form, surface: str, text: str) -> None:
    system = form.system
    if system is None:
        raise CannotChange(f"a request to {surface} has no place for one")
    for name in (*form.unsaid, *form.stored):
        found = body.find((name,))
        if found is not None and found.value:
            raise CannotChange(f"with `{name}` it would not reach the model")
    found = body.find(system.at)
    if found is None or found.value is None:
        body.put(system.at, text if system.text else [system.first(text)])
    else:
        _say_first(body, found, system, text)


def _say_first(body: BodyChanges, found: Found, system: System, text: str) -> None:
    value, first = found.value, system.first(text)
    if isinstance(value, str) and system.text:
        if value != text and not value.startswith(f"{text}\n\n"):
            body.write_before(found, f"{text}\n\n")
    elif isinstance(value, list):
        if value[:1] != [first]:
            body.put_first(found, first)
    else:
        raise CannotChange(f"`{found.key}` is neither a text nor a list")
