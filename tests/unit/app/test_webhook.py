import asyncio
import json
import os
import signal
import time
from dataclasses import replace

import pytest
from tests.unit.adapters.kube_memory import KubeMemory
from tests.unit.kube.pods import options, pod
from tests.unit.kube.test_admission import review

from firebreak.adapters.certificates import make
from firebreak.adapters.own_certificate import Names
from firebreak.app import webhook as module
from firebreak.app.webhook import Webhook, WebhookOptions
from firebreak.model.errors import BadConfig

NAME = "injector.firebreak.svc"
OPTIONS = WebhookOptions(options(), options(everything=True), ("127.0.0.1", 0), ("127.0.0.1", 0))
PLAIN = {"spec": pod()["spec"]}


@pytest.fixture
def given(tmp_path):
    pair, _ = make(NAME, time.time(), 86_400)
    (tmp_path / "tls.crt").write_bytes(pair.certificate)
    (tmp_path / "tls.key").write_bytes(pair.key)
    return replace(OPTIONS, certificate_dir=tmp_path, service=NAME)


def asked(webhook, path, subject, **changes):
    reply = webhook.handle("POST", path, json.dumps(review(subject, **changes)).encode())
    assert (reply.status, reply.content_type) == (200, "application/json")
    return json.loads(reply.body)["response"]


def test_each_path_has_its_own_question(given) -> None:
    webhook = Webhook(given, None)
    assert "patch" not in asked(webhook, "/inject", PLAIN)
    assert "patch" in asked(webhook, "/inject-all", PLAIN)
    assert "patch" in asked(webhook, "/inject", pod())
    assert not asked(webhook, "/inject-all", pod({"hostNetwork": True}))["allowed"]
    said = webhook._metrics.render().decode()
    assert 'firebreak_injections_total{code="injected",outcome="injected"} 2.0' in said
    assert 'firebreak_injections_total{code="host-network",outcome="refused"} 1.0' in said


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [("POST", "/", b"", 404), ("GET", "/inject", b"", 405), ("POST", "/inject", b"x", 400)],
)
def test_other_questions_are_refused(given, method, path, body, status) -> None:
    assert Webhook(given, None).handle(method, path, body).status == status


def test_events_are_told_where_they_are_wanted(given) -> None:
    refused = pod({"hostNetwork": True})
    for wanted in (False, True):
        webhook = Webhook(replace(given, events=wanted), KubeMemory())
        asked(webhook, "/inject", refused, dryRun=True)
        asked(webhook, "/inject", refused)
        waiting = webhook._events._waiting.qsize() if webhook._events else 0
        assert waiting == int(wanted)


async def ended(serving):
    os.kill(os.getpid(), signal.SIGTERM)
    await asyncio.wait_for(serving, 20)


@pytest.fixture
def hurried(monkeypatch):
    monkeypatch.setattr(module, "REFRESH_S", 0.01)
    monkeypatch.setattr(module, "LEAVE_S", 0.01)


async def until(done):
    async with asyncio.timeout(20):
        while not done():  # noqa: ASYNC110 - what is waited for has no event
            await asyncio.sleep(0.01)


async def test_it_listens_when_it_is_trusted_and_not_before(hurried) -> None:
    api = KubeMemory()
    api.down = 0
    webhook = Webhook(replace(OPTIONS, names=Names(NAME, "certificate", "injector"), service=NAME), api)
    serving = asyncio.create_task(webhook.serve())
    await until(lambda: "the API is down" in webhook.not_ready())
    assert webhook._server._server is None
    api.down = None
    await until(lambda: webhook._server._server is not None)
    await until(lambda: not webhook.not_ready())
    assert "certificate_end_timestamp_seconds 1." in webhook._metrics.render().decode()
    await ended(serving)
    assert webhook.not_ready() == "draining"


async def test_a_certificate_alone_makes_nothing_ready(given, hurried, monkeypatch) -> None:
    webhook, opened = Webhook(given, None), asyncio.Event()
    listen = webhook._server.start

    async def slowly(host: str, port: int) -> int:
        await opened.wait()
        return await listen(host, port)

    monkeypatch.setattr(webhook._server, "start", slowly)
    serving = asyncio.create_task(webhook.serve())
    await until(lambda: webhook._certificate.not_ready == "")
    assert webhook.not_ready() == "not listening yet"
    opened.set()
    await until(lambda: not webhook.not_ready())
    await ended(serving)


async def test_what_fails_ends_the_process(given, hurried) -> None:
    taken = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    address = taken.sockets[0].getsockname()[:2]
    with pytest.raises(BadConfig) as error:
        await Webhook(replace(given, listen=address), None).serve()
    assert error.value.place == "--listen"
    taken.close()


async def test_a_problem_is_said_once_and_its_end_too(given, hurried, caplog) -> None:
    caplog.set_level("INFO", "firebreak")
    key = (given.certificate_dir / "tls.key").read_bytes()
    (given.certificate_dir / "tls.key").write_bytes(b"x")
    webhook = Webhook(given, None)
    serving = asyncio.create_task(webhook.serve())
    await until(lambda: "cannot be read" in webhook.not_ready())
    await asyncio.sleep(0.1)
    (given.certificate_dir / "tls.key").write_bytes(key)
    await until(lambda: webhook._server._server is not None)
    await ended(serving)
    assert [record.getMessage() for record in caplog.records].count("certificate_state") == 2
