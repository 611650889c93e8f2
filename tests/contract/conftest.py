import contextlib
import dataclasses
import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from tests.contract import stub_engine
from tests.contract import upstream as recording
from tests.contract.stub_engine import StubEngine
from tests.contract.upstream import Upstream

from firebreak.edge.envoy.config import config
from firebreak.edge.envoy.options import EnvoyOptions, Provider
from firebreak.local.process import short_folder
from firebreak.local.stack import EnvoyProcess

LIMIT = 4096
"""The shared sidecar's body limit in bytes: small, so that the tests around it are quick."""

Variant = Callable[[dict[str, Any]], None]
StartEnvoy = Callable[..., AbstractContextManager[EnvoyProcess]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.contract)


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with short_folder() as path:
        yield path


@pytest.fixture(scope="module")
def shared_upstream() -> Iterator[Upstream]:
    with recording.running() as upstream:
        yield upstream


@pytest.fixture(scope="module")
def shared_engine(folder: Path) -> Iterator[StubEngine]:
    with stub_engine.running(str(folder / "engine.sock")) as engine:
        yield engine


@pytest.fixture(scope="module")
def options(folder: Path, shared_upstream: Upstream) -> EnvoyOptions:
    """What the module's sidecars are made from. Both providers are the recording upstream."""

    def provider(name: str, api: str, rewrite: str) -> Provider:
        return Provider(name, api, "127.0.0.1", f"/{name}", shared_upstream.port, rewrite, tls=False)

    return EnvoyOptions(
        providers=(provider("openai", "openai", "/"), provider("anthropic", "anthropic", "/base/")),
        engine=(str(folder / "engine.sock"),),
        admin_socket=str(folder / "admin.sock"),
        listen_port=0,
        max_body_bytes=LIMIT,
        engine_timeout_s=5.0,
        health_interval_s=0.1,
    )


@pytest.fixture(scope="module")
def envoy(options: EnvoyOptions) -> StartEnvoy:
    """Starts one more Envoy: `envoy(field=value, ..., variant=function)`; the function changes the configuration."""
    started = 0

    @contextlib.contextmanager
    def start(*, variant: Variant | None = None, **changes: Any) -> Iterator[EnvoyProcess]:
        nonlocal started
        started += 1
        with short_folder() as own:
            changed = dataclasses.replace(options, admin_socket=str(own / "admin.sock"), **changes)
            structure = config(changed)
            if variant:
                variant(structure)
            with EnvoyProcess(changed, own, config=json.dumps(structure)) as process:
                yield process

    return start


@pytest.fixture(scope="module")
def sidecar(envoy: StartEnvoy, shared_engine: StubEngine) -> Iterator[EnvoyProcess]:
    with envoy() as process:
        yield process


@pytest.fixture
def upstream(shared_upstream: Upstream) -> Upstream:
    shared_upstream.reset()
    return shared_upstream


@pytest.fixture
def engine(shared_engine: StubEngine) -> StubEngine:
    shared_engine.reset()
    return shared_engine
