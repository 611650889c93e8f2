"""`helm uninstall` leaves the cluster as it was."""

from pathlib import Path

import pytest
from tests.e2e import release, world
from tests.e2e.cluster import Cluster, Refused, until

pytestmark = [pytest.mark.control_plane, pytest.mark.usefixtures("_explained")]


def test_uninstall_leaves_nothing(cluster: Cluster, tmp_path: Path) -> None:
    release.make_namespaces(cluster)
    try:
        cluster.apply(world.programs(world.SHOP))
        cluster.apply(world.configmap("firebreak-policy", world.SHOP, {"e2e.yaml": world.policy()}))
        before = cluster.inventory(*world.OURS)
        with release.serving(cluster, tmp_path):
            cluster.create(world.pod("app", world.SHOP))
            assert cluster.inventory(*world.OURS) - before
            cluster.kubectl("delete", "pod", "app", "--namespace", world.SHOP)
            cluster.helm("uninstall", world.RELEASE, "--namespace", world.SYSTEM)
        until("what was made is gone", lambda: gone(cluster, before))
    finally:
        release.remove_namespaces(cluster)


def gone(cluster: Cluster, before: set[str]) -> bool:
    """Raises `Refused` where something is left."""
    left = sorted(cluster.inventory(*world.OURS) - before)
    if left:
        raise Refused(f"left behind: {left}")
    return True
