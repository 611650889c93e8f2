"""Typed access to the members of a JSON object.

Every function takes the member out of the object. What a codec has not taken is still there when it is done, and is
flattened into a METADATA part: no string can be overlooked because its field was unknown.
A `null` member counts as absent where a field is optional, as it does for the providers.
"""

from typing import Any

from firebreak.codecs.strict_json import parse
from firebreak.model.conversation import Path
from firebreak.model.errors import BadInput
from firebreak.model.reason import Reason

Members = dict[str, Any]


def body_of(raw: bytes) -> Members:
    """The body's object. Go's parser takes `Messages` for `messages`, so a body that has both is two bodies."""
    return as_body(parse(raw))


def as_body(document: Any) -> Members:
    """A body that stands within another document."""
    if not isinstance(document, dict):
        raise BadInput(Reason.NOT_AN_OBJECT)
    if len({key.casefold() for key in document}) != len(document):
        raise BadInput(Reason.DUPLICATE_KEY)
    return document


def pointer(path: Path) -> str:
    """JSON pointer. Paths in errors consist of names this project knows and of indices, never of a client's keys."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)


def missing(path: Path, key: str) -> BadInput:
    return BadInput(Reason.FIELD_MISSING, pointer((*path, key)))


def wrong_type(*path: str | int) -> BadInput:
    return BadInput(Reason.FIELD_TYPE, pointer(path))


def wrong_value(*path: str | int) -> BadInput:
    return BadInput(Reason.FIELD_VALUE, pointer(path))


def take_string(members: Members, key: str, path: Path) -> str:
    value = members.pop(key, None)
    if isinstance(value, str):
        return value
    raise missing(path, key) if value is None else wrong_type(*path, key)


def take_optional_string(members: Members, key: str, path: Path) -> str | None:
    value = members.pop(key, None)
    if value is None or isinstance(value, str):
        return value
    raise wrong_type(*path, key)


def take_list(members: Members, key: str, path: Path) -> list[Any]:
    value = members.pop(key, None)
    if isinstance(value, list):
        return value
    raise missing(path, key) if value is None else wrong_type(*path, key)


def take_optional_list(members: Members, key: str, path: Path) -> list[Any]:
    value = members.pop(key, None)
    if value is None:
        return []
    if isinstance(value, list):
        return value
    raise wrong_type(*path, key)


def take_object(members: Members, key: str, path: Path) -> Members:
    value = members.pop(key, None)
    if isinstance(value, dict):
        return value
    raise missing(path, key) if value is None else wrong_type(*path, key)


def take_optional_object(members: Members, key: str, path: Path) -> Members | None:
    value = members.pop(key, None)
    if value is None or isinstance(value, dict):
        return value
    raise wrong_type(*path, key)


def take_flag(members: Members, key: str, path: Path) -> bool:
    value = members.pop(key, None)
    if value is None or isinstance(value, bool):
        return bool(value)
    raise wrong_type(*path, key)


def as_object(value: Any, *path: str | int) -> Members:
    if isinstance(value, dict):
        return value
    raise wrong_type(*path)
