"""An evaluation as one HTML page: tables, curves and the worst misses. It loads nothing, runs nothing, escapes all.

Texts stay out unless they are asked for: they may hold what the detectors look for.
"""

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from firebreak.evaluation import curves, differences, table
from firebreak.evaluation.decisions import Outcome
from firebreak.evaluation.floors import Held
from firebreak.evaluation.measure import Seen
from firebreak.evaluation.tally import Tally

WORST = 20
"""Misses of each sort that are listed."""
SHOWN_CHARS = 300
"""Of a text, where texts are shown."""
_STYLE = (
    "body{font:14px/1.4 system-ui,sans-serif;margin:2em;max-width:90em}"
    "table{border-collapse:collapse;margin:1em 0}td,th{border:1px solid #ccc;padding:.2em .5em;text-align:right}"
    "td:first-child,th:first-child,.words td{text-align:left}.missed{color:#b3261e;font-weight:bold}"
)
_DIGEST = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_CSP = f"default-src 'none'; style-src 'sha256-{_DIGEST}'; base-uri 'none'; form-action 'none'"


@dataclass(frozen=True, slots=True)
class Report:
    """All that an evaluation has to tell. `notes` are sentences of it, `changes` the rows of a comparison."""

    title: str
    tallies: Sequence[Tally]
    outcomes: Sequence[Outcome]
    held: Sequence[Held]
    notes: Sequence[str] = ()
    changes: Sequence[Sequence[str]] = ()


def html(report: Report, *, with_texts: bool = False) -> str:
    parts = [
        '<!doctype html><html lang="en"><head><meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{_CSP}">',
        f"<title>{escape(report.title)}</title><style>{_STYLE}</style></head><body><h1>{escape(report.title)}</h1>",
        *(f"<p>{escape(note)}</p>" for note in report.notes),
    ]
    if report.changes:
        parts.append(f"<h2>Comparison</h2>{_table(differences.HEAD, report.changes)}")
    if report.held:
        parts.append(f"<h2>Floors</h2><ul>{''.join(map(_held, report.held))}</ul>")
    for tally in report.tallies:
        parts += _section(tally, with_texts=with_texts)
    if report.outcomes:
        parts.append("<h2>Policy</h2>")
    for kind in sorted({one.kind for one in report.outcomes}):
        lines = table.outcome_rows([one for one in report.outcomes if one.kind == kind])
        parts.append(f"<h3>{escape(kind)}</h3>{_table(table.OUTCOME_HEAD, lines)}")
    return "\n".join([*parts, "</body></html>\n"])


def _held(held: Held) -> str:
    return f'<li class="{"missed" if held.missed else "held"}">{escape(str(held))}</li>'


def _section(tally: Tally, *, with_texts: bool) -> list[str]:
    harmful = [one for one in tally.seen if one.example.harmful]
    harmless = [one for one in tally.seen if not one.example.harmful]
    scores = [[one.score for one in group] for group in (harmful, harmless)]
    return [
        f"<h2>{escape(tally.kind)}</h2>",
        _table(table.HEAD, table.rows(tally)),
        curves.roc_picture(tally.curve, tally.kind),
        curves.histogram_picture(scores[0], scores[1], tally.kind),
        "<h3>Harmless texts with the highest scores</h3>",
        _worst(sorted(harmless, key=lambda one: (-one.score, one.example.id))[:WORST], with_texts=with_texts),
        "<h3>Harmful texts with the lowest scores</h3>",
        _worst(sorted(harmful, key=lambda one: (one.score, one.example.id))[:WORST], with_texts=with_texts),
    ]


def _worst(seen: Sequence[Seen], *, with_texts: bool) -> str:
    head = ["id", "set", "score", "found", *(["text"] if with_texts else [])]
    lines = [
        [
            one.example.id,
            one.example.set,
            f"{one.score:.4f}",
            "yes" if one.found else "no",
            *([one.example.text[:SHOWN_CHARS]] if with_texts else []),
        ]
        for one in seen
    ]
    return _table(head, lines, words=True)


def _table(head: Sequence[str], lines: Sequence[Sequence[str]], *, words: bool = False) -> str:
    top = "".join(f"<th>{escape(cell)}</th>" for cell in head)
    body = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in line)}</tr>" for line in lines)
    return f"<table class={'words' if words else 'numbers'}><tr>{top}</tr>{body}</table>"
