"""Who calls a gateway: real certificates, the real Envoy and service, and a Kubernetes API over real TLS."""

import asyncio
import contextlib
import dataclasses
import datetime as dt
import http.client
import json
import ssl
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from tests.contract.stub_engine import StubEngine, headers_of
from tests.contract.test_service import CODE, SURVEIL, TARGET
from tests.contract.upstream import Upstream
from tests.contract.wire import Answer, post
from tests.unit.adapters.api_server import LOOPBACK, ApiServer, Authority, Request, environment, mount, serving
from tests.unit.adapters.test_token_review import NO, token, yes

from firebreak.edge.envoy.config import config
from firebreak.edge.envoy.identity import caller_tls_files
from firebreak.edge.envoy.options import EnvoyOptions
from firebreak.local.process import short_folder
from firebreak.local.stack import EngineProcess, EnvoyProcess, free_port

WEB = "spiffe://cluster.local/ns/shop/sa/web"
HEADER = "x-firebreak-caller-token"
YEARS_AWAY = 4_000_000_000
POLICY = """
policy: {{name: identity-test, version: "1", mode: {mode}}}
categories: [coding, bulk_surveillance]
rules:
  - {{id: not-the-batch-job, decision: BLOCK, match: {{callers: [{{namespace: batch}}, {{spiffe_id: "*/sa/rogue"}}]}}}}
  - {{id: coding, decision: ALLOW, match_categories: [coding]}}
"""


class Certificates:
    """The listener's folder, mounted as Kubernetes mounts a Secret, and what clients bring."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.authority = Authority("mesh")
        self._swaps = 0
        self.swap(self.authority)

    @property
    def directory(self) -> Path:
        return self.folder / "tls"

    def swap(self, authority: Authority) -> None:
        """A new certificate and authority, all at once."""
        self._swaps += 1
        data = self.directory / f"..{self._swaps}"
        data.mkdir(parents=True)
        certificate, key = authority.issue(names=[LOOPBACK], common_name=f"gateway {self._swaps}")
        for name, content in (("tls.crt", certificate), ("tls.key", key), ("ca.crt", authority.pem)):
            (data / name).write_bytes(content)
            if not (self.directory / name).is_symlink():
                (self.directory / name).symlink_to(f"..data/{name}")
        link = self.directory / "..data_tmp"
        link.symlink_to(data.name)
        link.replace(self.directory / "..data")

    def client(self, *uris: str, authority: Authority | None = None, **options: Any) -> ssl.SSLContext:
        """A client's side with a certificate for those URIs."""
        names: list[x509.GeneralName] = [x509.UniformResourceIdentifier(uri) for uri in uris]
        certificate, key = (authority or self.authority).issue(**{"names": names, **options})
        file = self.folder / "client.pem"
        file.write_bytes(certificate + key)
        context = self.stranger()
        context.load_cert_chain(file)
        return context

    def stranger(self) -> ssl.SSLContext:
        """A client's side without a certificate."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(cadata=(self.directory / "ca.crt").read_text())
        return context


def ask(port: int, context: ssl.SSLContext, text: str = CODE, **headers: str) -> Answer:
    """Raises `OSError` where TLS does not come about."""
    body = json.dumps({"model": "gpt-4o", "messages": [{"role": "user", "content": text}]})
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    with contextlib.closing(http.client.HTTPSConnection("127.0.0.1", port, context=context, timeout=10)) as connection:
        connection.request("POST", TARGET, body, {"content-type": "application/json", **named})
        response = connection.getresponse()
        return Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())


@pytest.fixture
def certificates(tmp_path: Path) -> Certificates:
    return Certificates(tmp_path)


def write_tls_files(options: EnvoyOptions) -> None:
    """As `firebreak envoy --output` does."""
    for file, text in caller_tls_files(options).items():
        Path(file).write_text(text, encoding="utf-8")


@contextlib.contextmanager
def proxy(options: EnvoyOptions, **changes: Any) -> Iterator[EnvoyProcess]:
    with short_folder() as own:
        changed = dataclasses.replace(options, admin_socket=str(own / "admin.sock"), **changes)
        write_tls_files(changed)
        with EnvoyProcess(changed, own, config=json.dumps(config(changed))) as process:
            yield process


@pytest.mark.parametrize(
    ("names", "principal", "uris"),
    [
        ([x509.UniformResourceIdentifier(WEB)], WEB, [WEB]),
        ([x509.DNSName("spiffe.example"), x509.UniformResourceIdentifier(WEB)], WEB, [WEB]),
        ([x509.DNSName(WEB)], WEB, None),
        ([x509.DNSName("web.shop.svc")], "web.shop.svc", None),
        ([], "CN=web", None),
        ([x509.UniformResourceIdentifier("https://a/"), x509.UniformResourceIdentifier(WEB)], "https://a/", None),
    ],
    ids=["uri", "dns and uri", "dns that looks like a uri", "dns", "subject", "two uris"],
)
def test_why_the_certificates_uris_are_asked_for_and_not_the_principal(
    options: EnvoyOptions,
    engine: StubEngine,
    upstream: Upstream,
    certificates: Certificates,
    names: list[x509.GeneralName],
    principal: str,
    uris: list[str] | None,
) -> None:
    """Envoy's principal is the first URI, or else the first DNS name, or else the subject: one cannot tell which."""
    with proxy(options, tls_dir=str(certificates.directory)) as process:
        context = certificates.client(names=names, common_name="web")
        answer = ask(process.port, context, firebreak_caller_uri="spiffe://evil/ns/kube-system/sa/admin")
        assert answer.status == 200
        (check,) = engine.checks
        assert check.attributes.source.principal == principal
        seen = headers_of(check).get("firebreak-caller-uri")
        assert seen == (uris or (["https://a/," + WEB] if len(names) == 2 else None))
        assert "firebreak-caller" not in str(upstream.requests[0].headers)


