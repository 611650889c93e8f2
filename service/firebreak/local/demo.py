"""The demo: a real Envoy, the real service and a small upstream on this machine, and scenarios sent through them."""

import contextlib
import json
import shutil
import threading
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path

from firebreak import settings
from firebreak.adapters.audit_dir import AuditDir
from firebreak.audit.verify import verify
from firebreak.edge.envoy.config import config
from firebreak.edge.envoy.options import EnvoyOptions
from firebreak.local import scenarios
from firebreak.local.compare import Entries, row
from firebreak.local.otlp_receiver import OtlpReceiver
from firebreak.local.process import short_folder
from firebreak.local.send import Sender
from firebreak.local.stack import EngineProcess, EnvoyProcess, free_port
from firebreak.local.table import Board
from firebreak.local.upstream import Upstream, UpstreamThread
from firebreak.model.errors import BadConfig

HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class DemoOptions:
    """`folder` is made, and must not exist: a run never mixes with another's log."""

    policy: Path
    scenarios: Path
    folder: Path
    keep: bool = False


@dataclass(frozen=True, slots=True)
class Running:
    """What is up while the demo runs."""

    upstream: Upstream
    port: int
    metrics_url: str
    audit: AuditDir


Start = Callable[[Path, Board], AbstractContextManager[Running]]
"""Brings everything up in a folder, and down again."""


def run(options: DemoOptions, board: Board, start: Start | None = None) -> int:
    """0 when every decision was the expected one and the upstream saw the allowed requests and no other."""
    start = start or start_all
    listed = scenarios.load(options.scenarios)
    folder = _prepare(options)
    with board:
        board.step("making the SDKs ready")
        _warm(listed)
        with start(folder, board) as running:
            wrong = _send_all(listed, running, board)
            board.step("keeping the metrics")
            (folder / "metrics.txt").write_bytes(_get(running.metrics_url))
            if options.keep:
                _stay(running, folder, board)
        flaws = _report(listed, wrong, folder, board)
    return 1 if wrong or flaws else 0


@contextlib.contextmanager
def start_all(folder: Path, board: Board) -> Iterator[Running]:
    """Everything up, in the order in which it is needed; everything down again on every way out."""
    with contextlib.ExitStack() as stack:
        sockets = stack.enter_context(short_folder())
        board.step("starting the upstream, which stands where the providers would")
        upstream = stack.enter_context(UpstreamThread())
        board.step("starting the receiver of traces")
        receiver = stack.enter_context(OtlpReceiver(folder / "trace.jsonl"))
        http = f"{HOST}:{free_port()}"
        options = environment(folder, sockets, upstream.port, receiver.endpoint, http)
        board.step("starting the service: reading the policy, fitting the classifier")
        stack.enter_context(EngineProcess(options, folder, ready=http))
        board.step("starting Envoy")
        envoy_options = replace(settings.load(options).envoy_options(), listen_port=0)
        envoy = stack.enter_context(EnvoyProcess(envoy_options, folder, config=envoy_config(envoy_options)))
        yield Running(upstream, envoy.port, f"http://{http}/metrics", AuditDir(folder / "audit"))
        board.step("waiting for the last spans")
        receiver.wait_quiet()
        board.step("stopping Envoy and the service")


def _prepare(options: DemoOptions) -> Path:
    folder = options.folder.absolute()
    try:
        folder.mkdir(parents=True)
    except FileExistsError as error:
        raise BadConfig(str(folder), "the folder exists", "name another, or delete it") from error
    for name in ("audit", "policy"):
        (folder / name).mkdir()
    try:
        shutil.copyfile(options.policy, folder / "policy" / "policy.yaml")
    except OSError as error:
        raise BadConfig(str(options.policy), "the policy cannot be read", "check the path") from error
    return folder


