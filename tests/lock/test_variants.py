"""The lock's other options, each set on the running pod in place of the usual ones and put back afterwards."""

import json
from collections.abc import Callable, Iterator

import pytest
from tests.lock.conftest import Pod
from tests.lock.lab import DATABASE, DNS, LLM, METADATA, NAMED, NAMED6, OTHER, SIDECAR

from firebreak.adapters import nft
from firebreak.local import envoy_binary
from firebreak.model.errors import Unavailable

NOT_PERMITTED, REFUSED = 1, 111
Relock = Callable[..., None]


@pytest.fixture
def relock(pod: Pod) -> Iterator[Relock]:
    def change(**options: str) -> None:
        changed = {f"FIREBREAK_EGRESS_{name.upper()}": value for name, value in options.items()}
        done = pod.lab.lock(pod.environment | changed)
        assert done.returncode == 0, done.stderr

    yield change
    change()


def test_a_family_without_a_listener_is_refused(pod: Pod, relock: Relock) -> None:
    relock(listen="127.0.0.1:15083")
    before = pod.lab.arrived(NAMED6)
    result = pod.tls(NAMED6, "allowed.example.com")
    assert (result.get("errno"), pod.lab.arrived(NAMED6)) == (REFUSED, before)
    assert pod.tls(NAMED, "allowed.example.com")["ok"]


def test_every_port_can_go_to_envoy(pod: Pod, relock: Relock) -> None:
    relock(ports="all")
    before = pod.lab.arrived(DATABASE), pod.lab.arrived(OTHER)
    assert not pod.act("bytes", DATABASE, "5432", "0000")["ok"]
    assert not pod.act("http", OTHER, "8080", "other.example.com")["ok"]
    assert (pod.lab.arrived(DATABASE), pod.lab.arrived(OTHER)) == before
    assert pod.act("udp", DATABASE, "8125")["ok"]
    assert pod.act("lookup", "allowed.example.com")["ok"]


def test_name_servers_can_be_closed(pod: Pod, relock: Relock) -> None:
    relock(dns="false")
    assert not pod.act("lookup", "allowed.example.com")["ok"]
    assert pod.act("udp", DNS, "53")["errno"] == NOT_PERMITTED
    assert pod.tls(OTHER, "allowed.example.com")["certificate"] == ["allowed.example.com"]  # Envoy looks it up


def test_a_destination_with_its_port_is_open_without_envoy(pod: Pod, relock: Relock) -> None:
    """An API server that is called by its address, and a machine's credentials for those who need them."""
    relock(networks=f"{OTHER}/32:443, {METADATA}/32:80, private")
    assert pod.tls(OTHER, "other.example.com")["certificate"] == ["other.example.com"]
    assert pod.act("http", METADATA, "80", METADATA)["ok"]
    assert pod.act("tcp", DATABASE, "5432")["ok"]


def test_a_destination_can_be_refused(pod: Pod, relock: Relock) -> None:
    relock(refuse=f"{DATABASE}/32:5432")
    before = pod.lab.arrived(DATABASE)
    assert pod.act("tcp", DATABASE, "5432")["errno"] == REFUSED
    assert pod.lab.arrived(DATABASE) == before
    assert pod.act("http", DATABASE, "80", "orders")["ok"]


def test_private_networks_can_be_closed(pod: Pod, relock: Relock) -> None:
    relock(networks="")
    assert pod.act("tcp", DATABASE, "5432")["errno"] == REFUSED
    assert pod.act("udp", DATABASE, "8125")["errno"] == NOT_PERMITTED
    assert pod.act("http", DATABASE, "80", "orders")["status"] == 403


def test_rules_that_cannot_be_set_leave_those_that_stand(pod: Pod) -> None:
    before = pod.lab.rules()
    done = pod.lab.lock(pod.environment | {"FIREBREAK_EGRESS_NETWORKS": "nonsense"})
    assert done.returncode == 2
    assert pod.lab.rules() == before
    with pytest.raises(Unavailable, match="were not set"):
        nft.apply("table inet firebreak { chain out { nonsense } }")


@pytest.fixture
def anywhere(pod: Pod, relock: Relock) -> Iterator[Pod]:
    """A second Envoy that lets any name pass, with the redirection turned to it."""
    environment = pod.environment | {
        "FIREBREAK_EGRESS_LISTEN": "127.0.0.1:15093",
        "FIREBREAK_EGRESS_ALLOW": "any, inside.named.example.com",
        "FIREBREAK_ENVOY_LISTEN": "127.0.0.1:15090",
        "FIREBREAK_ENVOY_STATUS_LISTEN": "127.0.0.1:15092",
        "FIREBREAK_ENVOY_ADMIN": f"{pod.lab.folder}/run/any.sock",
    }
    config = f"{pod.lab.folder}/run/any.yaml"
    pod.lab.firebreak("any-config", "envoy", "--output", config, environment=environment)
    pod.lab.finish("any-config")
    command = [str(envoy_binary.path()), "-c", config, "--disable-hot-restart", "--concurrency", "1"]
    pod.lab.start("any", pod.lab.pod, [*command, "--log-level", "warning"], user=SIDECAR)
    ready = ("http", "127.0.0.1", "15092", "pod", "/ready")
    pod.lab.wait(lambda: pod.act(*ready).get("status") == 200, "the second Envoy")
    relock(listen="127.0.0.1:15093")
    yield Pod(pod.lab, environment)
    pod.lab.stop()


def test_any_lets_names_pass_but_no_model_and_nothing_private(anywhere: Pod) -> None:
    before = {address: anywhere.lab.arrived(address) for address in (LLM, DATABASE, METADATA)}
    assert anywhere.tls(NAMED, "other.example.com")["certificate"] == ["other.example.com"]
    for name in ("api.openai.com", "private.example.com", "rebind.named.example.com", "loop.named.example.com", ""):
        assert not anywhere.tls(OTHER, name)["ok"], name
    assert anywhere.act("http", OTHER, "80", "other.example.com")["status"] == 403
    assert {address: anywhere.lab.arrived(address) for address in before} == before
    assert anywhere.tls(OTHER, "inside.named.example.com")["ok"]
    assert json.loads(anywhere.act("http", OTHER, "80", "inside.named.example.com")["body"])["address"] == DATABASE
