"""`firebreak webhook` as a process, with real TLS clients and an API server that keeps what it is given."""

import base64
import concurrent.futures
import http.client
import json
import os
import signal
import socket
import ssl
import sys
import time
from contextlib import contextmanager, suppress

import httpx
import pytest
from tests.contract.kube_store import CONFIGURATIONS, Serving
from tests.unit.adapters.api_server import environment
from tests.unit.kube.pods import pod

from firebreak.adapters import certificates
from firebreak.adapters.certificates import Pair
from firebreak.local.process import Child, short_folder
from firebreak.local.stack import free_port

SERVICE = "injector.firebreak.svc"
SECRET = "/api/v1/namespaces/firebreak/secrets/certificate"
CONFIGURATION = f"{CONFIGURATIONS}/injector"
DAY_S = 86_400.0
OWN = ("--service", SERVICE, "--secret", "certificate", "--configuration", "injector")
START_S = 30.0


@pytest.fixture
def folder():
    with short_folder() as path:
        yield path


@pytest.fixture
def api(folder):
    serving = Serving(folder)
    webhooks = [
        {
            "name": "namespace.injector.firebreak.dev",
            "clientConfig": {"service": {"name": "injector", "path": "/inject-all"}},
        },
        {"name": "pod.injector.firebreak.dev", "clientConfig": {"service": {"name": "injector", "path": "/inject"}}},
    ]
    serving.store.put(CONFIGURATION, {"metadata": {"name": "injector"}, "webhooks": webhooks})
    yield serving.store
    serving.close()


class Replica:
    """One running webhook."""

    def __init__(self, child, port, http_port):
        self.child = child
        self.port = port
        self.http_port = http_port
        self.clients = []

    def page(self, path):
        answer = httpx.get(f"http://127.0.0.1:{self.http_port}{path}", trust_env=False, timeout=5)
        return answer.status_code, answer.text

    def ready(self):
        with suppress(httpx.HTTPError):
            return self.page("/readyz")[0] == 200
        return False

    def client(self, bundle, name=SERVICE):
        """Trusts the bundle only, and holds the server to its name, as the API server does."""
        context = ssl.create_default_context(cadata=bundle.decode())
        transport = httpx.HTTPTransport(verify=context, limits=httpx.Limits(keepalive_expiry=90))
        client = httpx.Client(
            transport=transport, base_url=f"https://127.0.0.1:{self.port}", trust_env=False, timeout=30
        )
        client.headers["host"] = name
        self.clients.append(client)
        return Asking(client, name)


class Asking:
    def __init__(self, client, name):
        self._client = client
        self._name = name

    def post(self, path, content):
        return self._client.post(path, content=content, extensions={"sni_hostname": self._name})

    def review(self, subject, path="/inject", **changes):
        answer = self.post(path, json.dumps(review(subject, **changes)))
        assert answer.status_code == 200, answer.text
        return answer.json()["response"]


