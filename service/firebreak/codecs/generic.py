"""A JSON API that no codec knows, for a provider that is configured as `generic`: every string of the body is read.

What is known of such a body is nothing but its strings. So no model, tool or stream is told: rules that name one do not
apply, and what a rule enforces cannot be carried out.
"""

from typing import Any

from firebreak.codecs.answer import AnswerReader
from firebreak.codecs.draft import BODY, Draft, Voice
from firebreak.codecs.flatten import is_encoded
from firebreak.codecs.generic_answer import GenericAnswer
from firebreak.codecs.refusals import generic_error
from firebreak.codecs.strict_json import parse
from firebreak.model.conversation import Conversation, Origin, PartKind, Path, Role
from firebreak.model.exchange import Exchange
from firebreak.model.refusal import Refusal, Rendered

SURFACE = "generic"
_USER = Voice(Role.USER, Origin.USER, 0)


class Generic:
    """A string of several words is a text, with its key before it; what is long and in base64 was not inspected. All
    others are read together, with all other keys and the path.
    """

    surface = SURFACE

    def read(self, exchange: Exchange) -> Conversation:
        draft = Draft()
        draft.plain(PartKind.METADATA, BODY, exchange.path)
        _read(draft, parse(exchange.body), ())
        return draft.finish(self.surface, {}, model="")

    def answer(self) -> AnswerReader:
        return GenericAnswer()

    def refuse(self, refusal: Refusal) -> Rendered:
        return generic_error(refusal)


def _read(draft: Draft, value: Any, path: Path) -> None:
    if isinstance(value, dict):
        for key, inner in value.items():
            kind = _kind(inner)
            if kind is not None:
                draft.flat(kind, _USER, {key: inner}, path)
            elif isinstance(inner, dict | list):
                draft.rest({key: {}}, path)
                _read(draft, inner, (*path, key))
            else:
                draft.rest({key: inner}, path)
    elif isinstance(value, list) and any(isinstance(item, str | dict | list) for item in value):
        for index, item in enumerate(value):
            _read(draft, item, (*path, index))
    else:
        kind = _kind(value)
        if kind is not None:
            draft.text(kind, _USER, value, path)
        else:
            draft.rest_value(value, path)


def _kind(value: Any) -> PartKind | None:
    """What a string is that is not read together with the others."""
    if not isinstance(value, str):
        return None
    if is_encoded(value):
        return PartKind.OTHER
    return PartKind.TEXT if len(value.split(None, 1)) > 1 else None
