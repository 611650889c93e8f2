"""From a refusal to its trace and its record: the fields that the lists and links name are what the parts really send.

Loki and Tempo are not run here. Their languages are read by Grafana's own grammars in test_pictures.
"""

import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
from tests.dashboards.boards import BOARDS, PANELS, Choice, Panel, filled_in
from tests.dashboards.collector import Collector
from tests.dashboards.traffic import running

from firebreak.local.process import POLL_S

pytestmark = pytest.mark.contract

BY_TITLE = {str(panel): panel for panel in PANELS}
PATIENCE_S = 30.0
"""Spans are handed over in lots, every five seconds."""


@pytest.fixture(scope="module")
def collector() -> Iterator[Collector]:
    with Collector() as receiving, running(otlp=f"127.0.0.1:{receiving.port}"):
        deadline = time.monotonic() + PATIENCE_S
        while not receiving.search_spans('{ span.firebreak.rule = "block-secrets" }') and time.monotonic() < deadline:
            time.sleep(POLL_S * 10)
        yield receiving


def panel(title: str) -> Panel:
    return BY_TITLE[f"firebreak-refusals: {title}"]


def query(title: str, choice: Choice) -> str:
    (target,) = panel(title).targets
    return filled_in(target["expr"] if "expr" in target else target["query"], choice)


def columns(title: str) -> set[str]:
    (tidy,) = (each["options"] for each in panel(title).raw["transformations"] if each["id"] == "organize")
    return set(tidy["includeByName"]) - {"Time"}


def a_refusal(collector: Collector, rule: str = "block-secrets") -> dict[str, Any]:
    span: dict[str, Any] = collector.search_spans(f'{{ span.firebreak.rule = "{rule}" }}')[0]
    return span


def test_the_list_has_the_refusals_and_nothing_that_passed(collector: Collector) -> None:
    found = collector.search_lines(query("Refusals", Choice()))
    assert {line.labels["firebreak_decision"] for line in found} == {"BLOCK"}
    assert {line.labels["http_response_status_code"][0] for line in found} == {"4"}
    assert len(found) < len(collector.lines)


def test_the_list_is_of_the_rule_that_is_chosen(collector: Collector) -> None:
    found = collector.search_lines(query("Refusals", Choice(rule="block-secrets")))
    assert {line.labels["firebreak_rule"] for line in found} == {"block-secrets"}


def test_what_envoy_refused_by_itself_is_in_its_own_list(collector: Collector) -> None:
    found = collector.search_lines(query("Refused by Envoy itself", Choice()))
    assert {line.labels["firebreak_reason"] for line in found} == {"too_large"}


@pytest.mark.parametrize("title", ["Refusals", "Refused by Envoy itself", "The exchange in Envoy's log"])
def test_every_column_is_a_field_of_the_access_log(collector: Collector, title: str) -> None:
    assert columns(title) <= set(collector.lines[0].labels)


def test_a_record_leads_to_one_line_and_one_span_of_one_trace(collector: Collector) -> None:
    refusal = a_refusal(collector)
    choice = Choice(record=refusal["attributes"]["firebreak.record"])
    (line,) = collector.search_lines(query("The exchange in Envoy's log", choice))
    (span,) = collector.search_spans(query("The check's span", choice))
    assert line.labels["firebreak_trace_id"] == span["trace_id"] == refusal["trace_id"]


def test_the_span_has_what_is_selected(collector: Collector) -> None:
    selected = re.findall(r"span\.([\w.]+)", query("The check's span", Choice()).partition("select")[2])
    assert len(selected) == 4
    assert set(selected) <= set(a_refusal(collector)["attributes"])


def test_links_lead_to_dashboards_and_choices_that_exist() -> None:
    uids = {board["uid"] for board in BOARDS.values()}
    choices = {each["name"] for each in BOARDS["firebreak-refusals"]["templating"]["list"]}
    links = re.findall(r'"url": "/d/([^?]+)\?([^"]*)"', "".join(map(_text, BOARDS.values())))
    assert links
    for uid, asked in links:
        assert uid in uids
        assert set(re.findall(r"var-(\w+)=", asked)) <= choices


def _text(board: dict[str, Any]) -> str:
    return "".join(f'"url": "{link["url"]}"' for link in _links(board))


def _links(part: Any) -> Iterator[dict[str, Any]]:
    if isinstance(part, dict):
        if "url" in part and str(part["url"]).startswith("/d/"):
            yield part
        for each in part.values():
            yield from _links(each)
    elif isinstance(part, list):
        for each in part:
            yield from _links(each)
