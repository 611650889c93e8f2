"""Every panel is drawn by Grafana's own components, without an error and with something to see in it."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from tests.dashboards import pictures
from tests.dashboards.boards import PANELS, Choice, Panel, filled_in
from tests.dashboards.test_panels import RIGHTLY_EMPTY

pytestmark = pytest.mark.contract

PHASE_S = 8


@pytest.fixture(scope="module")
def built() -> None:
    if missing := pictures.missing_tools():
        pytest.skip(f"not installed: {', '.join(missing)} (docs/dashboards.md says where from)")
    if not pictures.installed():
        pytest.skip("Grafana's components are not installed: make pictures does it")
    pictures.build()


@pytest.fixture(scope="module")
def seen(built: None, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("pictures")
    return pictures.drawn(pictures.collected(folder, PHASE_S), folder)


def shown(seen: dict[str, Any], panel: Panel) -> dict[str, Any]:
    (found,) = (each for each in seen[panel.board]["panels"] if each["title"] == panel.title)
    return dict(found)


def test_nothing_on_the_pages_fails(seen: dict[str, Any]) -> None:
    assert {name: board["errors"] for name, board in seen.items() if board["errors"]} == {}


@pytest.mark.parametrize("panel", PANELS, ids=str)
def test_the_panel_is_drawn(seen: dict[str, Any], panel: Panel) -> None:
    drawn = shown(seen, panel)
    assert drawn["error"] == ""
    if panel.title in RIGHTLY_EMPTY:
        assert drawn["text"].endswith("none")
    elif panel.raw["type"] == "timeseries":
        assert drawn["canvases"] == 1
    elif panel.raw["type"] == "table":
        assert drawn["rows"] > 1, "a head and no row"
    else:
        assert any(sign.isdigit() for sign in drawn["text"])


def test_links_are_filled_in_by_grafanas_own_code(seen: dict[str, Any]) -> None:
    listed = next(each for each in PANELS if each.title == "Refusals")
    record, trace = (link["href"] for link in shown(seen, listed)["links"])
    assert record.startswith("/d/firebreak-refusals?from=")
    assert len(record.rpartition("var-record=")[2]) == 32
    pane = json.loads(trace.partition("panes=")[2])["trace"]
    assert len(pane["queries"][0]["query"]) == 32
    assert all("$" not in link["href"] for panel in PANELS for link in shown(seen, panel)["links"])


def test_grafanas_grammars_can_read_the_queries_to_loki_and_tempo(built: None, tmp_path: Path) -> None:
    texts = [
        {"source": panel.source, "query": filled_in(target["expr"] if "expr" in target else target["query"], Choice())}
        for panel in PANELS
        for target in panel.targets
        if panel.source != "prometheus"
    ]
    assert {each["source"] for each in texts} == {"loki", "tempo"}
    assert unreadable(texts, tmp_path) == ""
    assert unreadable([{"source": "loki", "query": '{a="b"} | ='}], tmp_path) != ""


def unreadable(texts: list[dict[str, str]], folder: Path) -> str:
    file = folder / "queries.json"
    file.write_text(json.dumps(texts), encoding="utf-8")
    command = ["node", str(pictures.RENDER / "queries.mjs"), str(file)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout
