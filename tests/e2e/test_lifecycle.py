"""Upgrade and rollback of the release while pods are admitted, and the shared gateway. Needs nodes."""

import threading
from pathlib import Path
from typing import Self

import pytest
from tests.e2e import release, world
from tests.e2e.cluster import CHART, Cluster, Refused, until

pytestmark = pytest.mark.usefixtures("_explained")

GATEWAY = "firebreak-e2e-gate"


class Admissions:
    """Asks for pods, one after the other, while something else goes on."""

    def __init__(self, installed: release.Release) -> None:
        self.installed, self.asked, self.refused = installed, 0, list[str]()
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._ask, daemon=True)

    def _ask(self) -> None:
        while not self._end.is_set():
            try:
                assert self.installed.admits()
            except (Refused, AssertionError) as refused:
                self.refused.append(str(refused) or "the pod had no sidecar")
            self.asked += 1

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()


def revision(cluster: Cluster) -> str:
    lines = cluster.helm("history", world.RELEASE, "--namespace", world.SYSTEM, "--max", "1").splitlines()
    return lines[-1].split()[0]


def test_an_upgrade_and_a_rollback_refuse_nobody(cluster: Cluster, installed: release.Release, tmp_path: Path) -> None:
    before = revision(cluster)
    change = ("--reuse-values", "--set", "injector.podAnnotations.round=second", "--wait", "--timeout", "3m")
    with Admissions(installed) as admissions:
        cluster.helm("upgrade", world.RELEASE, str(CHART), "--namespace", world.SYSTEM, *change)
        cluster.helm("rollback", world.RELEASE, before, "--namespace", world.SYSTEM, "--wait", "--timeout", "3m")
    assert admissions.asked > 5
    assert admissions.refused == []
    assert installed.admits()


def test_the_injector_proves_itself(cluster: Cluster, installed: release.Release) -> None:
    """`helm test`: the chart's own test asks the webhook through its Service."""
    cluster.helm("test", world.RELEASE, "--namespace", world.SYSTEM, "--logs", "--timeout", "2m")


def test_the_gateway_proves_itself(cluster: Cluster, installed: release.Release, tmp_path: Path) -> None:
    """`helm test`: a request with a made-up key goes through the gateway's Service and is refused."""
    if cluster.version() < (1, 25):
        pytest.skip("the gateway's probes have fields that came with Kubernetes 1.25")
    image = release.values()
    del image["mode"]
    arguments = ["--set", "mode=gateway", "--set", "gateway.autoscaling.enabled=false", "--set", "gateway.replicas=1"]
    for part, settings in (("image", image["image"]), ("envoy.image", image["envoy"]["image"])):
        for name, value in settings.items():
            arguments += ["--set-string", f"{part}.{name}={value}"]
    namespace = ("--namespace", world.OUTSIDE)
    try:
        cluster.helm("install", GATEWAY, str(CHART), *namespace, *arguments, "--wait", "--timeout", "3m")
        said = cluster.helm("test", GATEWAY, *namespace, "--logs", "--timeout", "2m")
        assert "refused as it must be" in said
    finally:
        cluster.helm("uninstall", GATEWAY, *namespace)
        gone = ("delete", "pod", f"{GATEWAY}-firebreak-smoke", "--ignore-not-found", *namespace)
        until("the test's pod is gone", lambda: cluster.kubectl(*gone) or "gone")
