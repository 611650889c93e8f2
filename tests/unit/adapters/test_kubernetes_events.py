"""Events on the pod: what they say, how seldom, and what happens when the API is away."""

import asyncio
import json
import logging
from contextlib import asynccontextmanager, suppress
from dataclasses import replace

import pytest
from tests.unit.adapters.api_server import LOOPBACK, Authority, environment, mount, serving
from tests.unit.edge.test_translate import record

from firebreak.adapters import kubernetes_events
from firebreak.adapters.kubernetes_api import MERGE_PATCH, ApiUnavailable, KubernetesApi
from firebreak.adapters.kubernetes_events import BURST, MAX_SERIES, PodEvents, PodRef
from firebreak.model.decision import Mode, Verdict
from firebreak.model.finding import Direction
from firebreak.model.record import PolicyRef

POD = PodRef("shop", "app-1", "uid-1")
EVENTS = "/apis/events.k8s.io/v1/namespaces/shop/events"
TIME_S = 1_700_000_000.25


class Clock:
    now_s = 1000.0

    def __call__(self):
        return self.now_s


class FakeApi:
    """Keeps what it was asked; `refusals` are given in turn before it says yes."""

    def __init__(self):
        self.calls = []
        self.refusals = []
        self.down = None
        self.closed = False
        self.hangs = False

    async def request(self, method, path, body=None, content_type="application/json"):
        self.calls.append((method, path, json.loads(json.dumps(body)), content_type))
        if self.hangs:
            await asyncio.sleep(60)
        if self.down or self.refusals:
            raise self.down or self.refusals.pop(0)
        return {}

    async def close(self):
        self.closed = True

    def events(self):
        return [call for call in self.calls if call[1].startswith(EVENTS)]


class FakeCounts:
    def __init__(self):
        self.calls = []
        self.dropped = 0

    def kubernetes_call(self, call, result):
        self.calls.append((call, result))

    def event_dropped(self):
        self.dropped += 1


class Bench:
    def __init__(self, pod=POD):
        self.api, self.counts, self.clock = FakeApi(), FakeCounts(), Clock()
        self.events = PodEvents(self.api, pod, self.counts, self.clock)

    async def send(self, later_s=0.0):
        self.clock.now_s += later_s
        await self.events._send(60.0)


def refusal(rule="no-secrets", record_id="r1", *, description="Keys stay inside", time_s=TIME_S, **decision):
    made = record()
    refused = replace(made.decision, verdict=Verdict.BLOCK, rule=rule, description=description, **decision)
    return replace(made, id=record_id, time_s=time_s, decision=refused)


@asynccontextmanager
async def running(events):
    task = asyncio.create_task(events.run())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def test_a_refused_rule_is_an_event_on_the_pod():
    bench = Bench()
    bench.events.observe(refusal())
    await bench.send()
    ((method, path, body, content_type),) = bench.api.calls
    assert (method, path, content_type) == ("POST", EVENTS, "application/json")
    assert body == {
        "apiVersion": "events.k8s.io/v1",
        "kind": "Event",
        "metadata": {"name": "app-1.60a2418221090-0-1", "namespace": "shop"},
        "eventTime": "2023-11-14T22:13:20.250000Z",
        "type": "Warning",
        "reason": "RequestRefused",
        "action": "Refuse",
        "note": "BLOCK by no-secrets: Keys stay inside (first record r1)",
        "regarding": {"apiVersion": "v1", "kind": "Pod", "namespace": "shop", "name": "app-1", "uid": "uid-1"},
        "reportingController": "firebreak.dev/engine",
        "reportingInstance": "app-1",
    }
    assert bench.counts.calls == [("event", "ok")]


async def test_a_refused_response_is_another_event_and_a_redacted_one_is_none():
    bench = Bench()
    answer = {"direction": Direction.RESPONSE, "status": 200}
    bench.events.observe(replace(refusal(), **answer, ending="cut"))
    bench.events.observe(replace(refusal(), **answer, ending="complete", changes=2))
    bench.events.observe(refusal())
    await bench.send()
    told = [call[2] for call in bench.api.events()]
    assert [event["reason"] for event in told] == ["ResponseRefused", "RequestRefused"]
    assert all("series" not in event for event in told)


async def test_what_passes_is_no_event():
    bench = Bench()
    bench.events.observe(record())
    bench.events.observe(refusal(mode=Mode.SHADOW))
    await bench.send()
    assert bench.api.calls == []


async def test_a_flood_of_one_rule_is_one_event_and_a_patch_a_minute():
    bench = Bench()
    for _ in range(10_000):
        bench.events.observe(refusal())
    await bench.send()
    for second in range(1, 60):
        bench.events.observe(refusal(record_id=f"later{second}", time_s=TIME_S + second))
        await bench.send(later_s=1)
    assert [call[0] for call in bench.api.calls] == ["POST"]
    assert bench.api.calls[0][2]["series"]["count"] == 10_000
    await bench.send(later_s=1)
    method, path, body, content_type = bench.api.calls[1]
    assert (method, path, content_type) == ("PATCH", f"{EVENTS}/app-1.60a2418221090-0-1", MERGE_PATCH)
    assert body == {"series": {"count": 10_059, "lastObservedTime": "2023-11-14T22:14:19.250000Z"}}