def environment(folder: Path, sockets: Path, upstream: int, otlp: str, http: str) -> dict[str, str]:
    """The service's options for a run."""
    providers = [
        {"name": name, "api": name, "host": HOST, "port": upstream, "tls": False, "prefix": f"/{name}"}
        for name in ("openai", "anthropic")
    ]
    return {
        "FIREBREAK_POLICY_DIR": str(folder / "policy"),
        "FIREBREAK_AUDIT_DIR": str(folder / "audit"),
        "FIREBREAK_LISTEN": f"unix:{sockets / 'engine.sock'}",
        "FIREBREAK_HTTP_LISTEN": http,
        "FIREBREAK_OTLP_ENDPOINT": otlp,
        "FIREBREAK_PROVIDERS": json.dumps(providers),
        "FIREBREAK_ENVOY_ADMIN": str(sockets / "admin.sock"),
        "FIREBREAK_ENVOY_ACCESS_LOG": str(folder / "access.jsonl"),
        "FIREBREAK_POD_NAME": "demo",
        "FIREBREAK_POD_NAMESPACE": "local",
    }


def envoy_config(options: EnvoyOptions) -> str:
    """The generator's configuration, with spans handed over one by one: in lots, the last ones would be lost."""
    layer = {"name": "demo", "static_layer": {"tracing": {"opentelemetry": {"min_flush_spans": 1}}}}
    return json.dumps(config(options) | {"layered_runtime": {"layers": [layer]}}, indent=2)


def _warm(listed: tuple[scenarios.Scenario, ...]) -> None:
    """Each SDK method once, where nobody looks: what they load on first use is not the sidecar's latency."""
    once = {(scenario.sdk, scenario.api): scenario for scenario in listed if scenario.raw is None}
    with UpstreamThread() as upstream, Sender(HOST, upstream.port) as sender:
        for scenario in once.values():
            sender.send(scenario)


def _send_all(listed: tuple[scenarios.Scenario, ...], running: Running, board: Board) -> int:
    """How many scenarios did not end as expected."""
    wrong = 0
    with Sender(HOST, running.port) as sender:
        for scenario in listed:
            board.step(f"sending: {scenario.title}")
            before = len(running.upstream.arrivals)
            running.upstream.says = scenario.answer
            seen = sender.send(scenario)
            arrived = len(running.upstream.arrivals) - before
            shown = row(scenario, seen, _entries(running.audit, seen.record), arrived)
            wrong += bool(shown.wrong)
            board.row(shown)
    return wrong


def _entries(audit: AuditDir, record: str) -> Entries:
    """The log's records with that id."""
    documents = (json.loads(line) for worker in audit.workers() for file in audit.files(worker) for line in file.lines)
    entries = [document["entry"] for document in documents if document["kind"] == "record"]
    return {entry["direction"]: entry for entry in entries if entry["id"] == record}


def _get(url: str) -> bytes:
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with direct.open(url, timeout=5) as answer:
        body: bytes = answer.read()
    return body


def _stay(running: Running, folder: Path, board: Board) -> None:
    """Up until Ctrl-C."""
    base = f"http://{HOST}:{running.port}"
    body = '{"model": "local-small", "messages": [{"role": "user", "content": "Translate this manual into French."}]}'
    board.say(
        [
            "",
            f"OPENAI_BASE_URL={base}/openai/v1",
            f"ANTHROPIC_BASE_URL={base}/anthropic",
            f"curl -i {base}/openai/v1/chat/completions -H 'content-type: application/json' -d '{body}'",
            f"the policy in force, reloaded when it changes: {folder / 'policy' / 'policy.yaml'}",
            "",
        ]
    )
    with contextlib.suppress(KeyboardInterrupt):
        board.step("up; Ctrl-C ends it")
        threading.Event().wait()


def _report(listed: tuple[scenarios.Scenario, ...], wrong: int, folder: Path, board: Board) -> int:
    """Verify the log and say where everything is. The number of flaws in the log."""
    board.step("verifying the audit log")
    audit = AuditDir(folder / "audit")
    reports = [verify(audit.files(worker)) for worker in audit.workers()]
    flaws = [str(report.flaw) for report in reports if report.flaw is not None]
    entries = sum(report.entries for report in reports)
    board.say(
        [
            *(f"audit log NOT whole: {flaw}" for flaw in flaws),
            *([] if flaws or not reports else [f"audit log verified: {entries} entries"]),
            f"audit log   {folder / 'audit'}",
            f"metrics     {folder / 'metrics.txt'}",
            f"trace       {folder / 'trace.jsonl'}",
            f"access log  {folder / 'access.jsonl'}",
            f"{len(listed) - wrong} of {len(listed)} scenarios as expected",
        ]
    )
    return len(flaws) if reports else 1
