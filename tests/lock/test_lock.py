"""No way around: the real rules, the real Envoy and engine, an application as its own user, and a world that counts."""

import contextlib
import json
import re
import ssl
import struct
import sys

import pytest
from tests.lock.conftest import Pod
from tests.lock.lab import (
    APP,
    DATABASE,
    DNS,
    LLM,
    LLM6,
    METADATA,
    NAMED,
    NAMED6,
    OTHER,
    SIDECAR,
)

NOT_PERMITTED, REFUSED = 1, 111
CHAT = json.dumps({"model": "gpt-5", "messages": [{"role": "user", "content": "Summarise this paragraph: it rained."}]})


@pytest.mark.parametrize("address", [LLM, LLM6])
@pytest.mark.parametrize("user", [APP, 0])
def test_a_request_to_an_llm_host_never_leaves(pod: Pod, address: str, user: int) -> None:
    before, counted = pod.lab.arrived(address), pod.refusals("llm_host")
    result = pod.act("tls", address, "443", "api.openai.com", pod.authorities, user=user)
    assert not result["ok"], result
    assert pod.lab.arrived(address) == before
    assert pod.refusals("llm_host") == counted + 1


def test_the_refusal_is_logged_with_its_reason_and_where_it_was_going(pod: Pod) -> None:
    pod.tls(OTHER, "API.OpenAI.com")
    wanted = {"egress": "llm_host", "name": "api.openai.com", "address": f"{OTHER}:443"}
    pod.lab.wait(lambda: any(wanted.items() <= line.items() for line in pod.connections()), "the log's line")
    assert not [line for line in pod.connections() if line["egress"] == "llm_host" and "upstream" in line]


def test_the_same_host_is_reached_through_the_proxy(pod: Pod) -> None:
    before = pod.lab.arrived(LLM)
    result = pod.act("post", "127.0.0.1", "15080", "/openai/v1/chat/completions", CHAT)
    assert result["ok"], result
    assert json.loads(result["body"])["server"] == "api.openai.com"
    assert pod.lab.arrived(LLM) > before


def test_envoys_listener_called_directly_is_no_way_out(pod: Pod) -> None:
    before, counted = pod.lab.arrived(LLM), pod.refusals("llm_host")
    assert not pod.act("tls", "127.0.0.1", "15083", "api.openai.com", pod.authorities)["ok"]
    assert (pod.lab.arrived(LLM), pod.refusals("llm_host")) == (before, counted + 1)


def test_the_sidecars_user_is_free(pod: Pod) -> None:
    result = pod.act("tls", LLM, "443", "api.openai.com", pod.authorities, user=SIDECAR)
    assert result["certificate"] == ["api.openai.com"]


@pytest.mark.parametrize("address", [NAMED, NAMED6])
def test_an_allowed_host_is_reached_with_its_own_certificate(pod: Pod, address: str) -> None:
    result = pod.tls(address, "allowed.example.com")
    assert result["ok"], result
    assert result["certificate"] == ["allowed.example.com"]
    assert json.loads(result["body"])["port"] == 443


@pytest.mark.parametrize("address", [LLM, OTHER])
def test_a_name_that_is_not_the_destinations_leads_to_the_names_host(pod: Pod, address: str) -> None:
    before = pod.lab.arrived(address)
    result = pod.tls(address, "allowed.example.com")
    assert result["certificate"] == ["allowed.example.com"]
    assert json.loads(result["body"])["address"] == NAMED
    assert pod.lab.arrived(address) == before


@pytest.mark.parametrize(
    ("name", "reason"),
    [("other.example.com", "not_allowed"), ("", "no_name"), ("allowed.example.com.evil.example", "not_allowed")],
)
def test_what_is_not_allowed_does_not_leave(pod: Pod, name: str, reason: str) -> None:
    before, counted = pod.lab.arrived(OTHER), pod.refusals(reason)
    assert not pod.tls(OTHER, name)["ok"]
    assert (pod.lab.arrived(OTHER), pod.refusals(reason)) == (before, counted + 1)


