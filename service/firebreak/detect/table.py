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

from firebreak.detect.engine import Pattern
from firebreak.model.possessive import possessive
from firebreak.text.offsets import Edit, Offsets

_SIGNS = "|\t,;"
_NAME = "[ \"'`*]*+[^\\W\\d_][\\w .#/()'\u2019-]{0,39}+[\"'`*]*+ *+"
_HEADER = {sign: re.compile(possessive(rf"[ |]*+({_NAME}(?:{re.escape(sign)}{_NAME})++)\|?[ \r]*+")) for sign in _SIGNS}
_MAY_NAME = f"[ \"'`*]*[^\\d\\s\"'`*{_SIGNS}][^\\n{_SIGNS}]*"
_MAY_TELL = "|".join((r"(?:\d[^\d\nS]*){3}\d", *(rf"[^\sS]{{{at}}}\d[^\sS]{{{5 - at}}}" for at in range(6))))
_LIKELY = Pattern(
    "|".join(
        (
            rf"(?:^|\n)[ |]*{_MAY_NAME}(?:[S]{_MAY_NAME})+\|?[ \r]*\n"
            r"(?:[^\n]*[S][^\n]*\n|[-=+:| \t\r]*\n)*"
            rf"[^\n]*(?:[S][^\nS]*(?:{_MAY_TELL})|(?:{_MAY_TELL})[^\nS]*[S])"
        ).replace("S", sign)
        for sign in _SIGNS
    )
)
"""From a line that may be a header to what may be a value. Most texts hold none, which re2 sees in some ten us."""
_RULE = re.compile(r"[-=+:| \t\r]+")
"""A line that is drawn between others."""
_HELD = r'( *+(?:"(?:[^"\n]|"")*+"|[^SIGN\n]*+) *+)(?=[SIGN]|$)'
_QUOTED = {sign: re.compile(possessive(f"(?:^|(?<=[{sign}])){_HELD.replace('SIGN', sign)}")) for sign in _SIGNS}
_VALUE = re.compile(r"(?=(?:[^\d\n]*\d){4})[^\n]{4,80}|(?=\S*\d)(?=\S*[A-Za-z])\S{6,400}")
"""What may be a number, a date or a key; words are none, and most tables are of words."""
_AROUND = " \"'`*\r"
_TELLING = Pattern(
    r"aadha|adhar|address|adres|ahv|amka|asmens|ausweis|auth|birth|born|bsn|btw|burger|account|card|cell|cidad|cnic|cnp|contrase"
    r"|contrib|cookie|cpf|credential|c[eé]dula|direcc|dni|driv|egn|emšo|fax|fnr|führer|fødsel|geb|handy|iban|id.?n|identi"
    r"|insur|isik|jmbg|kennit|kennwort|key|kimlik|kvnr|licen|maestro|medic|mobil|mot.de.passe|my.number|n[ée]e|nhs|nino|oib"
    r"|pass|permanent|personas|pesel|phone|pps|psk|pwd|rijks|routing|rvnr|secret|senha|social|sozial|ssn|steuer|svnr|taj|tax"
    r"|tckn|telefon|teudat|tfn|token|tva|ust|vat|versicher|wallet|whatsapp|wif|егн|инн|пароль|рнокпп|マイナンバー|密码|密碼"
    r"|(?:\b|_)(?:aba|cc|cpr|dd|dob|ird|nif|pan|pin|rut|sin|tel)(?:\b|_|(?-i:[A-Z]))|(?-i:[a-z](?:Aba|Cc|Cpr|Dob|Ird|Nif|Pan|Rut|Sin|Tel))",
    ignore_case=True,
)
"""What is in the names that the rules know, in any language: `test_table.py` holds it against their examples."""

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
    if "\\" in text and "\\n" in text and '":' in text:
        text = reduce(lambda said, pair: said.replace(*pair), _AS_WIDE, text)
    if "<" in text and "</t" in text:
        text = _BETWEEN_CELLS.sub(partial(_instead, "|"), _BETWEEN_ROWS.sub(partial(_instead, "\n"), text))
    if "[" in text and "[[" in text:
        text = _BETWEEN_ARRAYS.sub(partial(_instead, "\n"), text)
    return text


def _instead(sign: str, found: re.Match[str]) -> str:
    return sign.ljust(len(found[0]))


def _values(text: str) -> Iterator[tuple[int, int, str]]:
    """Where each value of a table stands, with the name of its column, in order."""
    data = text.encode("utf-8", "replace")
    at = end = passed = 0
    for first, last in _LIKELY.spans(data):
        if next(_TELLING.spans(data[first:last]), None) is None:
            continue
        at = max(at, end + len(data[passed:first].decode()))
        end += len(data[passed:last].decode())
        passed = last
        while at < end:
            line, below = _line(text, at)
            sign, names = _header(line)
            found, at = _rows(text, below, sign, names) if names else ([], below)
            yield from found


def _line(text: str, at: int) -> tuple[str, int]:
    """The line from here on, and where the next one begins."""
    end = text.find("\n", at)
    return (text[at:], len(text) + 1) if end < 0 else (text[at:end], end + 1)


def _header(line: str) -> tuple[str, list[str]]:
    """The sign between the names of a table's columns and these names; none where no header tells anything."""
    for sign in _SIGNS:
        header = _HEADER[sign].fullmatch(line) if sign in line else None
        if header and _TELLING.found(line):
            return sign, [name.strip(_AROUND) for name in header[1].split(sign)]
    return "", []


def _rows(text: str, top: int, sign: str, names: Sequence[str]) -> tuple[list[tuple[int, int, str]], int]:
    """The values in the rows from `top` on, and where the table ends: at `top` where the first row is no row of it."""
    found: list[tuple[int, int, str]] = []
    at, rows = top, 0
    while at < len(text):
        line, below = _line(text, at)
        if not _RULE.fullmatch(line):
            if sign not in line:
                break
            cells = _cells(line, sign)
            if len(cells) == len(names):
                found += ((at + lo, at + hi, name) for lo, hi, name in _told(cells, names))
            elif not rows:
                return [], top
            rows += 1
        at = below
    return found, at


def _told(cells: Sequence[Cell], names: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """Places in the line of those cells that may hold a value."""
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
