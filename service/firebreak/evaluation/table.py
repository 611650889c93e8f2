"""Tallies and outcomes as rows of words, and these as a table for a terminal."""

import math
from collections.abc import Sequence

from firebreak.evaluation.decisions import Outcome
from firebreak.evaluation.figures import Rate
from firebreak.evaluation.tally import Row, Tally

HEAD = (
    "set",
    "harmful",
    "harmless",
    "recall (95 %)",
    "FPR (95 %)",
    "accuracy",
    "AUC",
    "at 1 % FPR",
    "at 0.1 % FPR",
    "p50 ms",
    "p99 ms",
    "ms/KB",
)
"""`at 1 % FPR`: the share of harmful and of harmless texts over the score that 1 % of all harmless ones exceed."""
OUTCOME_HEAD = ("set", "to refuse", "to pass", "false ALLOW (95 %)", "false BLOCK (95 %)", "intent right", "unknown")


def rows(tally: Tally) -> list[list[str]]:
    return [_row(row) for row in tally.rows]


def _row(row: Row) -> list[str]:
    return [
        row.name,
        str(row.recall.n or ""),
        str(row.fpr.n or ""),
        bounded(row.recall),
        bounded(row.fpr),
        number(row.accuracy.value),
        number(row.auc),
        *(" / ".join(number(one.value) for one in row.over[share] if one.n) for share in ("1", "01")),
        number(row.p50_ms),
        number(row.p99_ms),
        number(row.ms_per_kb),
    ]


def outcome_rows(outcomes: Sequence[Outcome]) -> list[list[str]]:
    return [
        [
            one.name,
            str(one.false_allow.n or ""),
            str(one.false_block.n or ""),
            bounded(one.false_allow),
            bounded(one.false_block),
            number(one.right.value),
            number(one.unknown.value),
        ]
        for one in outcomes
    ]


def bounded(rate: Rate) -> str:
    """A rate and its bounds; nothing where nothing was counted."""
    if not rate.n:
        return ""
    low, high = rate.bounds
    return f"{rate.value:.3f} ({low:.3f}-{high:.3f})"


def number(value: float) -> str:
    return "" if math.isnan(value) else f"{value:.3f}"


def text(head: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    """The first column to the left, the others to the right."""
    widths = [max(len(line[column]) for line in [head, *lines]) for column in range(len(head))]

    def joined(line: Sequence[str]) -> str:
        cells = [
            line[0].ljust(widths[0]),
            *(cell.rjust(width) for cell, width in zip(line[1:], widths[1:], strict=True)),
        ]
        return "  ".join(cells).rstrip()

    return "\n".join([joined(head), joined(["-" * width for width in widths]), *map(joined, lines)])
