"""The alerts fire when they should, keep quiet when they should, and say what to do."""

import re
import subprocess
from collections import Counter
from typing import Any

import pytest
import yaml
from tests.dashboards.prometheus import ROOT, RULES, tool

CASES = RULES.with_name("firebreak.rules.test.yaml")
RUNBOOKS = ROOT / "docs" / "runbooks.md"
BASE = "https://github.com/firebreak/firebreak/blob/main/docs/runbooks.md#"
ALERTS: list[dict[str, Any]] = [
    rule
    for group in yaml.safe_load(RULES.read_text(encoding="utf-8"))["groups"]
    for rule in group["rules"]
    if "alert" in rule
]


def promtool(*arguments: str) -> str:
    done = subprocess.run([tool("promtool"), *arguments], capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_prometheus_can_read_the_rules() -> None:
    assert "SUCCESS" in promtool("check", "rules", str(RULES))


def test_every_case_ends_as_it_says() -> None:
    assert "SUCCESS" in promtool("test", "rules", str(CASES))


def test_every_alert_has_a_case_that_fires_and_one_that_does_not() -> None:
    fires, quiet = Counter[str](), Counter[str]()
    for case in yaml.safe_load(CASES.read_text(encoding="utf-8"))["tests"]:
        for expected in case["alert_rule_test"]:
            (fires if expected["exp_alerts"] else quiet)[expected["alertname"]] += 1
    names = {alert["alert"] for alert in ALERTS}
    assert set(fires) == names
    assert set(quiet) == names


@pytest.mark.parametrize("alert", ALERTS, ids=[alert["alert"] for alert in ALERTS])
def test_an_alert_says_how_bad_it_is_what_it_is_and_where_to_read_on(alert: dict[str, Any]) -> None:
    assert alert["labels"]["severity"] in {"critical", "warning"}
    assert set(alert["annotations"]) == {"summary", "description", "runbook_url"}
    assert alert["annotations"]["runbook_url"] == BASE + alert["alert"].lower()


def test_every_alert_has_its_runbook_and_every_runbook_its_alert() -> None:
    text = RUNBOOKS.read_text(encoding="utf-8")
    sections = dict(re.findall(r"^## (Firebreak\w+)\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL))
    assert list(sections) == [alert["alert"] for alert in ALERTS]
    for section in sections.values():
        for part in ("**Means.**", "**Look.**", "**Do.**"):
            assert part in section
