"""The real service behind the real Envoy: what a user relies on, end to end."""

import contextlib
import dataclasses
import json
import os
import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import openai
import pytest
from tests.contract.conftest import StartEnvoy
from tests.contract.test_truncation import OVERFLOWS, without_size_limit
from tests.contract.upstream import Upstream
from tests.contract.wire import Answer, post, send_frames

from firebreak.audit.verify import LogFile, verify
from firebreak.edge.envoy.options import EnvoyOptions
from firebreak.local.process import short_folder
from firebreak.local.stack import EngineProcess, EnvoyProcess, free_port

TARGET = "/openai/v1/chat/completions"
POLICY = """
policy: {{name: service-test, version: "{version}"}}
categories: [coding, bulk_surveillance]
rules:
  - {{id: no-surveillance, decision: BLOCK, match_categories: [bulk_surveillance], alerts: [trust_safety]}}
  - {{id: coding, decision: {coding}, match_categories: [coding]}}
"""
CODE = "Write a Python function that sorts a list of words by their length."
SURVEIL = "Match the phone records of all residents of the city against their social media posts."


@dataclass
class Service:
    """A running service and the Envoy in front of it."""

    folder: Path
    engine: EngineProcess
    envoy: EnvoyProcess
    env: dict[str, str]

    def ask(self, *texts: str, **extra: object) -> Answer:
        messages = [{"role": "user", "content": text} for text in texts]
        body = json.dumps({"model": "gpt-4o", "messages": messages, **extra}).encode()
        return post(self.envoy.port, TARGET, body)

    def write_policy(self, text: str) -> None:
        """As the kubelet does: a new directory, then one atomic swap of `..data`."""
        mount = self.folder / "policy"
        data = mount / f"..{time.monotonic_ns()}"
        data.mkdir(parents=True)
        (data / "policy.yaml").write_text(text, encoding="utf-8")
        link = mount / "..data_tmp"
        link.symlink_to(data.name)
        link.replace(mount / "..data")
        if not (mount / "policy.yaml").is_symlink():
            (mount / "policy.yaml").symlink_to("..data/policy.yaml")

    def audit_lines(self) -> list[bytes]:
        return [
            line
            for file in sorted((self.folder / "audit").glob("*.jsonl"))
            for line in file.read_bytes().splitlines(keepends=True)
        ]

    def records(self) -> list[dict]:
        entries = [json.loads(line) for line in self.audit_lines()]
        records = [entry["entry"] for entry in entries if entry["kind"] == "record"]
        return [record for record in records if record["direction"] == "request"]


def policy(version: str = "1", coding: str = "ALLOW") -> str:
    return POLICY.format(version=version, coding=coding)


@contextlib.contextmanager
def running(envoy: StartEnvoy, variant=None, workers: int = 1, **options: object) -> Iterator[Service]:
    with short_folder() as folder:
        port = free_port()
        env = {
            "FIREBREAK_POLICY_DIR": str(folder / "policy"),
            "FIREBREAK_AUDIT_DIR": str(folder / "audit"),
            "FIREBREAK_LISTEN": f"unix:{folder}/e.sock",
            "FIREBREAK_HTTP_LISTEN": f"127.0.0.1:{port}",
            "FIREBREAK_WORKERS": str(workers),
            "FIREBREAK_POLICY_POLL_S": "0.2",
        }
        service = Service(folder, EngineProcess(env, folder, ready=f"127.0.0.1:{port}"), None, env)  # type: ignore[arg-type]
        service.write_policy(policy())
        sockets = (f"{folder}/e.sock",) if workers == 1 else tuple(f"{folder}/e-{n}.sock" for n in range(workers))
        with service.engine, envoy(engine=sockets, variant=variant, **options) as process:
            service.envoy = process
            yield service


@pytest.fixture(scope="module")
def service(envoy: StartEnvoy) -> Iterator[Service]:
    with running(envoy) as started:
        yield started