def test_nobody_speaks_to_the_listener_without_a_certificate_of_its_authority(
    options: EnvoyOptions, engine: StubEngine, upstream: Upstream, certificates: Certificates
) -> None:
    past = dt.datetime.now(dt.UTC) - dt.timedelta(hours=1)
    wrong = {
        "none": certificates.stranger(),
        "another authority": certificates.client(WEB, authority=Authority("other")),
        "expired": certificates.client(WEB, until=past),
    }
    with proxy(options, tls_dir=str(certificates.directory)) as process:
        for context in wrong.values():
            with pytest.raises(OSError, match=r"(?i)alert|closed|reset|EOF"):
                ask(process.port, context)
        with pytest.raises(OSError, match=r"(?i)closed|reset|without|line"):
            post(process.port, TARGET, b"{}")
        assert not engine.checks
        assert ask(process.port, certificates.client(WEB)).status == 200


def test_new_certificates_count_for_the_next_connection(
    options: EnvoyOptions, engine: StubEngine, upstream: Upstream, certificates: Certificates
) -> None:
    old = certificates.client(WEB)
    with proxy(options, tls_dir=str(certificates.directory)) as process:
        assert ask(process.port, old).status == 200
        renewed = Authority("mesh, renewed")
        certificates.swap(renewed)
        new = certificates.client(WEB, authority=renewed)
        deadline = time.monotonic() + 10
        while True:
            try:
                assert ask(process.port, new).status == 200
                break
            except ssl.SSLError:
                assert time.monotonic() < deadline
                time.sleep(0.05)
        old.load_verify_locations(cadata=renewed.pem.decode())
        with pytest.raises(OSError, match=r"(?i)alert|closed|reset|EOF"):
            ask(process.port, old)


@dataclass
class Cluster:
    """A Kubernetes API server in a thread of its own, which knows the tokens in `known`."""

    folder: Path
    known: dict[str, dict[str, Any]] = field(default_factory=dict)
    authority: Authority = field(default_factory=Authority)
    server: ApiServer = field(default_factory=ApiServer)
    away: bool = False

    def answer(self, request: Request) -> tuple[int, Any]:
        if not request.path.endswith("/tokenreviews"):
            return 201, {}
        if self.away:
            return 503, {"reason": "ServiceUnavailable", "message": "etcd is away"}
        return 201, self.known.get(request.body["spec"]["token"], NO)

    def calls(self, end: str) -> list[Request]:
        return [request for request in list(self.server.requests) if request.path.endswith(end)]

    @contextlib.contextmanager
    def running(self) -> Iterator["Cluster"]:
        started, stop, loop = threading.Event(), asyncio.Event(), asyncio.new_event_loop()

        async def serve() -> None:
            async with serving(self.folder, self.authority, [LOOPBACK]) as self.server:
                self.server.by_request = self.answer
                started.set()
                await stop.wait()

        def run() -> None:
            loop.run_until_complete(serve())
            loop.close()

        thread = threading.Thread(target=run)
        thread.start()
        started.wait(10)
        try:
            yield self
        finally:
            loop.call_soon_threadsafe(stop.set)
            thread.join(10)


