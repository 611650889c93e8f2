"""A real Prometheus that scrapes what a test names, and the few questions that tests ask it."""

import contextlib
import json
import shutil
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from firebreak.local.process import POLL_S, Child
from firebreak.local.stack import free_port

ROOT = Path(__file__).parents[2]
RULES = ROOT / "deploy" / "prometheus" / "firebreak.rules.yaml"
START_S = 30.0
SCRAPE_S = 1

_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def tool(name: str) -> str:
    """The program's path; the test is skipped where it is not installed."""
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed (Debian: apt install prometheus)")
    return found


def get(url: str) -> str:
    with _direct.open(url, timeout=10) as answer:
        text: str = answer.read().decode()
    return text


@dataclass(frozen=True, slots=True)
class Prometheus:
    port: int

    def query(self, expr: str) -> list[dict[str, Any]]:
        """The series of an instant query. Raises `AssertionError`, with Prometheus' words, where it is not valid."""
        result: list[dict[str, Any]] = self._api("query", query=expr)["result"]
        return result

    def query_range(self, expr: str, seconds: int, step_s: int = SCRAPE_S) -> list[dict[str, Any]]:
        now = int(time.time()) // step_s * step_s
        answer = self._api("query_range", query=expr, start=now - seconds, end=now, step=step_s)
        result: list[dict[str, Any]] = answer["result"]
        return result

    def label_values(self, label: str, metric: str) -> list[str]:
        values: list[str] = self._api(f"label/{label}/values", **{"match[]": metric})
        return values

    def rules(self) -> list[dict[str, Any]]:
        return [rule for group in self._api("rules")["groups"] for rule in group["rules"]]

    def ready(self) -> bool:
        try:
            return "Ready" in get(f"http://127.0.0.1:{self.port}/-/ready")
        except OSError:
            return False

    def wait_for(self, expr: str, timeout_s: float = 40.0) -> None:
        deadline = time.monotonic() + timeout_s
        while not self.query(expr):
            assert time.monotonic() < deadline, f"Prometheus never had: {expr}"
            time.sleep(POLL_S * 10)

    def wait_until_gone(self, expr: str, timeout_s: float = 40.0) -> None:
        deadline = time.monotonic() + timeout_s
        while self.query(expr):
            assert time.monotonic() < deadline, f"Prometheus still has: {expr}"
            time.sleep(POLL_S * 10)

    def _api(self, path: str, **asked: object) -> Any:
        try:
            return json.loads(get(f"http://127.0.0.1:{self.port}/api/v1/{path}?{urllib.parse.urlencode(asked)}"))[
                "data"
            ]
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{asked}: {json.loads(error.read())['error']}") from None


@contextlib.contextmanager
def scraping(
    folder: Path, targets: Mapping[str, str], labels: Mapping[str, str], *more: tuple[Mapping[str, str], dict[str, str]]
) -> Iterator[Prometheus]:
    """`targets` maps `host:port` to the page of metrics. Every target gets the labels, as from kubernetes_sd.

    `more` is further targets, each with labels of its own.
    """
    folder.mkdir()
    listed = [
        (target, page, dict(given)) for each, given in ((targets, labels), *more) for target, page in each.items()
    ]
    scrapes = [
        {
            "job_name": f"target-{number}",
            "metrics_path": page,
            "static_configs": [{"targets": [target], "labels": given}],
        }
        for number, (target, page, given) in enumerate(listed)
    ]
    every = {"scrape_interval": f"{SCRAPE_S}s", "scrape_timeout": f"{SCRAPE_S}s", "evaluation_interval": f"{SCRAPE_S}s"}
    config = {"global": every, "rule_files": [str(RULES)], "scrape_configs": scrapes}
    (folder / "prometheus.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")
    port = free_port()
    command = [tool("prometheus"), f"--config.file={folder / 'prometheus.yaml'}", "--log.level=warn"]
    command += [f"--storage.tsdb.path={folder / 'data'}", f"--web.listen-address=127.0.0.1:{port}"]
    child = Child("prometheus", command, folder)
    try:
        server = Prometheus(port)
        child.wait_until(server.ready, START_S)
        yield server
    finally:
        child.stop()
