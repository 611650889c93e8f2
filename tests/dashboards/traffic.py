"""The demo's parts and the demo's requests, over and over, for as long as somebody looks at the metrics."""

import contextlib
import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from firebreak import settings
from firebreak.edge.envoy.config import config
from firebreak.local import scenarios
from firebreak.local.demo import environment
from firebreak.local.process import short_folder
from firebreak.local.send import Sender
from firebreak.local.stack import EngineProcess, EnvoyProcess, free_port
from firebreak.local.upstream import UpstreamThread

ROOT = Path(__file__).parents[2]
POLICY = ROOT / "policies" / "defense-standard.yaml"
SCENARIOS = ROOT / "policies" / "scenarios" / "defense-standard.yaml"
LEAK = "{on: [response], findings: [{kind: leak}]}"
SECRETS = "  - id: block-secrets\n"
NOTED = """\
  - id: note-canary
    description: "The demo's provider says the canary in each of its answers"
    match: {on: [response], findings: [{kind: leak}]}
    decision: WARN
"""
MORE = """
canaries: [has no model to ask]
currency: EUR
prices:
  - {models: ["gpt-*"], input: 1.25, output: 10.0}
  - {models: ["*"], input: 3.0, output: 15.0}
"""
HOST = "127.0.0.1"
PAUSE_S = 0.3
"""Between two rounds: enough for rates, and some of the machine left for the rest."""


def policy() -> str:
    """The demo's, with prices, and with answers of one provider that are refused, so that there is something to see."""
    shipped = POLICY.read_text(encoding="utf-8")
    assert (shipped.count(SECRETS), shipped.count(LEAK)) == (1, 1)
    limited = shipped.replace(LEAK, LEAK.replace("findings", "providers: [anthropic], findings"))
    return limited.replace(SECRETS, NOTED + SECRETS) + MORE


@dataclass(frozen=True, slots=True)
class Stack:
    """A service and an Envoy with traffic through both. `service` and `status` are `host:port`."""

    folder: Path
    engine: EngineProcess
    service: str
    status: str

    @property
    def targets(self) -> dict[str, str]:
        return {self.service: "/metrics", self.status: "/stats/prometheus"}

    def write_policy(self, text: str) -> None:
        new = self.folder / "policy" / ".new"
        new.write_text(text, encoding="utf-8")
        new.replace(self.folder / "policy" / "policy.yaml")


@contextlib.contextmanager
def running(variant: Callable[[dict[str, Any]], None] | None = None, otlp: str = "") -> Iterator[Stack]:
    """`variant` changes Envoy's configuration, as somebody might who should not. `otlp` is a collector's address."""
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(short_folder())
        for name in ("audit", "policy"):
            (folder / name).mkdir(mode=0o700)
        service, status = f"{HOST}:{free_port()}", f"{HOST}:{free_port()}"
        upstream = stack.enter_context(UpstreamThread())
        options = environment(folder, folder, upstream.port, otlp, service) | {
            "FIREBREAK_ENVOY_STATUS_LISTEN": status,
            "FIREBREAK_POLICY_POLL_S": "0.2",
        }
        started = Stack(folder, EngineProcess(options, folder, ready=service), service, status)
        started.write_policy(policy())
        stack.enter_context(started.engine)
        envoy_options = replace(settings.load(options).envoy_options(), listen_port=0)
        structure = config(envoy_options)
        if variant:
            variant(structure)
        envoy = stack.enter_context(EnvoyProcess(envoy_options, folder, config=json.dumps(structure)))
        stack.enter_context(_sending(envoy.port))
        yield started


@contextlib.contextmanager
def _sending(port: int) -> Iterator[None]:
    listed, stop = scenarios.load(SCENARIOS), threading.Event()

    def rounds() -> None:
        with Sender(HOST, port) as sender:
            while not stop.wait(PAUSE_S):
                for scenario in listed:
                    sender.send(scenario)

    with ThreadPoolExecutor(1) as pool:
        sending = pool.submit(rounds)
        try:
            yield
        finally:
            stop.set()
            sending.result()
