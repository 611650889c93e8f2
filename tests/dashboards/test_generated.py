"""What is shipped is what the code makes, and it is complete."""

import importlib

import pytest
import yaml
from deploy.prometheus.__main__ import OBJECT, prometheus_rule
from tests.dashboards.boards import BOARDS, FOLDER, PANELS, Panel
from tests.dashboards.prometheus import RULES


def test_the_dashboards_are_current() -> None:
    pytest.importorskip("grafana_foundation_sdk", reason="grafana-foundation-sdk is not installed")
    made: dict[str, str] = importlib.import_module("deploy.grafana.__main__").dashboards()
    assert {file.name: file.read_text(encoding="utf-8") for file in FOLDER.glob("*.json")} == made


def test_the_operators_object_is_current_and_holds_the_same_groups() -> None:
    text = OBJECT.read_text(encoding="utf-8")
    assert text == prometheus_rule()
    assert yaml.safe_load(text)["spec"] == yaml.safe_load(RULES.read_text(encoding="utf-8"))


@pytest.mark.parametrize("panel", PANELS, ids=str)
def test_a_panel_says_what_it_shows_and_in_what(panel: Panel) -> None:
    assert panel.title
    assert panel.units
    description = panel.raw["description"]
    assert description.endswith(".")
    assert "\n" not in description


def test_names_are_unique() -> None:
    for board in BOARDS.values():
        ids = [panel["id"] for panel in board["panels"]]
        titles = [panel["title"] for panel in board["panels"] if panel["type"] != "row"]
        assert len(set(ids)) == len(ids)
        assert len(set(titles)) == len(titles)
    assert len({board["uid"] for board in BOARDS.values()}) == len(BOARDS)
