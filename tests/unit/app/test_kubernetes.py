"""The Kubernetes parts of a worker: absent unless asked for, and never in the way."""

import asyncio
import subprocess
import sys

import pytest
from tests.unit.adapters.api_server import LOOPBACK, Authority, environment, mount, serving
from tests.unit.adapters.test_kubernetes_events import refusal
from tests.unit.adapters.test_token_review import token, yes
from tests.unit.edge.test_identity import asked

from firebreak.adapters.kubernetes_events import PodEvents
from firebreak.adapters.metrics import Metrics
from firebreak.app import kubernetes
from firebreak.app.kubernetes import identity, pod_events
from firebreak.model.errors import BadConfig
from firebreak.model.reason import Reason
from firebreak.model.record import PolicyRef
from firebreak.settings import Settings

POD = {"kubernetes_events": True, "pod_name": "app-1", "pod_namespace": "shop", "pod_uid": "uid-1"}


def settings_of(**changes):
    return Settings.model_validate({**POD, **changes})


@pytest.fixture
def account(tmp_path):
    return mount(tmp_path, Authority())


async def test_by_default_there_is_nothing():
    async with pod_events(Settings(), 0, Metrics()) as events, identity(Settings(), Metrics()) as identify:
        assert events == []
        assert identify is None


def test_a_service_without_the_options_imports_no_web_client():
    code = (
        "import sys, firebreak.app.worker; "
        "print([name for name in ('httpx', 'firebreak.adapters.kubernetes_api') if name in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


async def test_events_run_until_the_end_and_say_their_last_words(tmp_path, monkeypatch):
    authority = Authority()
    async with serving(tmp_path, authority, [LOOPBACK]) as server:
        settings = settings_of(kubernetes_dir=str(mount(tmp_path, authority)))
        for name, value in environment(server.port).items():
            monkeypatch.setenv(name, value)
        async with pod_events(settings, 0, Metrics()) as (events,):
            events.loaded(PolicyRef("p", "1", "d" * 64))
            await server.asked.wait()
            events.observe(refusal())
        told = [seen.body.get("reason") for seen in server.requests]
        assert "RequestRefused" in told
        assert "PolicyLoaded" in told


async def test_outside_a_cluster_the_options_are_an_error(account, monkeypatch):
    monkeypatch.delenv("KUBERNETES_SERVICE_HOST", raising=False)
    settings = settings_of(caller_token_header="x-firebreak-caller-token", kubernetes_dir=str(account))
    with pytest.raises(BadConfig, match="no pod"):
        async with pod_events(settings, 0, Metrics()):
            pass
    with pytest.raises(BadConfig, match="no pod"):
        async with identity(settings, Metrics()):
            pass


async def test_a_bug_in_telling_ends_nothing_else(account, monkeypatch, caplog):
    async def broken(self):
        raise ZeroDivisionError

    monkeypatch.setenv("KUBERNETES_SERVICE_HOST", "127.0.0.1")
    monkeypatch.setattr(PodEvents, "run", broken)
    async with pod_events(settings_of(kubernetes_dir=str(account)), 0, Metrics()):
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    assert [line.getMessage() for line in caplog.records] == ["kubernetes_events_ended"]


async def test_certificates_need_no_api():
    async with identity(Settings(gateway_tls_dir="/tls"), Metrics()) as identify:
        assert identify is not None
        assert (await identify(asked("spiffe://a/ns/shop/sa/web"))).caller.namespace == "shop"


async def test_tokens_are_reviewed_by_the_api_in_less_time_than_envoy_waits(tmp_path, monkeypatch):
    authority = Authority()
    monkeypatch.setattr(kubernetes, "REVIEW_SHARE", 0.1)
    async with serving(tmp_path, authority, [LOOPBACK]) as server:
        server.answers = [(201, yes())]
        for name, value in environment(server.port).items():
            monkeypatch.setenv(name, value)
        directory = str(mount(tmp_path, authority))
        settings = Settings(caller_token_header="x-firebreak-caller-token", kubernetes_dir=directory)
        async with identity(settings, Metrics()) as identify:
            assert identify is not None
            later = 4_000_000_000
            assert (await identify(asked("", token(exp=later)))).caller.service_account == "web"
            server.delay_s = 30.0
            found = await identify(asked("", token(1, exp=later)))
            assert found.fault is Reason.CALLER_UNAVAILABLE