def review(subject, **changes):
    request = {
        "uid": "705ab4f5-6393-11e8-b7cc-42010a800002",
        "kind": {"group": "", "version": "v1", "kind": "Pod"},
        "resource": {"group": "", "version": "v1", "resource": "pods"},
        "operation": "CREATE",
        "namespace": "shop",
        "object": subject,
        **changes,
    }
    return {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": request}


@contextmanager
def webhook(folder, arguments, store=None, name="webhook"):
    port, http_port = free_port(), free_port()
    command = [sys.executable, "-m", "firebreak", "webhook", "--listen", f"127.0.0.1:{port}"]
    command += ["--http-listen", f"127.0.0.1:{http_port}", *arguments]
    env = {**os.environ, "HOSTNAME": name}
    if store is not None:
        env |= environment(store.port)
        command += ["--service-account-dir", str(store.account)]
    child = Child(name, command, folder, env)
    replica = Replica(child, port, http_port)
    try:
        yield replica
    finally:
        for client in replica.clients:
            client.close()
        child.stop(0.1)


def until(done, timeout_s=START_S):
    """Returns what `done` does, once it is true."""
    end_s = time.monotonic() + timeout_s
    while time.monotonic() < end_s:
        if found := done():
            return found
        time.sleep(0.05)
    raise AssertionError("it did not happen in time")


def bundles(store):
    found = store.get(CONFIGURATION)["webhooks"]
    return {base64.b64decode(webhook["clientConfig"].get("caBundle", "")) for webhook in found}


def secret(store):
    found = store.get(SECRET)
    return {key: base64.b64decode(value) for key, value in found["data"].items()} if found else {}


def kept_secret(store, pair, bundle, **more):
    data = {"tls.crt": pair.certificate, "tls.key": pair.key, "ca.crt": bundle, **more}
    encoded = {key: base64.b64encode(value).decode() for key, value in data.items()}
    store.put(SECRET, {"metadata": {"name": "certificate", "labels": {"mine": "yes"}}, "data": encoded})


def lines(replica):
    return [json.loads(line) for line in replica.child.stderr.read_text().splitlines()]


def test_it_makes_its_certificate_is_trusted_and_injects(api, folder):
    with webhook(folder, [*OWN, "--events"], api) as replica:
        replica.child.wait_until(replica.ready, START_S)
        (bundle,) = bundles(api)
        assert bundle == secret(api)["ca.crt"]
        client = replica.client(bundle)
        response = client.review(pod())
        assert (response["uid"], response["allowed"], response["patchType"]) == (
            "705ab4f5-6393-11e8-b7cc-42010a800002",
            True,
            "JSONPatch",
        )
        assert b"firebreak-engine" in base64.b64decode(response["patch"])
        assert "patch" not in client.review({"spec": {"containers": []}})
        assert "patch" in client.review({"spec": pod()["spec"]}, "/inject-all")
        refused = client.review(pod({"hostNetwork": True}))
        assert refused["allowed"] is False
        assert "refused[host-network]" in refused["status"]["message"]
        noted = client.review(pod({"initContainers": [{"name": "first"}]}))
        assert noted["warnings"] == [
            "firebreak: init-containers: init containers get no base URLs, so their calls pass by"
        ]
        wrong = client.review(pod(), kind={"group": "apps", "version": "v1", "kind": "Deployment"})
        assert "refused[not-a-pod]" in wrong["status"]["message"]
        said = replica.page("/metrics")[1]
        for outcome, code, count in [
            ("injected", "injected", 3),
            ("refused", "host-network", 1),
            ("skipped", "not-opted-in", 1),
        ]:
            assert f'firebreak_injections_total{{code="{code}",outcome="{outcome}"}} {count}.0' in said
        assert "firebreak_webhook_certificate_end_timestamp_seconds 1." in said


def test_events_name_the_controller_and_say_the_code(api, folder):
    owner = {"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "shop-7f", "uid": "u-1", "controller": True}
    subject = pod({"hostNetwork": True})
    subject["metadata"]["ownerReferences"] = [owner]
    path = "/apis/events.k8s.io/v1/namespaces/shop/events"
    with webhook(folder, [*OWN, "--events"], api) as replica:
        replica.child.wait_until(replica.ready, START_S)
        client = replica.client(*bundles(api))
        client.review(subject, dryRun=True)
        for _ in range(5):
            client.review(subject)
        client.review(pod(annotations={"firebreak.dev/inject": "false"}))
        found = until(lambda: len(api.under(path)) >= 2 and api.under(path))
        assert [(it["reason"], it["regarding"]["kind"], it["regarding"]["name"], it["type"]) for it in found] == [
            ("host-network", "ReplicaSet", "shop-7f", "Warning"),
            ("opted-out", "Namespace", "shop", "Normal"),
        ]
        assert found[0]["note"].startswith("on its node's network the sidecar would serve the whole node")
        assert found[0]["reportingInstance"] == "webhook"


def test_replicas_race_to_one_certificate(api, folder):
    api.refuse = {SECRET: 503, SECRET.rpartition("/")[0]: 503}
    with (
        webhook(folder, OWN, api, "one") as one,
        webhook(folder, OWN, api, "two") as two,
        webhook(folder, OWN, api, "three") as three,
    ):
        replicas = (one, two, three)
        for replica in replicas:
            until(lambda replica=replica: "certificate_state" in replica.child.stderr.read_text())
            assert replica.page("/readyz")[0] == 503
        api.refuse = {}
        for replica in replicas:
            replica.child.wait_until(replica.ready, START_S)
        (bundle,) = bundles(api)
        assert len(certificates.split(bundle)) == 1
        assert [status for method, path, status in api.writes if method == "POST" and status == 201] == [201]
        for replica in replicas:
            assert replica.client(bundle).review(pod())["allowed"]


def test_a_certificate_is_replaced_without_a_moment_of_distrust(api, folder):
    now_s = time.time()
    old, authority = certificates.make(SERVICE, now_s - 80 * DAY_S, 90 * DAY_S)
    kept_secret(api, old, authority)
    with webhook(folder, OWN, api) as replica:
        replica.child.wait_until(replica.ready, START_S)
        (bundle,) = bundles(api)
        assert authority in certificates.split(bundle)
        assert len(certificates.split(bundle)) == 2
        assert secret(api)["tls.crt"] == old.certificate
        assert api.get(SECRET)["metadata"]["labels"] == {"mine": "yes"}
        early = replica.client(authority)  # an API server that has not heard of the new authority yet
        assert early.review(pod())["allowed"]
        new, next_authority = certificates.make(SERVICE, now_s - 3600, 90 * DAY_S)
        both = next_authority + authority
        kept_secret(api, old, both, **{"next.crt": new.certificate, "next.key": new.key})
        until(lambda: secret(api)["tls.crt"] == new.certificate)
        assert bundles(api) == {both}
        assert "next.crt" not in secret(api)
        until(lambda: len([it for it in lines(replica) if it["event"] == "certificate_in_use"]) == 2)
        assert replica.client(next_authority).review(pod())["allowed"]
        assert early.review(pod())["allowed"]  # its connection goes on
        with pytest.raises(httpx.ConnectError):
            replica.client(authority).review(pod())


@pytest.mark.parametrize("harm", ["deleted", "damaged", "unplaced"])
def test_what_is_harmed_is_mended(api, folder, harm):
    with webhook(folder, OWN, api) as replica:
        replica.child.wait_until(replica.ready, START_S)
        before, (bundle,) = secret(api), bundles(api)
        if harm == "deleted":
            with api.lock:
                del api.objects[SECRET]
        elif harm == "damaged":
            kept_secret(api, Pair(b"x", b"y"), b"z")
        else:
            found = api.get(CONFIGURATION)
            found["webhooks"][1]["clientConfig"]["caBundle"] = ""
            api.put(CONFIGURATION, found)
        until(lambda: secret(api) == before and bundles(api) == {bundle})
        assert replica.client(bundle).review(pod())["allowed"]


def test_without_its_configuration_it_is_not_ready_and_says_so(api, folder):
    with api.lock:
        configuration = api.objects.pop(CONFIGURATION)
    with webhook(folder, OWN, api) as replica:
        why = until(lambda: "not found" in said(replica) and said(replica))
        assert "404 NotFound" in why
        with pytest.raises(OSError):
            socket.create_connection(("127.0.0.1", replica.port), 1)
        api.put(CONFIGURATION, configuration)
        replica.child.wait_until(replica.ready, START_S)


def said(replica):
    with suppress(httpx.HTTPError):
        return replica.page("/readyz")[1]
    return ""


@pytest.fixture(scope="module")
def given():
    """A webhook with a certificate that somebody else made, and the authority to trust it by. No test changes it."""
    with short_folder() as folder, given_to(folder) as (replica, authority):
        yield replica, authority


@contextmanager
def given_to(folder):
    pair, authority = certificates.make(SERVICE, time.time(), 90 * DAY_S)
    written(folder, pair)
    with webhook(folder, ["--certificate-dir", str(folder), "--service", SERVICE]) as replica:
        replica.child.wait_until(replica.ready, START_S)
        yield replica, authority


def written(folder, pair):
    (folder / "tls.crt").write_bytes(pair.certificate)
    (folder / "tls.key").write_bytes(pair.key)


def test_a_given_certificate_is_read_again_when_it_changes(folder):
    with given_to(folder) as (replica, authority):
        changed(folder, replica, authority)


def changed(folder, replica, authority):
    assert replica.client(authority).review(pod())["allowed"]
    new, other = certificates.make(SERVICE, time.time(), 90 * DAY_S)
    (folder / "tls.crt").write_bytes(new.certificate)  # half a change: the key is still the old one's
    until(lambda: "the key is not the certificate's" in replica.child.stderr.read_text())
    assert replica.client(authority).review(pod())["allowed"]
    written(folder, new)
    until(lambda: len([it for it in lines(replica) if it["event"] == "certificate_in_use"]) == 2)
    assert replica.client(other).review(pod())["allowed"]


def test_what_is_no_question_gets_a_clear_no(given):
    replica, authority = given
    client = replica.client(authority)
    answer = client.post("/inject", b"x" * 3_000_000)
    assert (answer.status_code, answer.text) == (413, "the body is larger than 2097152 bytes\n")
    for content, words in [
        (b"", "empty"),
        (b"{", "not valid JSON"),
        (b"[]", "this is no AdmissionReview of admission.k8s.io/v1"),
        (b'{"a": 1, "a": 2}', "twice"),
        (b"[" * 100_000, "nest"),
        (json.dumps({**review(pod()), "apiVersion": "admission.k8s.io/v1beta1"}).encode(), "no AdmissionReview"),
        (json.dumps(review(pod(), uid="")).encode(), "no uid"),
    ]:
        answer = client.post("/inject", content)
        assert answer.status_code == 400, content[:20]
        assert words in answer.json()["message"] or "body" in answer.json()["message"], answer.text
    assert client.post("/other", b"").status_code == 404
    assert client.review(pod())["allowed"]


def tls(replica, authority):
    context = ssl.create_default_context(cadata=authority.decode())
    raw = socket.create_connection(("127.0.0.1", replica.port), 10)
    return context.wrap_socket(raw, server_hostname=SERVICE)


@pytest.mark.parametrize(
    "garbage",
    [
        b"\x00" * 100,
        b"GET / HTTP/1.1\r\n\r\n",
        b"POST /inject HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n",
        b"POST /inject HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\n",
        b"POST /inject HTTP/1.1\r\nhost: x\r\nx: " + b"y" * 100_000 + b"\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ],
)
def test_garbage_inside_tls_is_answered_and_the_connection_ended(given, garbage):
    replica, authority = given
    with tls(replica, authority) as connection:
        connection.sendall(garbage)
        answer = b""
        with suppress(ConnectionError):
            while chunk := connection.recv(65536):
                answer += chunk
        assert answer.split(b" ", 2)[1][:1] == b"4"
    assert replica.client(authority).review(pod())["allowed"]


def test_garbage_outside_of_tls_ends_its_connection_only(given):
    replica, authority = given
    with socket.create_connection(("127.0.0.1", replica.port), 10) as raw:
        raw.sendall(b"GET / HTTP/1.1\r\n\r\n" * 100)
        with suppress(ConnectionError):
            while raw.recv(65536):
                pass
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.load_verify_locations(cadata=authority.decode())
    old.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.deprecated_call():
        old.maximum_version = ssl.TLSVersion.TLSv1_1
    with socket.create_connection(("127.0.0.1", replica.port), 10) as raw, pytest.raises(OSError):
        old.wrap_socket(raw, server_hostname=SERVICE)
    assert replica.client(authority).review(pod())["allowed"]
    assert replica.child.running


def test_a_slow_client_does_not_hold_others_up_and_is_sent_away(given):
    replica, authority = given
    with tls(replica, authority) as slow:
        slow.sendall(b"POST /inject HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{")
        assert replica.client(authority).review(pod())["allowed"]
        slow.settimeout(20)
        assert slow.recv(65536).startswith(b"HTTP/1.1 408 ")


def test_a_rollout_of_five_hundred_pods_is_answered(given):
    replica, authority = given
    client = replica.client(authority)
    with concurrent.futures.ThreadPoolExecutor(32) as pool:
        answers = list(pool.map(lambda _: client.review(pod())["allowed"], range(500)))
    assert answers == [True] * 500


def test_sigterm_turns_readiness_off_and_answers_what_still_comes(folder):
    with given_to(folder) as (replica, authority):
        ended(replica, authority)


def ended(replica, authority):
    connection = http.client.HTTPSConnection("127.0.0.1", replica.port, timeout=20, context=_any_name(authority))
    connection.connect()
    replica.child.signal(signal.SIGTERM)
    until(lambda: said(replica) == "draining\n")
    connection.request("POST", "/inject", json.dumps(review(pod())))
    assert connection.getresponse().read()
    connection.close()
    assert replica.child.stop(20) == 0


def _any_name(authority):
    context = ssl.create_default_context(cadata=authority.decode())
    context.check_hostname = False
    return context


def test_options_that_do_not_fit_are_named(folder):
    for arguments, words in [
        ([], "nothing says where a certificate comes from"),
        (["--certificate-dir", str(folder), "--secret", "x"], "somebody else makes the certificate"),
        ([*OWN[2:], "--service", "injector"], "--service: it is not the DNS name of a Service"),
        ([*OWN, "--secret", "../x"], "--secret: it is not the name of an object"),
        (list(OWN), "KUBERNETES_SERVICE_HOST: it is not set"),
        (["--certificate-dir", str(folder), "--providers", "nobody"], "no built-in provider is called"),
    ]:
        with webhook(folder, arguments) as replica:
            until(lambda replica=replica: not replica.child.running)
            assert words in replica.child.stderr.read_text()
            assert "Traceback" not in replica.child.stderr.read_text()
