"""deploy/compose fits together: what one part names, another has. docs/compose.md says what was run for real."""

import json
import re
import shutil
import subprocess
from typing import Any

import pytest
import yaml
from tests.dashboards.boards import BOARDS
from tests.dashboards.prometheus import ROOT, tool

from firebreak import settings

FOLDER = ROOT / "deploy" / "compose"
MEANT_TO_RUN_AS_SHIPPED = {"prometheus", "collector", "tempo", "loki", "grafana"}
"""Images of others, whose own users are not root."""


def read(name: str) -> Any:
    return yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))


SERVICES: dict[str, dict[str, Any]] = read("compose.yaml")["services"]
IDS = sorted(SERVICES)


def test_compose_can_read_it() -> None:
    docker = shutil.which("docker")
    if not docker or subprocess.run([docker, "compose", "version"], capture_output=True, check=False).returncode:
        pytest.skip("docker is not installed, or without its compose plugin")
    subprocess.run([docker, "compose", "config", "--quiet"], cwd=FOLDER, check=True)


@pytest.mark.parametrize("name", IDS)
def test_every_container_is_locked_down(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in service
    assert name in MEANT_TO_RUN_AS_SHIPPED or service["user"] == "1337:1337"


@pytest.mark.parametrize("name", IDS)
def test_every_image_has_a_tag_and_can_be_given_with_a_digest(name: str) -> None:
    found = re.fullmatch(r"\$\{[A-Z]+_IMAGE:-(?:[\w./-]+):([\w.-]+)\}", SERVICES[name]["image"])
    assert found
    assert found[1] != "latest"


@pytest.mark.parametrize("name", IDS)
def test_what_is_mounted_is_there_and_ports_are_of_this_machine_only(name: str) -> None:
    service = SERVICES[name]
    for mount in service.get("volumes", []):
        source = mount.partition(":")[0]
        if source.startswith("."):
            assert (FOLDER / source).exists(), mount
            assert mount.endswith(":ro")
        else:
            assert source in read("compose.yaml")["volumes"]
    assert all(port.startswith("127.0.0.1:") for port in service.get("ports", []))


def test_the_options_are_the_services_own_and_the_same_for_both() -> None:
    options = SERVICES["engine"]["environment"]
    assert SERVICES["envoy-config"]["environment"] == options
    loaded = settings.load(options)
    assert (ROOT / "policies" / loaded.policy_file).is_file()
    assert {provider.host for provider in loaded.providers} <= set(SERVICES)
    assert loaded.otlp_endpoint.partition(":")[0] in SERVICES


def test_prometheus_can_read_its_configuration() -> None:
    config = read("prometheus.yaml")
    targets = [
        target for job in config["scrape_configs"] for each in job["static_configs"] for target in each["targets"]
    ]
    options = SERVICES["engine"]["environment"]
    ports = {name: options[option].rpartition(":")[2] for name, option in PAGES.items()}
    assert dict(target.split(":") for target in targets) == ports
    command = [tool("promtool"), "check", "config", "--syntax-only", str(FOLDER / "prometheus.yaml")]
    subprocess.run(command, capture_output=True, check=True)


PAGES = {"engine": "FIREBREAK_HTTP_LISTEN", "envoy": "FIREBREAK_ENVOY_STATUS_LISTEN"}


def test_grafana_has_a_source_for_every_kind_that_a_dashboard_asks() -> None:
    sources = {source["type"]: source for source in read("grafana/datasources.yaml")["datasources"]}
    asked = {
        panel["datasource"]["type"] for board in BOARDS.values() for panel in board["panels"] if "targets" in panel
    }
    assert set(sources) == asked
    for source in sources.values():
        assert source["url"].removeprefix("http://").partition(":")[0] in SERVICES
    home = SERVICES["grafana"]["environment"]["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"]
    assert home.rpartition("/")[2].removesuffix(".json") in BOARDS


def test_the_collector_hands_on_to_services_that_exist() -> None:
    config = read("collector.yaml")
    endpoints = [exporter["endpoint"] for exporter in config["exporters"].values()]
    hosts = {re.sub(r"^http://", "", endpoint).partition(":")[0] for endpoint in endpoints}
    assert hosts == {"tempo", "loki"}
    used = {part for pipeline in config["service"]["pipelines"].values() for part in pipeline["exporters"]}
    assert used == set(config["exporters"])


def test_the_configuration_for_envoy_is_made_from_these_options() -> None:
    made = settings.load(SERVICES["envoy-config"]["environment"]).envoy_options()
    assert (made.listen_port, made.status_port) == (15080, 15082)
    assert "15080" in json.dumps(SERVICES["envoy"]["ports"])