async def test_two_rules_are_two_events():
    bench = Bench()
    bench.events.observe(refusal("one"))
    bench.events.observe(refusal("two", description=""))
    await bench.send()
    assert [call[2]["note"] for call in bench.api.calls] == [
        "BLOCK by one: Keys stay inside (first record r1)",
        "BLOCK by two (first record r1)",
    ]
    assert len({call[2]["metadata"]["name"] for call in bench.api.calls}) == 2


async def test_many_rules_at_once_wait_for_their_turn_and_lose_no_count():
    bench = Bench()
    for number in range(40):
        bench.events.observe(refusal(f"rule-{number}"))
    await bench.send()
    assert len(bench.api.calls) == BURST
    for _ in range(40):
        await bench.send(later_s=6)
    notes = {call[2]["note"] for call in bench.api.calls}
    assert len(bench.api.calls) == len(notes) == 40


async def test_those_that_waited_longest_come_first():
    bench = Bench()
    for _ in range(3):
        for number in range(BURST + 5):
            bench.events.observe(refusal(f"rule-{number}"))
        await bench.send(later_s=60)
    told = [call[2]["note"] for call in bench.api.calls if call[0] == "POST"]
    assert len(told) == BURST + 5


async def test_more_rules_than_there_is_room_for_are_counted_as_dropped():
    bench = Bench()
    for number in range(MAX_SERIES + 3):
        bench.events.observe(refusal(f"rule-{number}"))
    assert bench.counts.dropped == 3
    await bench.send()
    bench.events.observe(refusal("one more"))
    assert bench.counts.dropped == 3


async def test_after_half_an_hour_of_silence_a_new_event_is_made():
    bench = Bench()
    bench.events.observe(refusal())
    await bench.send()
    bench.clock.now_s += 1801
    bench.events.observe(refusal(record_id="r2", time_s=TIME_S + 1801))
    await bench.send()
    assert [call[0] for call in bench.api.calls] == ["POST", "POST"]
    assert "first record r2" in bench.api.calls[1][2]["note"]


async def test_an_event_that_the_api_has_forgotten_is_made_again_with_its_count():
    bench = Bench()
    bench.events.observe(refusal())
    await bench.send()
    bench.events.observe(refusal())
    bench.api.refusals = [ApiUnavailable(404, "NotFound", "no such Event")]
    await bench.send(later_s=60)
    await bench.send(later_s=60)
    assert [call[0] for call in bench.api.calls] == ["POST", "PATCH", "POST"]
    assert bench.api.calls[2][2]["series"]["count"] == 2
    assert bench.api.calls[2][2]["metadata"]["name"] != bench.api.calls[0][2]["metadata"]["name"]


async def test_an_event_whose_answer_was_lost_is_not_made_twice():
    bench = Bench()
    bench.events.observe(refusal())
    bench.api.refusals = [ApiUnavailable(409, "AlreadyExists", "it exists")]
    await bench.send()
    await bench.send(later_s=600)
    assert len(bench.api.calls) == 1


async def test_what_the_api_never_takes_is_dropped():
    bench = Bench()
    bench.events.observe(refusal())
    bench.api.refusals = [ApiUnavailable(422, "Invalid", "no")]
    await bench.send()
    await bench.send(later_s=600)
    assert len(bench.api.calls) == 1
    assert bench.counts.dropped == 1


async def test_without_the_api_there_is_one_warning_and_longer_and_longer_pauses(caplog):
    caplog.set_level(logging.INFO)
    bench = Bench()
    bench.api.down = ApiUnavailable(0, "", "the Kubernetes API cannot be reached")
    for _ in range(3600):
        bench.events.observe(refusal())
        await bench.send(later_s=1)
    assert len(bench.api.calls) < 25
    assert [line.getMessage() for line in caplog.records] == ["kubernetes_unavailable"]
    bench.api.down = None
    await bench.send(later_s=300)
    assert bench.api.calls[-1][2]["series"]["count"] == 3600
    assert [line.getMessage() for line in caplog.records] == ["kubernetes_unavailable", "kubernetes_available"]
    assert bench.counts.calls[-1] == ("event", "ok")
    assert bench.counts.dropped == 0


