"""`python -m tests.dashboards.pictures FOLDER` draws the dashboards with Grafana's own components, in Chromium.

The answers are those of a real Prometheus that scraped the real service and Envoy under the demo's requests; the lists of
refusals are the access log and the spans that both sent over OTLP. tests/dashboards/render has the drawing.
"""

import contextlib
import json
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from tests.dashboards.boards import BOARDS, Choice, filled_in
from tests.dashboards.collector import Collector
from tests.dashboards.injector import injecting
from tests.dashboards.prometheus import Prometheus, scraping
from tests.dashboards.traffic import policy, running

RENDER = Path(__file__).parent / "render"
PHASE_S, WARM_S = 60, 20
STEP_S = 2
HERE, THERE = {"namespace": "shop", "pod": "web-7d9f8b6c5-x2x4z"}, {"namespace": "desk", "pod": "notes-0"}
"""Two workloads, as Prometheus names their pods in a cluster."""

INJECTOR = {"namespace": "firebreak", "pod": "firebreak-injector-5d8c7b9f4-k2m8q"}


class Answers:
    """What the data sources answer to the panels' queries."""

    def __init__(self, server: Prometheus, collector: Collector, choice: Choice) -> None:
        self._server = server
        self._collector = collector
        self._choice = choice

    def of(self, panel: dict[str, Any]) -> list[dict[str, Any]]:
        ask = {"prometheus": self._metrics, "loki": self._lines, "tempo": self._spans}[panel["datasource"]["type"]]
        return [{"refId": target["refId"], **ask(target)} for target in panel["targets"]]

    def _metrics(self, target: dict[str, Any]) -> dict[str, Any]:
        expr = filled_in(target["expr"], self._choice)
        if target.get("instant"):
            form = "table" if target.get("format") == "table" else "instant"
            return {"form": form, "legend": target.get("legendFormat", ""), "series": self._server.query(expr)}
        series = self._server.query_range(expr, self._choice.range_s, STEP_S)
        return {"form": "range", "step": STEP_S, "legend": target.get("legendFormat", ""), "series": series}

    def _lines(self, target: dict[str, Any]) -> dict[str, Any]:
        found = self._collector.search_lines(filled_in(target["expr"], self._choice))[: target["maxLines"]]
        columns = [{"name": "labels", "type": "other"}, {"name": "Time", "type": "time"}]
        return {"form": "rows", "columns": columns, "rows": [[line.labels, line.time_ns / 1e6] for line in found]}

    def _spans(self, target: dict[str, Any]) -> dict[str, Any]:
        query = filled_in(target["query"], self._choice)
        selected = [name.strip() for name in query[query.index("select(") + 7 : -1].split(",")]
        names = [name.removeprefix("span.") for name in selected]
        kinds = {"Trace Service": "string", "Span ID": "string", "Start time": "time", "Name": "string"}
        kinds |= dict.fromkeys(names, "string") | {"Duration (ns)": "number"}
        rows = [
            [span["service"], span["span_id"], span["start_unix_ns"] / 1e6, span["name"]]
            + [_text(span["attributes"].get(name, "")) for name in names]
            + [span["end_unix_ns"] - span["start_unix_ns"]]
            for span in self._collector.search_spans(query)
        ]
        return {"form": "rows", "columns": [{"name": n, "type": t} for n, t in kinds.items()], "rows": rows}


def _text(value: Any) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value)


def collected(folder: Path, phase_s: int = PHASE_S) -> dict[str, Any]:
    """Each dashboard with the answers to its queries, after some minutes of traffic of two workloads."""
    text = policy()
    with contextlib.ExitStack() as parts:
        collector = parts.enter_context(Collector())
        shop = parts.enter_context(running(otlp=f"127.0.0.1:{collector.port}"))
        desk = parts.enter_context(running())
        injector = {parts.enter_context(injecting(folder / "injector")): "/metrics"}
        others = ((desk.targets, THERE), (injector, INJECTOR))
        server = parts.enter_context(scraping(folder / "prometheus", shop.targets, HERE, *others))
        time.sleep(WARM_S)
        started_s = time.time()
        time.sleep(phase_s)
        desk.write_policy(text.replace("policy:\n", "policy:\n  mode: shadow\n", 1))
        time.sleep(phase_s)
        shop.write_policy("policy: {name: broken}\nrulez: []\n")
        time.sleep(phase_s / 2)
        shop.write_policy(text)
        time.sleep(phase_s / 2)
        range_s = int(time.time() - started_s)
        (*_, span) = collector.search_spans('{ span.firebreak.rule = "block-secrets" }')
        choice = Choice(record=span["attributes"]["firebreak.record"], range_s=range_s, rate_s=15)
        return {
            name: _with_answers(board, Answers(server, collector, choice), choice) for name, board in BOARDS.items()
        }


def _with_answers(board: dict[str, Any], answers: Answers, choice: Choice) -> dict[str, Any]:
    now_ms = int(time.time() * 1000)
    sources = {"datasource": "Prometheus", "logs": "Loki", "traces": "Tempo"}
    chosen = sources | {"namespace": "All", "pod": "All", "rule": "All", "record": choice.record}
    return {
        "dashboard": board,
        "variables": {each["name"]: chosen[each["name"]] for each in board["templating"]["list"]},
        "from": now_ms - choice.range_s * 1000,
        "to": now_ms,
        "answers": {panel["id"]: answers.of(panel) for panel in board["panels"] if panel["type"] != "row"},
    }


def missing_tools() -> list[str]:
    return [name for name in ("prometheus", "node", "npm", "chromium") if shutil.which(name) is None]


def installed() -> bool:
    return (RENDER / "node_modules" / ".package-lock.json").is_file()


def build() -> None:
    """Install Grafana's components as the lock file has them, unless they are there, and make the page."""
    if not installed():
        subprocess.run(["npm", "ci", "--ignore-scripts", "--silent"], cwd=RENDER, check=True)
    subprocess.run(["npm", "run", "--silent", "build"], cwd=RENDER, check=True)


def drawn(data: dict[str, Any], folder: Path) -> dict[str, Any]:
    """A picture of each dashboard in `folder`, and what each panel shows."""
    file = folder / "data.json"
    file.write_text(json.dumps(data), encoding="utf-8")
    chromium = shutil.which("chromium") or ""
    subprocess.run(["node", str(RENDER / "shoot.mjs"), chromium, str(file), str(folder)], cwd=RENDER, check=True)
    report: dict[str, Any] = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    return report


def main() -> int:
    folder = Path(sys.argv[1])
    work = Path("build").absolute() / "pictures"
    shutil.rmtree(work, ignore_errors=True)
    for each in (folder, work):
        each.mkdir(parents=True, exist_ok=True)
    if missing := missing_tools():
        sys.stderr.write(f"not installed: {', '.join(missing)}\n")
        return 1
    build()
    report = drawn(collected(work), work)
    for picture in work.glob("*.png"):
        shutil.copy(picture, folder)
    for name, board in report.items():
        for flaw in [*board["errors"], *(panel["error"] for panel in board["panels"] if panel["error"])]:
            sys.stderr.write(f"{name}: {flaw}\n")
    return 1 if any(board["errors"] for board in report.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
