"""What Envoy says of itself to the outside: ready or not, and its counters, and not one thing more."""

import time

import pytest
from tests.contract.conftest import StartEnvoy
from tests.contract.stub_engine import StubEngine
from tests.contract.wire import Answer, post

from firebreak.local.stack import free_port


def get(port: int, path: str, method: str = "GET") -> Answer:
    return post(port, path, b"", method=method)


def becomes(port: int, status: int) -> bool:
    until = time.monotonic() + 10
    while time.monotonic() < until:
        if get(port, "/ready").status == status:
            return True
        time.sleep(0.05)
    return False


def test_it_is_ready_while_the_service_is(envoy: StartEnvoy, engine: StubEngine) -> None:
    port = free_port()
    with envoy(status_port=port):
        assert becomes(port, 200)


def test_it_is_not_ready_without_the_service(envoy: StartEnvoy) -> None:
    port = free_port()
    with envoy(status_port=port, engine=("/nowhere/engine.sock",)):
        assert becomes(port, 503)


def test_its_counters_can_be_scraped(envoy: StartEnvoy, engine: StubEngine) -> None:
    port = free_port()
    with envoy(status_port=port):
        page = get(port, "/stats/prometheus")
        assert page.status == 200
        assert b"envoy_http_downstream_rq_total" in page.body


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/stats/prometheus"),
        ("POST", "/quitquitquit"),
        ("GET", "/config_dump"),
        ("GET", "/stats/prometheus/../../config_dump"),
        ("GET", "/stats"),
        ("GET", "/"),
    ],
)
def test_nothing_else_of_the_admin_interface_is_reached(
    envoy: StartEnvoy, engine: StubEngine, method: str, path: str
) -> None:
    port = free_port()
    with envoy(status_port=port):
        assert get(port, path, method).status == 404
        assert get(port, "/stats/prometheus").status == 200
