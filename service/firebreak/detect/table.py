"""Tables: what stands in a cell, read behind the name of its column.

`ssn` in the first line of a CSV tells what the third cell of each line is. The rules want the name before the value,
so a table is read once more with each cell as `name: value` on a line of its own. Known are lines of cells that
commas, semicolons, tabs or bars set apart (CSV, RFC 4180; tables as Markdown and databases print them), tables of HTML,
and arrays in a JSON array. A value has four characters and more and a name forty at most, so the reading is at most
ten times as long as the text.
"""

import re
from collections.abc import Iterator, Sequence
from functools import partial, reduce
from itertools import accumulate

from firebreak.model.possessive import possessive
from firebreak.text.offsets import Edit, Offsets

_SIGNS = "|\t,;"
_NAME = "[ \"'`*]*+[A-Za-z\u00c0-\u024f][\\w .#/()-]{0,39}+[\"'`*]*+ *+"
_HEADER = {sign: re.compile(possessive(rf"[ |]*+({_NAME}(?:{re.escape(sign)}{_NAME})++)\|?[ \r]*+")) for sign in _SIGNS}
_RULE = re.compile(r"[-=+:| \t\r]+")
"""A line that is drawn between others."""
_HELD = r'( *+(?:"(?:[^"\n]|"")*+"|[^SIGN\n]*+) *+)(?=[SIGN]|$)'
_QUOTED = {sign: re.compile(possessive(f"(?:^|(?<=[{sign}])){_HELD.replace('SIGN', sign)}")) for sign in _SIGNS}
_VALUE = re.compile(r"(?=(?:[^\d\n]*\d){4})[^\n]{4,80}|(?=\S*\d)(?=\S*[A-Za-z])\S{6,400}")
"""What may be a number, a date or a key; words are none, and most tables are of words."""
_DRAWN = ("-", "+", "=")
_DIGIT = re.compile(r"\d")
_AROUND = " \"'`*\r"

_NO_SIGNS = bytes(code for code in range(256) if chr(code) not in f"{_SIGNS}\n")

_AS_WIDE = (
    *(("\\r\\n", "   \n"), ("\\n", " \n"), ("\\t", " \t"), ('\\"', ' "')),
    *(('": "', '"\n "'), ('":"', '"\n"')),
)
"""Escapes of a table that is a value of JSON, with something as long in their place; and a line of its own for it."""

_OPENS = r"<t[hd]\b[^<>]{0,200}>"
_BETWEEN_CELLS = re.compile(rf"</t[hd]>\s{{0,64}}{_OPENS}")
_BETWEEN_ROWS = re.compile(
    rf"(?:</t[hd]>\s{{0,64}}</tr>\s{{0,64}})?(?:</?t(?:head|body)\b[^<>]{{0,200}}>\s{{0,64}}){{0,2}}"
    rf"<tr\b[^<>]{{0,200}}>\s{{0,64}}{_OPENS}"
)
_BETWEEN_ARRAYS = re.compile(
    r"\]\s{0,64},\s{0,64}(?:\"\w{1,24}\"\s{0,8}:\s{0,8}\[\s{0,64})?\[|[:,\[{]\s{0,8}\[(?:\s{0,64}\[)?"
)
"""Between the arrays of an array, or of two: the names of the columns often stand in one of their own."""

Cell = tuple[int, str]


def in_cells(text: str) -> tuple[str, Offsets] | None:
    """The values of all tables behind their names, and the map back to the text; None where there is no table."""
    text = _as_lines(text)
    if "\n" not in text or not _DIGIT.search(text):
        return None
    pieces: list[str] = []
    edits: list[Edit] = []
    end = 0
    for lo, hi, name in _values(text):
        label = f"\n{name}: "
        pieces += (label, text[lo:hi])
        edits.append((end, lo, len(label), 0))
        end = hi
    if not pieces:
        return None
    return "".join(pieces), Offsets(len(text), lambda: [*edits, (end, len(text), 0, 0)])


def _as_lines(text: str) -> str:
    """The text, as long, with tables of HTML and JSON as lines of cells. Single signs are quick to look for."""
    if "\\" in text and "\\n" in text:
        text = reduce(lambda said, pair: said.replace(*pair), _AS_WIDE, text)
    if "<" in text and "</t" in text:
        text = _BETWEEN_CELLS.sub(partial(_instead, "|"), _BETWEEN_ROWS.sub(partial(_instead, "\n"), text))
    if "[" in text and ("],[" in text or "], [" in text):
        text = _BETWEEN_ARRAYS.sub(partial(_instead, "\n"), text)
    return text


def _instead(sign: str, found: re.Match[str]) -> str:
    return sign.ljust(len(found[0]))


def _values(text: str) -> Iterator[tuple[int, int, str]]:
    """Where each value of a table stands, with the name of its column, in order."""
    signs = text.encode("ascii", "replace").translate(None, _NO_SIGNS).split(b"\n")
    tops = [row for row, own in enumerate(signs[:-1]) if own and not own.strip(own[:1])]
    lines = text.split("\n") if tops else []
    start = row = 0
    for top in tops:
        if top < row or not _goes_on(signs[top], signs[top + 1], lines[top + 1]):
            continue
        sign = chr(signs[top][0])
        header = _HEADER[sign].fullmatch(lines[top])
        if header:
            names = [name.strip(_AROUND) for name in header[1].split(sign)]
            start += sum(map(len, lines[row:top])) + top - row
            row = top
            while row < len(lines) and (row == top or _is_row(signs[row], sign, len(names), lines[row])):
                if row > top and _DIGIT.search(lines[row]):
                    yield from ((start + lo, start + hi, name) for lo, hi, name in _told(lines[row], sign, names))
                start += len(lines[row]) + 1
                row += 1


def _goes_on(signs: bytes, below: bytes, line: str) -> bool:
    """Whether a line of as many cells follows, one that is drawn, or one that may have more signs in quotes."""
    return below.count(signs[:1]) == len(signs) or line[:1] in _DRAWN or '"' in line


def _is_row(signs: bytes, sign: str, columns: int, line: str) -> bool:
    return signs.count(sign.encode()) >= columns - 1 or bool(_RULE.fullmatch(line))


def _told(line: str, sign: str, names: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """Places in the line of those cells that may hold a value, where there are as many cells as names."""
    cells = _cells(line, sign)
    if len(cells) == len(names):
        for name, (lo, held) in zip(names, cells, strict=True):
            value = held.strip(_AROUND)
            if _VALUE.fullmatch(value):
                at = lo + held.index(value)
                yield at, at + len(value), name


def _cells(line: str, sign: str) -> list[Cell]:
    """Where the cells of a line begin, and what they hold."""
    at, end = 0, len(line)
    if sign == "|" and line.lstrip()[:1] == "|":  # bars at both ends, as in Markdown
        at, end = line.index("|") + 1, len(line.rstrip().removesuffix("|"))
    if '"' in line:
        return [(found.start(1), found[1]) for found in _QUOTED[sign].finditer(line, at, end)]
    held = line[at:end].split(sign)
    starts = accumulate((len(cell) + 1 for cell in held), initial=at)
    return list(zip(starts, held, strict=False))
