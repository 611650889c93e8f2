import asyncio
import os
import signal

import grpc
import pytest
from envoy.service.auth.v3 import external_auth_pb2
from tests.unit.app.test_compose import POLICY
from tests.unit.edge.test_ext_authz import METHOD
from tests.unit.edge.test_translate import check_request
from tests.unit.pipeline.test_decide import chat

from firebreak.adapters.metrics import Metrics
from firebreak.app.compose import Composer
from firebreak.app.worker import Worker
from firebreak.audit.verify import LogFile, verify
from firebreak.model.errors import BadConfig, Unavailable
from firebreak.settings import Settings


@pytest.fixture
def settings(tmp_path):
    (tmp_path / "policy").mkdir()
    (tmp_path / "policy" / "p.yaml").write_text(POLICY, encoding="utf-8")
    (tmp_path / "audit").mkdir()
    return Settings(
        policy_dir=tmp_path / "policy", audit_dir=tmp_path / "audit", listen=f"unix:{tmp_path}/e.sock", drain_s=5
    )


async def ask(settings, text):
    async with grpc.aio.insecure_channel(settings.listen) as channel:
        call = channel.unary_unary(
            METHOD,
            request_serializer=external_auth_pb2.CheckRequest.SerializeToString,
            response_deserializer=external_auth_pb2.CheckResponse.FromString,
        )
        body = chat(text)
        return await call(check_request(body, path="/openai/v1/chat/completions"))


async def test_a_worker_serves_until_sigterm_and_leaves_a_whole_log(settings):
    worker = Worker(settings, 0, Metrics())
    assert worker.not_ready() == "starting"
    serving = asyncio.ensure_future(worker.serve())
    async with asyncio.timeout(30):
        while worker.not_ready():
            assert not serving.done()
            await asyncio.sleep(0.02)
    response = await ask(settings, "Write a Python function that sorts a list of words by length.")
    assert response.WhichOneof("http_response") == "ok_response"
    os.kill(os.getpid(), signal.SIGTERM)
    await asyncio.wait_for(serving, 10)
    assert worker.not_ready() == "draining"
    (file,) = settings.audit_dir.glob("*.jsonl")
    report = verify([LogFile(file.name, file.read_bytes().splitlines(keepends=True))])
    assert report.ok
    assert response.dynamic_metadata["record"] in file.read_text(encoding="utf-8")


async def test_a_worker_is_ready_before_it_is_warm_and_then_warms_to_the_end(settings, monkeypatch):
    steps = []

    def warm(_composer):
        for step in range(3):
            steps.append((step, worker.not_ready()))
            yield

    monkeypatch.setattr(Composer, "warm", warm)
    worker = Worker(settings, 0, Metrics())
    serving = asyncio.ensure_future(worker.serve())
    async with asyncio.timeout(30):
        while len(steps) < 3:
            assert not serving.done()
            await asyncio.sleep(0.02)
    worker.stop()
    await asyncio.wait_for(serving, 10)
    assert steps == [(step, "") for step in range(3)]


async def test_a_worker_does_not_serve_without_a_log(settings):
    file = settings.policy_dir / "p.yaml"
    worker = Worker(settings.model_copy(update={"audit_dir": file / "audit"}), 0, Metrics())
    with pytest.raises((BadConfig, Unavailable)):
        await asyncio.wait_for(worker.serve(), 10)
