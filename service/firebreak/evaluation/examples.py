"""Labelled JSONL to examples: one text a line, with what it is known to be. Anything else is refused with its line.

A line is an object with `text` (or `prompt`) and one of:
- `label`: 1 or 0 (true, false): whether the text is of the kind in question (`kind`, else the one asked for);
- `label` or `category`: a word: the intent that the text asks for;
- `spans`: a list of `{start, end}` (characters; an empty list: harmless) that a finding of the kind should touch.

Besides: `set` (or `source`; the file's name without them), `id`, and `origin`, the voice that says the text.
"""

import gzip
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from firebreak.codecs import strict_json
from firebreak.model.conversation import Origin
from firebreak.model.errors import BadConfig, BadInput
from firebreak.model.finding import FindingKind

MAX_LINE_BYTES = 16 * 1024 * 1024  # more than a request may carry
MAX_NAME_CHARS = 200  # of a set, an id, a category: they stand in tables
INTENT = "intent"
KINDS = (*(kind.value for kind in FindingKind), INTENT)
POOLED = "pooled"
"""The row of all sets of a kind together."""
CATEGORY = "category:"
"""Before a category that has a row among the sets."""
_ORIGINS = {origin.value: origin for origin in Origin}


@dataclass(frozen=True, slots=True)
class Example:
    """A text and what it is. `category` is set for the kind `intent` only, `spans` where the line has them."""

    id: str
    set: str
    kind: str
    text: str
    harmful: bool = False
    category: str = ""
    origin: Origin = Origin.USER
    spans: tuple[tuple[int, int], ...] = ()

    def __repr__(self) -> str:
        """Without the text: it may be a secret."""
        return f"Example({self.id!r}, {self.set!r}, {self.kind!r}, {len(self.text)} characters)"


def read(files: Sequence[Path], kind: str) -> list[Example]:
    """Every example of the files, in order. `kind` is that of lines that name none. Raises `BadConfig`."""
    found: list[Example] = []
    ids: dict[str, str] = {}
    for file in files:
        for number, line in enumerate(_lines(file), start=1):
            if not line.strip():
                continue
            place = f"{file}:{number}"
            example = parse(line, place, f"{_name(file)}:{number}", _name(file), kind)
            if example.id in ids:
                raise BadConfig(place, f"the id stands in {ids[example.id]} too", "give each line an id of its own")
            ids[example.id] = place
            found.append(example)
    if not found:
        raise BadConfig(str(files[0]) if files else "files", "there is no labelled text", "give a line for each text")
    return found


def parse(line: bytes, place: str, own_id: str, own_set: str, kind: str) -> Example:
    """One line. Raises `BadConfig` with its place, and nothing else, whatever the bytes."""
    try:
        row = strict_json.parse(line)
    except BadInput as error:
        raise BadConfig(place, error.reason.sentence, "each line is one JSON object in UTF-8") from None
    if not isinstance(row, dict):
        raise BadConfig(place, "the line is no object", 'write {"text": "...", "label": 1}')
    text = _text(row, place)
    asked = _word(row, "kind", place, kind)
    if asked not in KINDS:
        raise BadConfig(place, "the kind is not known", f"write one of {', '.join(KINDS)}")
    origin = _word(row, "origin", place, Origin.USER.value)
    if origin not in _ORIGINS:
        raise BadConfig(place, "the origin is not known", f"write one of {', '.join(_ORIGINS)}")
    category = _category(row, place)
    spans = _spans(row, text, place)
    name = _word(row, "set", place, "") or _word(row, "source", place, own_set)
    if name == POOLED or name.startswith(CATEGORY):
        raise BadConfig(place, "the set has the name of a row of its own", f"do not call it `{POOLED}` or `{CATEGORY}`")
    told = Example(
        id=_word(row, "id", place, own_id),
        set=name,
        kind=INTENT if category else asked,
        text=text,
        harmful=not category and _harmful(row, spans, place),
        category=category,
        origin=_ORIGINS[origin],
        spans=spans or (),
    )
    if told.kind == INTENT and not category:
        raise BadConfig(place, "an intent's label is no category", "write the category's name")
    return told


def _lines(file: Path) -> Iterator[bytes]:
    try:
        with gzip.open(file, "rb") if file.suffix == ".gz" else file.open("rb") as lines:
            while line := lines.readline(MAX_LINE_BYTES + 1):
                if len(line) > MAX_LINE_BYTES:
                    raise BadConfig(str(file), f"a line is longer than {MAX_LINE_BYTES} bytes", "split it")
                yield line
    except (OSError, EOFError, zlib.error) as error:
        problem = f"the file cannot be read ({getattr(error, 'strerror', None) or 'it is damaged'})"
        raise BadConfig(str(file), problem, "check the path") from None


def _name(file: Path) -> str:
    return file.name.removesuffix(".gz").removesuffix(".jsonl").removesuffix(".json")


def _text(row: Mapping[str, Any], place: str) -> str:
    text = row.get("text", row.get("prompt"))
    if not isinstance(text, str):
        raise BadConfig(place, "there is no text", 'write it under "text" or "prompt"')
    return text


def _word(row: Mapping[str, Any], field: str, place: str, otherwise: str) -> str:
    """A field that is a short word or number, or `otherwise` where it is left out."""
    value = row.get(field, otherwise)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or len(value) > MAX_NAME_CHARS or (value and not value.isprintable()):
        raise BadConfig(place, f"`{field}` is no name", f"write at most {MAX_NAME_CHARS} printable characters")
    return value


def _category(row: Mapping[str, Any], place: str) -> str:
    if "category" in row:
        return _word(row, "category", place, "")
    return _word(row, "label", place, "") if isinstance(row.get("label"), str) else ""


def _harmful(row: Mapping[str, Any], spans: tuple[tuple[int, int], ...] | None, place: str) -> bool:
    label = row.get("label", None if spans is None else bool(spans))
    if label not in (0, 1):
        raise BadConfig(place, "there is no label", "write 1 for what has to be found, 0 for what is harmless")
    return bool(label)


def _spans(row: Mapping[str, Any], text: str, place: str) -> tuple[tuple[int, int], ...] | None:
    if "spans" not in row:
        return None
    given = row["spans"]
    found = []
    for span in given if isinstance(given, list) else [None]:
        start, end = (span.get("start"), span.get("end")) if isinstance(span, dict) else (None, None)
        if type(start) is not int or type(end) is not int or not 0 <= start < end <= len(text):
            raise BadConfig(place, "a span is none of the text", 'write {"start": 0, "end": 4}, in characters')
        found.append((start, end))
    return tuple(found)