@pytest.mark.parametrize(
    "first", [b"SSH-2.0-client\r\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"], ids=["ssh", "http/2 in the clear"]
)
def test_what_is_neither_tls_nor_http_does_not_leave(pod: Pod, first: bytes) -> None:
    before, counted = pod.lab.arrived(OTHER), pod.refusals("unreadable")
    assert not pod.act("bytes", OTHER, "443", first.hex())["ok"]
    assert (pod.lab.arrived(OTHER), pod.refusals("unreadable")) == (before, counted + 1)


def test_who_never_says_the_whole_name_does_not_leave(pod: Pod) -> None:
    before = pod.lab.arrived(OTHER)
    assert not pod.act("bytes", OTHER, "443", hello("allowed.example.com")[:60].hex())["ok"]
    assert pod.lab.arrived(OTHER) == before


@pytest.mark.parametrize("size", [1, 7, 50])
def test_a_name_cut_into_many_records_is_read(pod: Pod, size: int) -> None:
    whole = hello("api.openai.com")
    pieces = [whole[5:][at : at + size] for at in range(0, len(whole) - 5, size)]
    records = b"".join(b"\x16\x03\x01" + struct.pack("!H", len(piece)) + piece for piece in pieces)
    before = pod.lab.arrived(LLM)
    assert not pod.act("bytes", LLM, "443", records.hex())["ok"]
    assert pod.lab.arrived(LLM) == before


def test_the_public_name_of_hidden_ones_is_refused(pod: Pod) -> None:
    counted = pod.refusals("llm_host")
    assert not pod.tls(OTHER, "cloudflare-ech.com")["ok"]
    assert pod.refusals("llm_host") == counted + 1


def hello(name: str) -> bytes:
    """A client's first message."""
    context, output = ssl.create_default_context(), ssl.MemoryBIO()
    with contextlib.suppress(ssl.SSLWantReadError):
        context.wrap_bio(ssl.MemoryBIO(), output, server_hostname=name).do_handshake()
    return output.read()


def test_plain_http_passes_to_a_host_that_was_written_down(pod: Pod) -> None:
    result = pod.act("http", OTHER, "80", "Allowed.Example.com")
    assert json.loads(result["body"])["address"] == NAMED


@pytest.mark.parametrize(
    ("host", "reason"),
    [
        ("api.openai.com", "llm_host"),
        ("API.OPENAI.COM:80", "llm_host"),
        ("api.openai.com.", "no_name"),
        ("other.example.com", "not_allowed"),
        ("allowed.example.com:8080", "no_name"),
        (LLM, "no_name"),
        ("0x7f.1", "no_name"),
        ("[::1]", "no_name"),
        ("localhost", "no_name"),
    ],
)
def test_plain_http_does_not_leave_to_any_other(pod: Pod, host: str, reason: str) -> None:
    before, counted = pod.lab.arrived(LLM), pod.refusals(reason)
    result = pod.act("http", LLM, "80", host)
    assert result["status"] == 403
    assert reason in result["body"]
    assert (pod.lab.arrived(LLM), pod.refusals(reason)) == (before, counted + 1)


@pytest.mark.parametrize("name", ["rebind", "loop", "mapped"])
def test_no_name_leads_to_the_pod_or_to_the_machines_credentials(pod: Pod, name: str) -> None:
    before = pod.lab.arrived(METADATA)
    full = f"{name}.named.example.com"
    assert not pod.tls(OTHER, full)["ok"]
    assert pod.act("http", OTHER, "80", full)["status"] == 503
    assert pod.lab.arrived(METADATA) == before


def test_the_machines_credentials_are_not_reached_directly(pod: Pod) -> None:
    before = pod.lab.arrived(METADATA)
    assert pod.act("http", METADATA, "80", METADATA)["status"] == 403
    assert pod.act("tcp", METADATA, "8080")["errno"] == REFUSED
    assert pod.lab.arrived(METADATA) == before


