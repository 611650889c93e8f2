"""The dashboards as they are shipped: what Grafana will read."""

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[2] / "deploy" / "grafana"
BOARDS: dict[str, dict[str, Any]] = {
    file.stem: json.loads(file.read_text(encoding="utf-8")) for file in sorted(FOLDER.glob("*.json"))
}
RANGE_S = 60
METRIC = re.compile(r"\b(?:firebreak|envoy)_\w+")
LABELS = re.compile(r"\bby \([^)]*\)|\{[^}]*\}|\"[^\"]*\"")


@dataclass(frozen=True, slots=True)
class Panel:
    board: str
    title: str
    raw: dict[str, Any] = field(repr=False)

    def __str__(self) -> str:
        return f"{self.board}: {self.title}"

    @property
    def source(self) -> str:
        """The kind of data source that it asks: prometheus, loki or tempo."""
        kind: str = self.raw["datasource"]["type"]
        return kind

    @property
    def units(self) -> list[str]:
        config = self.raw["fieldConfig"]
        overridden = [
            each["value"] for one in config["overrides"] for each in one["properties"] if each["id"] == "unit"
        ]
        return [*overridden, config["defaults"]["unit"]] if "unit" in config["defaults"] else overridden

    @property
    def targets(self) -> list[dict[str, Any]]:
        targets: list[dict[str, Any]] = self.raw["targets"]
        return targets


PANELS = tuple(
    Panel(name, raw["title"], raw) for name, board in BOARDS.items() for raw in board["panels"] if raw["type"] != "row"
)

MEASURED = tuple(panel for panel in PANELS if panel.source == "prometheus")
"""The panels that show metrics."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What is chosen at the top of a dashboard, and how far it looks back."""

    namespace: str = ".*"
    pod: str = ".*"
    rule: str = ".*"
    record: str = "none"
    range_s: int = RANGE_S
    rate_s: int = RANGE_S


def filled_in(expr: str, choice: Choice) -> str:
    """The query as Grafana sends it."""
    values = {
        "$namespace": choice.namespace,
        "$pod": choice.pod,
        "${rule}": choice.rule,
        "$rule": choice.rule,
        "$record": choice.record,
        "$__rate_interval": f"{choice.rate_s}s",
        "$__range": f"{choice.range_s}s",
    }
    for name, value in values.items():
        expr = expr.replace(name, value)
    assert "$" not in expr.replace('"$1"', ""), f"a variable that nobody fills in: {expr}"
    return expr


def metrics_in(expr: str) -> set[str]:
    """The families that a query names; a histogram's parts count as the histogram."""
    return {re.sub(r"_(bucket|count|sum)$", "", name) for name in METRIC.findall(LABELS.sub("", expr))}


def families(page: str) -> set[str]:
    """The families that a page of metrics declares, with or without a sample."""
    return {line.split()[2] for line in page.splitlines() if line.startswith("# TYPE ")}
