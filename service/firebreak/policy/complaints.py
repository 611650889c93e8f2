"""What a schema library says about a document, turned into places, problems and mends for a person."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from firebreak.policy.diagnostic import MAX_DIAGNOSTICS, Diagnostic, Level, did_you_mean, shown
from firebreak.policy.strict_yaml import Node, nearest

Place = tuple[str | int, ...]

LATER = frozenset({"effect", "effects", "signals", "when", "limit", "approval", "session"})
"""Words of the policy language that later versions may know; this one says so instead of guessing a spelling."""

EMPTY = "no_value"
"""The type of a complaint about a field that stands there without a value."""

_WANTED = {
    "string_type": "text",
    "bool_type": "true or false",
    "int_type": "a whole number",
    "float_type": "a number",
    "list_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
}
_MENDS = {
    "text": "write plain text",
    "true or false": "write true or false, without quotes",
    "a whole number": "write it in plain digits: `60`",
    "a number": "write it in plain digits: `0.5`",
    "a list": "write it as a list: `[...]`",
    "a mapping": "write its fields: `{...}`",
}
_FILL_IN = "give it a value, or leave the field out"
_BOUNDS = {
    "less_than_equal": ("must be {le} or less", "write {le} or less"),
    "greater_than_equal": ("must be {ge} or more", "write {ge} or more"),
    "too_short": ("is an empty list", "put something into it"),
    "too_long": ("has more than {max_length} entries", "shorten it"),
    "string_too_short": ("is empty", "give it a value, or leave it out"),
    "string_too_long": ("is longer than {max_length} characters", "shorten it"),
}


@dataclass(frozen=True, slots=True)
class Complaint:
    """One error of the schema library: where, its type and message, what stood there, and its details."""

    place: Place
    type: str
    message: str
    found: object
    details: Mapping[str, object]


def explain(
    complaints: Iterable[Complaint], root: Node, file: str, fields_at: Callable[[Place], tuple[str, ...]]
) -> list[Diagnostic]:
    """One diagnostic for each complaint, in the order of the file; past a bound the rest is left out."""
    found = []
    for complaint in list(complaints)[:MAX_DIAGNOSTICS]:
        code, problem, mend = _translate(complaint, fields_at)
        line = nearest(root, complaint.place).line
        found.append(Diagnostic(file, line, code, Level.ERROR, problem, mend))
    return sorted(found)


def _translate(complaint: Complaint, fields_at: Callable[[Place], tuple[str, ...]]) -> tuple[str, str, str]:
    name = _name(complaint.place)
    if complaint.type == "missing":
        inside = f" in {_name(complaint.place[:-1])}" if len(complaint.place) > 1 else ""
        return "missing-field", f"{name} is missing{inside}", f"add `{complaint.place[-1]}:`"
    if complaint.type == "extra_forbidden":
        return _unknown_field(complaint, fields_at)
    if complaint.type in ("literal_error", "enum"):
        return _wrong_word(complaint)
    if complaint.type in _WANTED:
        problem = f"{name} must be {_WANTED[complaint.type]}"
        return "wrong-type", problem, _mend_type(complaint)
    if complaint.type == "string_pattern_mismatch":
        problem = f"{name} may have up to 64 letters, digits, `.`, `_` and `-`, and begins with a letter or digit"
        return "name", problem, "write it like `no-secrets-out`"
    if complaint.type == EMPTY:
        return "wrong-type", f"{name} has no value", _FILL_IN
    if complaint.type == "string_too_short" and complaint.details["min_length"] != 1:
        least = complaint.details["min_length"]
        return "string-too-short", f"{name} is shorter than {least} characters", "take a longer one"
    if complaint.type in _BOUNDS:
        bound, change = (part.format(**complaint.details) for part in _BOUNDS[complaint.type])
        return complaint.type.replace("_", "-"), f"{name} {bound}", change
    mend = complaint.details.get("mend", "")
    message = complaint.message[:1].lower() + complaint.message[1:]
    problem = message if mend else f"{name}: {message}"
    return complaint.type.replace("_", "-"), problem, str(mend)


def _name(place: Place) -> str:
    """The last field on the way, with the index inside it: `rules[2]`."""
    tail = ""
    for step in reversed(place):
        if isinstance(step, str):
            return shown(step + tail)
        tail = f"[{step}]" + tail
    return "the file"


def _unknown_field(complaint: Complaint, fields_at: Callable[[Place], tuple[str, ...]]) -> tuple[str, str, str]:
    field, around = str(complaint.place[-1]), complaint.place[:-1]
    known = fields_at(around)
    if field in LATER and field not in known:
        return "unknown-field", f"{shown(field)} is not known to this version", "delete it"
    inside = f" of {_name(around)}" if around else ""
    listed = f"the fields are {', '.join(known)}" if known else "delete it"
    return "unknown-field", f"{shown(field)} is not a field{inside}", did_you_mean(field, known, otherwise=listed)


def _wrong_word(complaint: Complaint) -> tuple[str, str, str]:
    words = re.findall(r"'([^']*)'", str(complaint.details.get("expected", "")))
    name = _name(complaint.place)
    if not isinstance(complaint.found, str):
        return "wrong-type", f"{name} must be one of {', '.join(words)}", _mend_type(complaint)
    problem = f"{name}: {shown(complaint.found)} is not one of {', '.join(words)}"
    return "unknown-word", problem, did_you_mean(complaint.found, words, otherwise="take one of these")


def _mend_type(complaint: Complaint) -> str:
    found, wanted = complaint.found, _WANTED.get(complaint.type, "text")
    if found is None:
        return _FILL_IN
    if wanted == "text" and isinstance(found, bool | int | float):
        return "put it in quotes"
    return _MENDS[wanted]