async def test_a_policy_in_force_is_an_event_and_the_pods_annotation():
    bench = Bench()
    bench.events.loaded(PolicyRef("defense", "2.0", "d" * 64))
    await bench.send()
    assert bench.api.calls[0] == (
        "PATCH",
        "/api/v1/namespaces/shop/pods/app-1",
        {"metadata": {"uid": "uid-1", "annotations": {"firebreak.dev/policy-digest": "d" * 64}}},
        MERGE_PATCH,
    )
    told = bench.api.calls[1][2]
    assert (told["type"], told["reason"], told["action"]) == ("Normal", "PolicyLoaded", "LoadPolicy")
    assert told["note"] == f"policy defense 2.0 is in force ({'d' * 64})"
    await bench.send(later_s=600)
    assert len(bench.api.calls) == 2
    assert bench.counts.calls == [("annotation", "ok"), ("event", "ok")]


async def test_a_policy_that_does_not_load_is_an_event_and_leaves_the_annotation():
    bench = Bench()
    bench.events.refused("p.yaml:3: rules: it has\n no value", "d" * 64)
    bench.events.refused("p.yaml: gone", "")
    await bench.send()
    told = [call[2] for call in bench.api.calls]
    assert [(one["type"], one["reason"]) for one in told] == [("Warning", "PolicyRefused")] * 2
    assert told[0]["note"] == f"p.yaml:3: rules: it has no value ({'d' * 64} stays in force)"
    assert told[1]["note"] == "p.yaml: gone (no policy is in force)"


async def test_without_the_right_to_patch_pods_events_go_on(caplog):
    bench = Bench()
    bench.events.loaded(PolicyRef("defense", "2.0", "d" * 64))
    bench.api.refusals = [ApiUnavailable(403, "Forbidden", "may not")]
    await bench.send()
    assert bench.counts.calls == [("annotation", "failed"), ("event", "ok")]
    assert [line.getMessage() for line in caplog.records] == ["kubernetes_unavailable"]


async def test_only_the_first_worker_speaks_of_the_policy():
    bench = Bench(replace(POD, worker=1))
    bench.events.loaded(PolicyRef("defense", "2.0", "d" * 64))
    bench.events.refused("p.yaml: gone", "")
    bench.events.observe(refusal())
    await bench.send()
    assert [call[2]["reason"] for call in bench.api.calls] == ["RequestRefused"]
    assert bench.api.calls[0][2]["metadata"]["name"].endswith("-1-1")


@pytest.mark.parametrize("letter", ["x", "ü", "€", "😀"])
async def test_a_note_is_never_longer_than_the_api_takes_and_ends_with_the_record(letter):
    bench = Bench()
    bench.events.observe(refusal(description=letter * 2000))
    await bench.send()
    note = bench.api.calls[0][2]["note"]
    assert 1000 < len(note.encode()) <= 1024
    assert note.endswith("... (first record r1)")


async def test_a_long_pod_name_still_makes_a_name_that_the_api_takes():
    bench = Bench(replace(POD, name="a" * 199 + "-" + "b" * 50))
    bench.events.observe(refusal())
    await bench.send()
    body = bench.api.calls[0][2]
    assert len(body["metadata"]["name"]) <= 253
    assert "-." not in body["metadata"]["name"]
    assert len(body["reportingInstance"]) == 128


async def test_it_sends_by_itself_and_rests_when_there_is_nothing_to_say(monkeypatch):
    monkeypatch.setattr(kubernetes_events, "TICK_S", 0.01)
    bench = Bench()
    async with running(bench.events):
        bench.events.observe(refusal())
        async with asyncio.timeout(5):
            while bench.events._wake.is_set() or not bench.api.calls:  # noqa: ASYNC110 - the fake has no event to wait for
                await asyncio.sleep(0.01)
        bench.events.observe(refusal("another"))
        async with asyncio.timeout(5):
            while len(bench.api.calls) < 2:  # noqa: ASYNC110 - as above
                await asyncio.sleep(0.01)


async def test_on_closing_it_says_what_is_unsaid():
    bench = Bench()
    bench.events.observe(refusal())
    await bench.send()
    bench.events.observe(refusal())
    await bench.events.close()
    assert [call[0] for call in bench.api.calls] == ["POST", "PATCH"]
    assert bench.api.closed


async def test_closing_takes_no_longer_than_its_moment(monkeypatch, caplog):
    monkeypatch.setattr(kubernetes_events, "LAST_WORDS_S", 0.05)
    bench = Bench()
    bench.api.hangs = True
    bench.events.observe(refusal())
    await bench.events.close()
    assert bench.api.closed
    assert [line.getMessage() for line in caplog.records] == ["kubernetes_unavailable"]


async def test_over_a_real_connection(tmp_path):
    authority = Authority()
    async with serving(tmp_path, authority, [LOOPBACK]) as server:
        api = KubernetesApi.in_cluster(str(mount(tmp_path, authority)), environment(server.port))
        events = PodEvents(api, POD, FakeCounts())
        events.loaded(PolicyRef("defense", "2.0", "d" * 64))
        events.observe(refusal())
        await events.close()
        assert [(seen.method, seen.headers["content-type"]) for seen in server.requests] == [
            ("PATCH", MERGE_PATCH),
            ("POST", "application/json"),
            ("POST", "application/json"),
        ]
