"""Every panel's query, against a real Prometheus that scrapes the real service and the real Envoy under traffic."""

import contextlib
import math
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import yaml
from tests.dashboards.boards import BOARDS, MEASURED, RANGE_S, Choice, Panel, families, filled_in, metrics_in
from tests.dashboards.injector import injecting
from tests.dashboards.prometheus import RULES, Prometheus, get, scraping, tool
from tests.dashboards.traffic import policy, running

from firebreak.local.process import POLL_S

pytestmark = pytest.mark.contract

LABELS = {"namespace": "shop", "pod": "web-1"}
RIGHTLY_EMPTY = {
    "Bugs": "there was none",
    "Detectors that could not answer": "all of them answered",
}
PATIENCE_S = 20.0
"""Envoy hands over its histograms every five seconds."""

MACHINE = {"FirebreakAuditSlow", "FirebreakLatencyBudgetBurn", "FirebreakLatencyBudgetBurnSlow"}
"""Alerts whose state depends on how busy the machine is."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What was sent has been scraped, by a Prometheus that adds labels and by one that adds none."""

    targets: dict[str, str]
    labelled: Prometheus
    bare: Prometheus


@pytest.fixture(scope="module")
def seen() -> Iterator[Seen]:
    """Traffic under the policy, under the same one in shadow mode, and after a policy that was refused."""
    tool("prometheus")
    text = policy()
    with contextlib.ExitStack() as parts:
        stack = parts.enter_context(running())
        injector = parts.enter_context(injecting(stack.folder / "injector"))
        targets = stack.targets | {injector: "/metrics"}
        labelled = parts.enter_context(scraping(stack.folder / "labelled", targets, LABELS))
        bare = parts.enter_context(scraping(stack.folder / "bare", targets, {}))
        everywhere = (labelled, bare)
        for server in everywhere:
            server.wait_for('sum(increase(firebreak_decisions_total{decision="BLOCK", mode="enforce"}[1m])) > 10')
        stack.write_policy(text.replace("policy:\n", "policy:\n  mode: shadow\n", 1))
        for server in everywhere:
            server.wait_for('sum(increase(firebreak_decisions_total{decision="BLOCK", mode="shadow"}[1m])) > 10')
        stack.write_policy("policy: {name: broken}\nrulez: []\n")
        for server in everywhere:
            server.wait_for('firebreak_policy_reload_total{result="refused"}')
        yield Seen(targets, *everywhere)


def ask(server: Prometheus, target: dict[str, Any], namespace: str, pod: str) -> list[dict[str, Any]]:
    """The target's series that have a number, as Grafana would draw them."""
    expr = filled_in(target["expr"], Choice(namespace, pod))
    series = server.query(expr) if target.get("instant") else server.query_range(expr, RANGE_S)
    return [one for one in series if any(math.isfinite(float(v)) for _, v in one.get("values", [one.get("value")]))]


def wait_for_data(server: Prometheus, target: dict[str, Any], namespace: str, pod: str) -> list[dict[str, Any]]:
    deadline = time.monotonic() + PATIENCE_S
    while not (series := ask(server, target, namespace, pod)) and time.monotonic() < deadline:
        time.sleep(POLL_S * 10)
    return series


def check(panel: Panel, server: Prometheus, namespace: str, pod: str) -> None:
    for target in panel.targets:
        if panel.title in RIGHTLY_EMPTY:
            assert ask(server, target, namespace, pod) == []
            continue
        series = wait_for_data(server, target, namespace, pod)
        assert series, f"no data: {target['expr']}"
        named = set(re.findall(r"\{\{(\w+)\}\}", target.get("legendFormat", ""))) - {*LABELS, "workload"}
        assert not named or any(named <= set(one["metric"]) for one in series), f"no label for {named}"


@pytest.mark.parametrize("panel", MEASURED, ids=str)
def test_it_shows_data_for_the_namespace_and_pod_that_are_chosen(seen: Seen, panel: Panel) -> None:
    check(panel, seen.labelled, LABELS["namespace"], f"({LABELS['pod']}|another)")


@pytest.mark.parametrize("panel", MEASURED, ids=str)
def test_it_shows_data_where_targets_have_no_namespace_and_no_pod(seen: Seen, panel: Panel) -> None:
    check(panel, seen.bare, ".*", ".*")


def test_a_workload_is_the_name_of_its_pods_without_their_ends(seen: Seen) -> None:
    (panel,) = (each for each in MEASURED if each.title == "Refusals by workload")
    (series,) = wait_for_data(seen.labelled, panel.targets[0], ".*", ".*")
    assert series["metric"] == {"namespace": "shop", "workload": "web"}


@pytest.mark.parametrize("panel", [each for each in MEASURED if "or vector(0)" not in str(each.raw)], ids=str)
def test_it_shows_nothing_of_other_namespaces(seen: Seen, panel: Panel) -> None:
    for target in panel.targets:
        assert ask(seen.labelled, target, "elsewhere", ".*") == []


@pytest.mark.parametrize("board", BOARDS.values(), ids=BOARDS)
def test_the_choices_at_the_top_have_values(seen: Seen, board: dict[str, Any]) -> None:
    for variable in board["templating"]["list"]:
        if variable["type"] != "query":
            continue
        ((metric, label),) = re.findall(r"^label_values\((.+), (\w+)\)$", variable["query"])
        values = seen.labelled.label_values(label, metric.replace("$namespace", ".*"))
        assert "block-surveillance" in values if label == "rule" else values == [LABELS[label]]


def test_every_metric_that_a_panel_or_a_rule_names_is_exported(seen: Seen) -> None:
    exported = {family for target, page in seen.targets.items() for family in families(get(f"http://{target}{page}"))}
    rules = [rule for group in yaml.safe_load(RULES.read_text(encoding="utf-8"))["groups"] for rule in group["rules"]]
    exprs = [rule["expr"] for rule in rules] + [target["expr"] for panel in MEASURED for target in panel.targets]
    assert {name for expr in exprs for name in metrics_in(expr)} - exported == set()


@pytest.mark.parametrize("which", ["labelled", "bare"])
def test_the_rules_run_and_only_what_was_refused_raises_an_alert(seen: Seen, which: str) -> None:
    server: Prometheus = getattr(seen, which)
    expected = {"FirebreakPolicyReloadRefused", "FirebreakPodsRefused"}
    for name in expected:
        server.wait_for(f'ALERTS{{alertname="{name}", alertstate="firing"}}')
    rules = server.rules()
    assert {rule["name"]: rule.get("lastError", "") for rule in rules if rule["health"] != "ok"} == {}
    raised = {rule["name"] for rule in rules if rule["type"] == "alerting" and rule["state"] != "inactive"}
    assert raised - MACHINE == expected
    assert server.query("firebreak:refused:ratio_rate10m > 0")
    assert server.query("firebreak:slow_checks:ratio_rate5m >= 0")