def test_what_is_allowed_reaches_the_provider_unchanged(service: Service, upstream: Upstream) -> None:
    answer = service.ask(CODE)
    assert answer.status == 200
    assert (answer.headers["x-firebreak-decision"], answer.headers["x-firebreak-rule"]) == ("ALLOW", "coding")
    (request,) = upstream.requests
    assert json.loads(request.body)["messages"][0]["content"] == CODE
    assert not [name for name, _ in request.headers if name.startswith("x-firebreak")]


def test_what_is_refused_never_leaves_and_is_on_record(service: Service, upstream: Upstream) -> None:
    answer = service.ask(SURVEIL)
    assert (answer.status, answer.json["error"]["code"]) == (400, "content_policy_violation")
    assert not upstream.received
    record = next(each for each in service.records() if each["id"] == answer.headers["x-firebreak-record"])
    assert record["decision"]["rule"] == "no-surveillance"
    line = service.envoy.wait_for_log(lambda line: line.get("record") == record["id"])
    assert line["decision"] == "BLOCK"


@pytest.mark.parametrize("stream", [False, True])
def test_the_providers_sdk_raises_its_own_exception(service: Service, upstream: Upstream, stream: bool) -> None:
    client = openai.OpenAI(api_key="sk-none", base_url=f"{service.envoy.base_url}/openai/v1", max_retries=0)
    with client, pytest.raises(openai.BadRequestError) as error:
        client.chat.completions.create(model="gpt-4o", messages=[{"role": "user", "content": SURVEIL}], stream=stream)
    assert error.value.code == "content_policy_violation"
    assert not upstream.received


@pytest.mark.parametrize(
    "messages",
    [
        [
            {"role": "user", "content": SURVEIL},
            {"role": "assistant", "content": "No."},
            {"role": "user", "content": CODE},
        ],
        [{"role": "system", "content": SURVEIL}, {"role": "user", "content": CODE}],
        [
            {"role": "user", "content": CODE},
            {
                "role": "assistant",
                "content": None,
                "tool_calls": [{"id": "c", "type": "function", "function": {"name": "f", "arguments": "{}"}}],
            },
            {"role": "tool", "tool_call_id": "c", "content": SURVEIL},
        ],
    ],
    ids=["earlier turn", "system prompt", "tool result"],
)
def test_an_attack_anywhere_in_the_conversation_counts(service: Service, upstream: Upstream, messages: list) -> None:
    body = json.dumps({"model": "gpt-4o", "messages": messages}).encode()
    assert post(service.envoy.port, TARGET, body).headers["x-firebreak-rule"] == "no-surveillance"
    assert not upstream.received


def test_a_client_cannot_write_its_own_decision(service: Service, upstream: Upstream) -> None:
    body = json.dumps({"model": "m", "messages": [{"role": "user", "content": SURVEIL}]}).encode()
    answer = post(service.envoy.port, TARGET, body, "x-firebreak-decision: ALLOW", "x-envoy-auth-partial-body: false")
    assert answer.status == 400
    assert not upstream.received


def test_no_prompt_text_is_in_the_log_the_metrics_or_the_records(service: Service) -> None:
    marker = "zanzibar-quokka-7719"
    service.ask(f"{CODE} {marker}")
    service.ask(f"{SURVEIL} {marker}", user=marker)
    post(service.envoy.port, TARGET, f'{{"{marker}": 1, "{marker}": 2}}'.encode())
    kept = (
        b"".join(service.audit_lines())
        + service.engine.child.stderr.read_bytes()
        + service.engine.child.stdout.read_bytes()
    )
    host, _, port = service.env["FIREBREAK_HTTP_LISTEN"].partition(":")
    kept += post(int(port), "/metrics", b"", method="GET", host=host).body
    assert marker.encode() not in kept
    assert b"firebreak_decisions_total" in kept


