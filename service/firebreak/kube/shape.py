"""Reading a decoded manifest of any shape: an absent field and null are empty, a wrong type is a refusal."""

from collections.abc import Mapping
from typing import Any

from firebreak.kube.report import Code, Refused


def mapping(owner: Mapping[str, Any], key: str, place: str) -> Mapping[str, Any]:
    """The mapping at the key. Raises `Refused`."""
    value = owner.get(key)
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise Refused(Code.MALFORMED, f"{place}{key} is not a mapping")
    return value


def items(owner: Mapping[str, Any], key: str, place: str) -> list[Mapping[str, Any]]:
    """The mappings in the list at the key. Raises `Refused`."""
    value = owner.get(key)
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(item, Mapping) for item in value):
        raise Refused(Code.MALFORMED, f"{place}{key} is not a list of mappings")
    return value


def text(owner: Mapping[str, Any], key: str) -> str:
    """The text at the key; anything else is no text."""
    value = owner.get(key)
    return value if isinstance(value, str) else ""
