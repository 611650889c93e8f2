import asyncio

import pytest
from tests.unit.pipeline.test_decide import KeywordClassifier, MemoryLog, chat
from tests.unit.pipeline.test_read import exchange

from firebreak.adapters.metrics import Metrics
from firebreak.adapters.policy_dir import PolicyDir
from firebreak.app.engine import Engine
from firebreak.model.decision import Verdict
from firebreak.model.errors import BadConfig
from firebreak.model.record import Record
from firebreak.pipeline.screen import Screen
from firebreak.pipeline.snapshot import Snapshot
from firebreak.policy.compile import load

GOOD = """
policy: {{name: p, version: "{version}"}}
categories: [coding]
rules: [{{id: allow-coding, decision: {decision}, match_categories: [coding]}}]
"""


def compose(text, file, generation):
    """Compiles for real, without the heavy parts."""
    screen = Screen([], KeywordClassifier(), memory_entries=10, budget_s=10)
    return Snapshot(load(text, file, {}), screen, None, generation)


def policy(version="1", decision="ALLOW"):
    return GOOD.format(version=version, decision=decision)


@pytest.fixture
def directory(tmp_path):
    (tmp_path / "policy.yaml").write_text(policy(), encoding="utf-8")
    return tmp_path


class Running:
    """An engine that follows a directory."""

    def __init__(self, directory, observers=(), compose=compose, policy_observers=()):
        self.metrics = Metrics()
        self.log = MemoryLog()
        self.engine = Engine(compose, self.log, self.metrics, observers, policy_observers)
        self.policies = PolicyDir(directory, poll_s=0.02, settle_s=0.02)

    async def __aenter__(self):
        self.task = asyncio.ensure_future(self.engine.follow(self.policies))
        return self

    async def __aexit__(self, *error):
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)

    async def ask(self, text="code"):
        outcome = await self.engine.decide(exchange(body=chat(text)))
        return outcome.record

    async def until(self, condition):
        async with asyncio.timeout(10):
            while not await condition():  # noqa: ASYNC110 - the condition is a request's answer
                await asyncio.sleep(0.01)


async def test_it_is_not_ready_before_a_policy_has_loaded(tmp_path):
    async with Running(tmp_path) as running:
        assert running.engine.not_ready
        assert (await running.ask()).decision.rule == "no-policy"
        (tmp_path / "policy.yaml").write_text(policy(), encoding="utf-8")
        await asyncio.wait_for(running.engine.ready.wait(), 10)
        assert running.engine.not_ready == ""
        assert (await running.ask()).decision.rule == "allow-coding"


async def test_a_new_policy_takes_the_place_of_the_old_one(directory):
    async with Running(directory) as running:
        await running.engine.ready.wait()
        (directory / "policy.yaml").write_text(policy("2", "BLOCK"), encoding="utf-8")

        async def swapped():
            return (await running.ask()).policy.version == "2"

        await running.until(swapped)
        assert (await running.ask()).decision.verdict is Verdict.BLOCK


async def test_reload_is_all_or_nothing(directory):
    async with Running(directory) as running:
        await running.engine.ready.wait()
        (directory / "policy.yaml").write_text("policy: {name: broken}", encoding="utf-8")

        async def told():
            return b'firebreak_policy_reload_total{result="refused"} 1.0' in running.metrics.render()

        await running.until(told)
        assert running.engine.not_ready == ""
        assert (await running.ask()).policy.version == "1"


async def test_observers_get_the_record_after_the_answer(directory):
    seen: list[Record] = []
    async with Running(directory, [seen.append]) as running:
        await running.engine.ready.wait()
        record = await running.ask()
        assert seen == []
        await asyncio.sleep(0)
        assert seen == [record]


class Told:
    def __init__(self):
        self.said = []

    def loaded(self, policy):
        self.said.append(policy.version)

    def refused(self, problem, kept):
        self.said.append((problem, kept))


async def test_policy_observers_are_told_of_what_loads_and_what_does_not(directory):
    told = Told()
    async with Running(directory, policy_observers=[told]) as running:

        async def said(count):
            return len(told.said) == count

        await running.until(lambda: said(1))
        (directory / "policy.yaml").write_text("policy: 3", encoding="utf-8")
        await running.until(lambda: said(2))
        in_force = running.engine._snapshot.program.ref.digest
    assert told.said[0] == "1"
    problem, kept = told.said[1]
    assert "policy.yaml" in problem
    assert kept == in_force


async def test_what_cannot_be_composed_is_refused_whole(directory):
    def failing(text, file, generation):
        raise BadConfig("categories", "one of them can never be recognised")

    async with Running(directory, compose=failing) as running:
        await asyncio.sleep(0.1)
        assert "never be recognised" in running.engine.not_ready
