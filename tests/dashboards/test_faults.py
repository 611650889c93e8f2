"""What the alerts ask for is there when real parts really fail. Windows are shortened, so that minutes become seconds."""

import contextlib
import re
import resource
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from tests.dashboards.prometheus import RULES, Prometheus, scraping, tool
from tests.dashboards.traffic import Stack, running

pytestmark = pytest.mark.contract

LABELS = {"namespace": "shop", "pod": "web-1"}
WINDOW = "10s"
TRAFFIC = 'sum(increase(envoy_cluster_upstream_rq_total{envoy_cluster_name="provider_openai"}[10s])) > 5'
CHECKS = {"envoy.filters.http.ext_authz", "envoy.filters.http.rbac"}


def conditions() -> dict[str, str]:
    rules = [rule for group in yaml.safe_load(RULES.read_text(encoding="utf-8"))["groups"] for rule in group["rules"]]
    return {rule["alert"]: re.sub(r"\b\d+m\b", WINDOW, rule["expr"]) for rule in rules if "alert" in rule}


@pytest.fixture(scope="module")
def parts() -> Iterator[tuple[Stack, Prometheus]]:
    tool("prometheus")
    with contextlib.ExitStack() as entered:
        stack = entered.enter_context(running())
        yield stack, entered.enter_context(scraping(stack.folder / "prometheus", stack.targets, LABELS))


def test_a_log_that_cannot_be_written_and_can_again(parts: tuple[Stack, Prometheus]) -> None:
    stack, server = parts
    asked = conditions()
    names = ["FirebreakAuditFailing", "FirebreakChecksFailing"]
    server.wait_for(TRAFFIC)
    assert [name for name in names if server.query(asked[name])] == []
    before = resource.prlimit(stack.engine.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(stack.engine.pid, resource.RLIMIT_FSIZE, (100, before[1]))
    for name in names:
        server.wait_for(asked[name])
    resource.prlimit(stack.engine.pid, resource.RLIMIT_FSIZE, before)
    for name in names:
        server.wait_until_gone(asked[name])
    server.wait_for(TRAFFIC)


def test_a_service_that_is_gone(parts: tuple[Stack, Prometheus]) -> None:
    stack, server = parts
    asked = conditions()
    server.wait_for(TRAFFIC)
    assert server.query(asked["FirebreakServiceUnhealthy"]) == []
    stack.engine.stop()
    for name in ("FirebreakServiceUnhealthy", "FirebreakChecksFailing"):
        server.wait_for(asked[name])
    assert server.query(asked["FirebreakUncheckedRequests"]) == []


def test_an_envoy_that_somebody_took_the_check_out_of() -> None:
    tool("prometheus")

    def unlocked(structure: dict[str, Any]) -> None:
        manager = structure["static_resources"]["listeners"][0]["filter_chains"][0]["filters"][0]["typed_config"]
        manager["http_filters"] = [one for one in manager["http_filters"] if one["name"] not in CHECKS]

    asked = conditions()
    with running(unlocked) as stack, scraping(stack.folder / "prometheus", stack.targets, LABELS) as server:
        server.wait_for(TRAFFIC)
        for name in ("FirebreakNothingInspected", "FirebreakUncheckedRequests"):
            server.wait_for(asked[name])