@dataclass
class Gateway:
    folder: Path
    engine: EngineProcess
    envoy: EnvoyProcess
    cluster: Cluster
    certificates: Certificates
    metrics_port: int

    def record(self, answer: Answer) -> dict[str, Any]:
        wanted = answer.headers["x-firebreak-record"]
        for file in (self.folder / "audit").glob("*.jsonl"):
            for line in file.read_text(encoding="utf-8").splitlines():
                entry = json.loads(line)
                if entry["kind"] == "record" and entry["entry"]["id"] == wanted:
                    return dict(entry["entry"])
        raise AssertionError(wanted)

    def everything_written(self) -> str:
        written = [file.read_text(encoding="utf-8") for file in (self.folder / "audit").glob("*.jsonl")]
        for child in (self.engine.child, self.envoy.child):
            written += [child.stdout.read_text(encoding="utf-8"), child.stderr.read_text(encoding="utf-8")]
        return "".join(written)


@contextlib.contextmanager
def gateway(options: EnvoyOptions, folder: Path, *, mode: str = "enforce", **extra: str) -> Iterator[Gateway]:
    """The service and Envoy with the same options, as the chart would start them."""
    certificates, cluster = Certificates(folder), Cluster(folder)
    (folder / "policy").mkdir()
    (folder / "policy" / "policy.yaml").write_text(POLICY.format(mode=mode), encoding="utf-8")
    port = free_port()
    with short_folder() as sockets, cluster.running():
        env = {
            "FIREBREAK_POLICY_DIR": str(folder / "policy"),
            "FIREBREAK_AUDIT_DIR": str(folder / "audit"),
            "FIREBREAK_LISTEN": f"unix:{sockets}/e.sock",
            "FIREBREAK_HTTP_LISTEN": f"127.0.0.1:{port}",
            "FIREBREAK_POD_NAME": "gate-1",
            "FIREBREAK_POD_NAMESPACE": "llm",
            "FIREBREAK_POD_UID": "gate-uid",
            "FIREBREAK_KUBERNETES_DIR": str(mount(folder, cluster.authority)),
            "FIREBREAK_POLICY_POLL_S": "0.2",
            **environment(cluster.server.port),
            **extra,
        }
        ready = f"127.0.0.1:{port}"
        tls = extra.get("FIREBREAK_GATEWAY_TLS_DIR", "")
        changes = {"tls_dir": tls, "token_header": extra.get("FIREBREAK_CALLER_TOKEN_HEADER", "")}
        with (
            EngineProcess(env, folder, ready=ready) as engine,
            proxy(options, engine=(f"{sockets}/e.sock",), max_body_bytes=1 << 20, **changes) as envoy,
        ):
            yield Gateway(folder, engine, envoy, cluster, certificates, port)


def test_the_certificate_is_the_caller_of_the_record_and_of_the_policy(
    options: EnvoyOptions, upstream: Upstream, tmp_path: Path
) -> None:
    with gateway(options, tmp_path, FIREBREAK_GATEWAY_TLS_DIR=str(tmp_path / "tls")) as gate:
        port, clients = gate.envoy.port, gate.certificates
        answer = ask(port, clients.client(WEB))
        assert answer.status == 200
        caller = gate.record(answer)["caller"]
        assert (caller["spiffe_id"], caller["namespace"], caller["service_account"]) == (WEB, "shop", "web")
        assert caller["pod"] == ""
        for uri in ("spiffe://cluster.local/ns/batch/sa/job", "spiffe://elsewhere/x/sa/rogue"):
            answer = ask(port, clients.client(uri))
            assert (answer.status, answer.headers["x-firebreak-rule"]) == (400, "not-the-batch-job")
        answer = ask(port, clients.client(names=[x509.DNSName("web.shop.svc")]))
        assert (answer.status, answer.json["error"]["code"]) == (403, "caller_certificate")
        assert gate.record(answer)["caller"]["namespace"] == ""
        assert len(upstream.requests) == 1


def test_the_token_is_the_caller_and_goes_no_further(options: EnvoyOptions, upstream: Upstream, tmp_path: Path) -> None:
    good, job, bad = (token(number, exp=YEARS_AWAY) for number in range(3))
    with gateway(options, tmp_path, FIREBREAK_CALLER_TOKEN_HEADER=HEADER) as gate:
        gate.cluster.known = {good: yes(), job: yes(user={"username": "system:serviceaccount:batch:job"})}

        def asks(*headers: str) -> Answer:
            body = json.dumps({"model": "gpt-4o", "messages": [{"role": "user", "content": CODE}]}).encode()
            return post(gate.envoy.port, TARGET, body, *headers)

        assert [asks(f"{HEADER}: {good}").status for _ in range(3)] == [200, 200, 200]
        answer = asks(f"{HEADER}: {good}")
        caller = gate.record(answer)["caller"]
        assert (caller["namespace"], caller["service_account"], caller["pod"]) == ("shop", "web", "web-1")
        assert len(gate.cluster.calls("/tokenreviews")) == 1
        assert asks(f"{HEADER}: {job}").headers["x-firebreak-rule"] == "not-the-batch-job"
        for headers in ((), (f"{HEADER}: {bad}",), (f"firebreak-caller-proof: {good}",), (f"{HEADER}: Bearer {good}",)):
            answer = asks(*headers)
            assert (answer.status, answer.json["error"]["code"]) == (403, "caller_token")
            assert gate.record(answer)["reason"] == "caller_token"
        assert asks(f"{HEADER}: {good}", f"{HEADER}: {bad}").status in (200, 403)
        gate.cluster.away = True
        answer = asks(f"{HEADER}: {token(9, exp=YEARS_AWAY)}")
        assert (answer.status, answer.json["error"]["code"]) == (503, "caller_unavailable")
        assert asks(f"{HEADER}: {good}").status == 200
        assert "caller" not in str([request.headers for request in upstream.requests])
        assert good.encode() not in upstream.received
        assert not [one for one in (good, job, bad) if one in gate.everything_written()]


