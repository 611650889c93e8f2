"""A gateway's pods, as the chart renders them, restarted one after the other under load: no accepted request is lost."""

import contextlib
import itertools
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from typing import Any

import pytest
from tests.helm import chart
from tests.helm.install import helm
from tests.image.kubelet import Pod, running
from tests.image.netns import OUTSIDE, POD, Network
from tests.image.provider import PORT, Provider
from tests.image.test_pod import BASELINE, CHAT, JSON, PROXY, body

DRAIN_S, ENDPOINT_S = 25, 1.0
"""The chart's `gateway.drainSeconds`, and how long a cluster may go on sending to a pod that is told to stop."""
SENDERS, EVENTS = 8, 6


@dataclass
class Load:
    """Requests and streams, each on a connection of its own to one of the ready pods, as a Service sends them."""

    ready: list[Network] = field(default_factory=list)
    seen: Counter[str] = field(default_factory=Counter)
    _turns: Iterator[int] = field(default_factory=itertools.count)
    _ended: threading.Event = field(default_factory=threading.Event)

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        threads = [threading.Thread(target=self._send) for _ in range(SENDERS)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._ended.set()
            for thread in threads:
                thread.join()

    def _send(self) -> None:
        while not self._ended.is_set():
            turn = next(self._turns)
            network = self.ready[turn % len(self.ready)]
            self.seen[self._one(network, f"Sort list number {turn} in Python", stream=turn % 3 == 0)] += 1
            time.sleep(0.02)

    def _one(self, network: Network, text: str, *, stream: bool) -> str:
        try:
            connection = network.http(POD, PROXY, 60)
        except ConnectionRefusedError:
            return "not accepted"
        more = {"stream": True, "max_tokens": EVENTS} if stream else {}
        try:
            with contextlib.closing(connection):
                connection.request("POST", CHAT, body(text, **more), JSON)
                answer = connection.getresponse()
                whole = answer.read()
        except (OSError, HTTPException) as error:
            return f"lost: {type(error).__name__}"
        good = answer.status == 200 and (whole.count(b"data: ") == EVENTS + 1 if stream else b"choices" in whole)
        return ("stream" if stream else "request") if good else f"lost: status {answer.status}"


def gateway(image: str, envoy: str, folder: Path) -> dict[str, Any]:
    """The chart's pod, without what it takes from the cluster."""
    name, _, tag = image.rpartition(":")
    envoy_name, _, envoy_tag = envoy.rpartition(":")
    values = {
        "image": {"repository": name, "tag": tag},
        "envoy": {"image": {"repository": envoy_name, "tag": envoy_tag}},
        "providers": [{"name": "openai", "api": "openai", "host": OUTSIDE, "port": PORT, "tls": False}],
        "gateway": {"drainSeconds": DRAIN_S},
    }
    rendered = chart.render(values, folder=folder)
    spec = rendered.pod()
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "gateway"}, "spec": spec}


@contextlib.contextmanager
def started(manifest: Mapping[str, Any], folder: Path, provider: Provider) -> Iterator[Pod]:
    folder.mkdir()
    (policy,) = [it["configMap"]["name"] for it in manifest["spec"]["volumes"] if it["name"] == "firebreak-policy"]
    with (
        running(manifest, folder, {policy: {"policy.yaml": BASELINE}}) as pod,
        provider.running(pod.network),
    ):
        pod.start()
        pod.wait_ready()
        yield pod


def test_a_rolling_restart_loses_no_accepted_request(image: str, envoy_image: str, tmp_path: Path) -> None:
    if not helm():
        pytest.skip("no helm: put one on PATH, or run `python -m tests.helm.install`")
    manifest, provider, load = gateway(image, envoy_image, tmp_path), Provider(), Load()
    with contextlib.ExitStack() as stack:
        pods = [stack.enter_context(started(manifest, tmp_path / f"old-{number}", provider)) for number in range(2)]
        load.ready = [pod.network for pod in pods]
        with load.running():
            time.sleep(2)
            for number, old in enumerate(pods):
                new = stack.enter_context(started(manifest, tmp_path / f"new-{number}", provider))
                load.ready = [*load.ready, new.network]
                stopping = threading.Thread(target=old.stop)
                stopping.start()
                time.sleep(ENDPOINT_S)
                load.ready = [network for network in load.ready if network is not old.network]
                stopping.join()
                assert {old.state(name)["ExitCode"] for name in ("firebreak-engine", "firebreak-envoy")} == {0}
            time.sleep(2)
    print(f"\n{dict(load.seen)}")
    assert set(load.seen) == {"request", "stream"}
    assert provider.seen == load.seen.total()
