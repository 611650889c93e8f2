"""Everything here needs a cluster, and says so in a line where there is none."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.e2e import release, world
from tests.e2e.cluster import Cluster
from tests.helm.install import helm

SWITCH = "FIREBREAK_E2E_KUBECONFIG"
"""Not KUBECONFIG: `make test` must not install a webhook into the cluster that somebody happens to be working on."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    ours = [item for item in items if Path(__file__).parent in item.path.parents]
    reason = skip_reason() if ours else ""
    nodes = bool(ours) and not reason and Cluster(os.environ[SWITCH]).has_nodes()
    for item in ours:
        if reason:
            item.add_marker(pytest.mark.skip(reason=reason))
        elif not nodes and not item.get_closest_marker("control_plane"):
            item.add_marker(pytest.mark.skip(reason="needs a cluster with nodes"))


def skip_reason() -> str:
    file = os.environ.get(SWITCH)
    if not file:
        return f"no cluster: set {SWITCH} to the kubeconfig of one that may be changed"
    if not shutil.which("kubectl"):
        return "no kubectl on PATH"
    if not helm():
        return "no helm: put one on PATH, or run `python -m tests.helm.install`"
    command = ["kubectl", "--kubeconfig", file, "--request-timeout=10s", "get", "--raw", "/readyz"]
    asked = subprocess.run(command, capture_output=True, text=True, check=False)
    return f"the cluster does not answer: {asked.stderr.strip()}" if asked.returncode else ""


@pytest.fixture(scope="session")
def cluster() -> Cluster:
    return Cluster(os.environ[SWITCH])


@pytest.fixture(scope="module")
def installed(cluster: Cluster) -> Iterator[release.Release]:
    with release.installed(cluster) as found:
        yield found


@pytest.fixture
def _explained(cluster: Cluster) -> Iterator[None]:
    """Prints the state of the cluster where the test fails."""
    with cluster.explained(*world.OURS):
        yield