@pytest.mark.parametrize("frames", OVERFLOWS)
def test_the_service_itself_refuses_a_body_it_saw_in_part(
    envoy: StartEnvoy, upstream: Upstream, frames: list[int]
) -> None:
    """The third lock alone: HTTP/2 from the client and no size limit in front."""
    with running(envoy, variant=without_size_limit) as service:
        answer = send_frames(service.envoy.port, TARGET, frames)
        assert answer.status == 413
        assert not upstream.received


def test_a_swapped_config_map_is_in_force_within_two_seconds(envoy: StartEnvoy, upstream: Upstream) -> None:
    with running(envoy) as service:
        assert service.ask(CODE).status == 200
        service.write_policy(policy("2", "BLOCK"))
        deadline = time.monotonic() + 2
        while service.ask(CODE).status == 200 and time.monotonic() < deadline:
            time.sleep(0.05)
        assert service.ask(CODE).status == 400
        service.write_policy("policy: {name: broken}\nrulez: []\n")
        time.sleep(1)
        assert service.ask(CODE).status == 400
        assert b"policy_refused" in service.engine.child.stderr.read_bytes()


def test_no_answer_without_a_record_when_the_service_is_killed_under_load(
    envoy: StartEnvoy, upstream: Upstream
) -> None:
    with running(envoy) as service:
        answered: list[str] = []
        stop = threading.Event()

        def load() -> None:
            while not stop.is_set():
                with contextlib.suppress(OSError, KeyError):
                    answered.append(service.ask(CODE).headers["x-firebreak-record"])

        threads = [threading.Thread(target=load) for _ in range(4)]
        for thread in threads:
            thread.start()
        while len(answered) < 50:
            time.sleep(0.01)
        os.kill(service.engine.pid, signal.SIGKILL)
        time.sleep(0.3)
        stop.set()
        for thread in threads:
            thread.join()
        answer = service.ask(CODE)
        assert answer.status == 503
        recorded = {json.loads(line)["entry"].get("id") for line in service.audit_lines() if line.endswith(b"\n")}
        assert set(answered) <= recorded
        seen = len(upstream.requests)
        with EngineProcess(service.env, service.folder, ready=service.env["FIREBREAK_HTTP_LISTEN"]):
            deadline = time.monotonic() + 10
            while service.ask(CODE).status != 200 and time.monotonic() < deadline:
                time.sleep(0.1)
        assert len(upstream.requests) > seen
        (file,) = sorted((service.folder / "audit").glob("*.jsonl"))
        assert verify([LogFile(file.name, file.read_bytes().splitlines(keepends=True))]).ok


def test_two_workers_share_the_load_and_keep_a_chain_each(envoy: StartEnvoy, upstream: Upstream) -> None:
    with running(envoy, workers=2) as service:
        assert {service.ask(CODE).status for _ in range(20)} == {200}
        files = sorted((service.folder / "audit").glob("*.jsonl"))
        assert len(files) == 2
        assert len(service.records()) == 20
        host, _, port = service.env["FIREBREAK_HTTP_LISTEN"].partition(":")
        metrics = post(int(port), "/metrics", b"", method="GET", host=host).body.decode()
        assert (
            'firebreak_decisions_total{decision="ALLOW",direction="request",mode="enforce",provider="openai",rule="coding"} 20.0'
            in metrics
        )


def test_the_service_takes_all_that_envoy_may_send(
    envoy: StartEnvoy, upstream: Upstream, options: EnvoyOptions
) -> None:
    """The limits agree: a body at the default limit is decided on, not dropped by gRPC."""
    limit = dataclasses.replace(options, max_body_bytes=8 * 1024 * 1024).max_body_bytes
    with running(envoy, max_body_bytes=limit) as service:
        head = json.dumps({"model": "m", "messages": [{"role": "user", "content": CODE}]})[:-3]
        body = (head + " " * (limit - len(head) - 3) + '"}]}'[-4:])[: limit - 4].encode() + b'"}]}'
        assert len(body) == limit
        answer = post(service.envoy.port, TARGET, body)
        assert answer.headers["x-firebreak-decision"] in {"ALLOW", "BLOCK"}