def test_a_caller_that_is_not_known_is_refused_in_shadow_mode_too(
    options: EnvoyOptions, upstream: Upstream, tmp_path: Path
) -> None:
    with gateway(options, tmp_path, mode="shadow", FIREBREAK_CALLER_TOKEN_HEADER=HEADER) as gate:
        assert post(gate.envoy.port, TARGET, b"{}").status == 403
        assert not upstream.requests


def test_both_must_hold_and_agree(options: EnvoyOptions, upstream: Upstream, tmp_path: Path) -> None:
    good, job = (token(number, exp=YEARS_AWAY) for number in range(2))
    tls = str(tmp_path / "tls")
    with gateway(options, tmp_path, FIREBREAK_GATEWAY_TLS_DIR=tls, FIREBREAK_CALLER_TOKEN_HEADER=HEADER) as gate:
        gate.cluster.known = {good: yes(), job: yes(user={"username": "system:serviceaccount:batch:job"})}
        client = gate.certificates.client(WEB)
        answer = ask(gate.envoy.port, client, x_firebreak_caller_token=good)
        assert answer.status == 200
        caller = gate.record(answer)["caller"]
        assert (caller["spiffe_id"], caller["pod"]) == (WEB, "web-1")
        for headers in ({}, {"x_firebreak_caller_token": job}):
            assert ask(gate.envoy.port, client, **headers).json["error"]["code"] == "caller_token"


def test_refusals_and_policies_become_events_on_the_pod(
    options: EnvoyOptions, upstream: Upstream, tmp_path: Path
) -> None:
    with gateway(options, tmp_path, FIREBREAK_KUBERNETES_EVENTS="true") as gate:

        def asks(text: str) -> Answer:
            body = json.dumps({"model": "gpt-4o", "messages": [{"role": "user", "content": text}]}).encode()
            return post(gate.envoy.port, TARGET, body)

        def events(reason: str) -> list[dict[str, Any]]:
            deadline = time.monotonic() + 15
            while time.monotonic() < deadline:
                found = [call.body for call in gate.cluster.calls("/events") if call.body["reason"] == reason]
                if found:
                    return found
                time.sleep(0.05)
            raise AssertionError(reason)

        (loaded,) = events("PolicyLoaded")
        (patch,) = gate.cluster.calls("/namespaces/llm/pods/gate-1")
        digest = patch.body["metadata"]["annotations"]["firebreak.dev/policy-digest"]
        assert digest in loaded["note"]
        answer = asks(SURVEIL)
        assert answer.status == 400
        (refused,) = events("RequestRefused")
        assert refused["regarding"]["uid"] == "gate-uid"
        assert answer.headers["x-firebreak-record"] in refused["note"]
        assert "phone records" not in str(gate.cluster.server.requests)
        for _ in range(200):
            asks(SURVEIL)
        (tmp_path / "policy" / "policy.yaml").write_text("policy: 3\n", encoding="utf-8")
        (bad,) = events("PolicyRefused")
        assert f"{digest} stays in force" in bad["note"]
        assert len(events("RequestRefused")) == 1


def test_without_the_api_nothing_is_slower_or_refused(
    options: EnvoyOptions, upstream: Upstream, tmp_path: Path
) -> None:
    nowhere = environment(free_port())
    with gateway(options, tmp_path, FIREBREAK_KUBERNETES_EVENTS="true", **nowhere) as gate:
        for text, status in ((CODE, 200), (SURVEIL, 400)) * 3:
            body = json.dumps({"model": "gpt-4o", "messages": [{"role": "user", "content": text}]}).encode()
            assert post(gate.envoy.port, TARGET, body).status == status
        deadline = time.monotonic() + 15
        while "kubernetes_unavailable" not in gate.engine.child.stderr.read_text(encoding="utf-8"):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        assert gate.engine.child.stderr.read_text(encoding="utf-8").count('"call":"event"') <= 1
