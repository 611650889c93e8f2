"""Figures, their budgets, and the tables that are printed and kept in docs/performance.md."""

import os
import platform
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value. `most` or `least` is its budget, if it has one."""

    name: str
    value: float
    unit: str
    most: float | None = None
    least: float | None = None

    @property
    def missed(self) -> bool:
        return (self.most is not None and self.value > self.most) or (
            self.least is not None and self.value < self.least
        )

    @property
    def budget(self) -> str:
        if self.most is not None:
            return f"<= {self.most:g}"
        return f">= {self.least:g}" if self.least is not None else ""


@dataclass(frozen=True, slots=True)
class Load:
    """One cell of the load table: the service against the empty server, medians over the rounds."""

    what: str
    connections: int
    p50_ms: tuple[float, float]
    p99_ms: tuple[float, float]
    rate: tuple[float, float]
    latency: Figure
    throughput: Figure


def machine() -> str:
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if "model name" in line
        ),
        platform.machine(),
    )
    return f"{model}, {os.cpu_count()} cores, Linux {platform.release()}, Python {platform.python_version()}"


def tables(loads: list[Load], figures: list[Figure]) -> list[str]:
    """Both tables as Markdown, which reads well as plain text too."""
    head = ["request", "connections", "p50 ms", "empty", "ratio", "p99 ms", "empty", "req/s", "empty", "ratio", ""]
    rows = [
        [
            load.what,
            str(load.connections),
            *(f"{value:.2f}" for value in (*load.p50_ms, load.latency.value, *load.p99_ms)),
            *(f"{value:.0f}" for value in load.rate),
            f"{load.throughput.value:.2f}",
            _verdict([load.latency, load.throughput]),
        ]
        for load in loads
    ]
    own = [[figure.name, f"{figure.value:.2f} {figure.unit}", figure.budget, _verdict([figure])] for figure in figures]
    return [*_table(head, rows), "", *_table(["figure", "value", "budget", ""], own)]


def _verdict(figures: list[Figure]) -> str:
    if any(figure.missed for figure in figures):
        return "MISSED"
    return "ok" if any(figure.budget for figure in figures) else ""


def _table(head: list[str], rows: list[list[str]]) -> list[str]:
    widths = [max(len(line[column]) for line in [head, *rows]) for column in range(len(head))]
    lines = [head, ["-" * width for width in widths], *rows]
    return [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |" for line in lines
    ]