def test_a_providers_port_leads_to_envoy_in_the_cluster_too(pod: Pod) -> None:
    """A model at a private address, which was named as a provider: by its name, by its address, by another name."""
    before, counted = pod.lab.arrived(DATABASE), pod.refusals("llm_host")
    assert pod.act("http", DATABASE, "8000", "vllm.llm.svc:8000")["status"] == 403
    assert pod.refusals("llm_host") == counted + 1
    assert pod.act("http", DATABASE, "8000", DATABASE)["status"] == 403
    assert pod.act("http", DATABASE, "8000", "vllm")["status"] == 403
    assert pod.lab.arrived(DATABASE) == before


def test_the_port_stays_the_clients(pod: Pod) -> None:
    result = pod.act("tls", OTHER, "8000", "allowed.example.com", pod.authorities)
    assert json.loads(result["body"])["port"] == 8000


def test_a_provider_that_is_an_address_is_refused_to_the_application(pod: Pod) -> None:
    assert pod.act("http", DATABASE, "8001", "x")["errno"] == REFUSED
    assert pod.act("http", DATABASE, "8001", "x", user=SIDECAR)["ok"]


def test_a_name_that_was_written_down_may_lead_to_a_private_address(pod: Pod) -> None:
    assert pod.tls(DATABASE, "inside.named.example.com")["ok"]


@pytest.mark.parametrize(
    ("address", "port"), [(LLM, "443"), (LLM6, "443"), (NAMED, "443"), (DATABASE, "443"), (OTHER, "9999")]
)
def test_udp_is_refused_at_once(pod: Pod, address: str, port: str) -> None:
    before = pod.lab.arrived(address)
    assert pod.act("udp", address, port)["errno"] == NOT_PERMITTED
    assert pod.lab.arrived(address) == before


@pytest.mark.parametrize("port", ["22", "853", "8080", "8443", "11434"])
def test_other_ports_are_refused_at_once(pod: Pod, port: str) -> None:
    before = pod.lab.arrived(OTHER)
    assert pod.act("tcp", OTHER, port)["errno"] == REFUSED
    assert pod.lab.arrived(OTHER) == before


def test_a_raw_socket_is_no_way_out(pod: Pod) -> None:
    before = pod.lab.arrived(OTHER)
    assert not pod.act("ping", OTHER, user=0)["ok"]
    assert pod.lab.arrived(OTHER) == before


def test_the_clusters_own_services_are_reached(pod: Pod) -> None:
    assert pod.act("tcp", DATABASE, "5432")["ok"]
    assert pod.act("http", DATABASE, "80", "orders")["ok"]
    assert pod.act("udp", DATABASE, "8125")["ok"]


def test_the_pods_name_server_answers_and_no_other(pod: Pod) -> None:
    assert pod.act("lookup", "allowed.example.com")["addresses"]
    before = pod.lab.arrived(OTHER)
    assert pod.act("udp", OTHER, "53")["errno"]
    assert pod.lab.arrived(OTHER) == before
    assert DNS in pod.lab.rules()


def test_who_calls_the_pod_gets_an_answer(pod: Pod) -> None:
    """A probe or a client of the application's own server."""
    port = "18080"
    serve = [sys.executable, "-I", "-m", "http.server", port, "--bind", "10.244.0.2"]
    pod.lab.start("server", pod.lab.pod, serve, user=APP)
    try:
        ask = ["http", "10.244.0.2", port, "pod", "/"]
        pod.lab.wait(lambda: pod.lab.act(*ask, namespace=pod.lab.world).get("status"), "the application's server")
    finally:
        pod.lab.stop()


def test_run_twice_it_is_the_same_lock(pod: Pod) -> None:
    before = re.sub(r"packets \d+ bytes \d+", "", pod.lab.rules())
    assert pod.lab.lock(pod.environment).returncode == 0
    assert re.sub(r"packets \d+ bytes \d+", "", pod.lab.rules()) == before
    assert not pod.tls(LLM, "api.openai.com")["ok"]


def test_an_application_cannot_take_it_off(pod: Pod) -> None:
    done = pod.lab.lock(pod.environment, user=APP)
    assert done.returncode == 1
    assert "operation not permitted" in done.stderr
