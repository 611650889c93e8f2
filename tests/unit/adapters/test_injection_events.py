import asyncio
from contextlib import suppress
from dataclasses import replace

import pytest

from firebreak.adapters.injection_events import BURST, MAX_KNOWN, MAX_WAITING, REPEAT_S, InjectionEvents
from firebreak.adapters.kubernetes_api import ApiUnavailable
from firebreak.model.announcement import Announcement

SAID = Announcement(
    "shop", "apps/v1", "ReplicaSet", "shop-7f", "u-1", "host-network", "it would serve the node", warning=True
)


class Api:
    def __init__(self) -> None:
        self.sent: list[tuple[str, str, dict]] = []
        self.down = False

    async def request(self, method, path, body=None, content_type="application/json"):
        self.sent.append((method, path, body))
        if self.down:
            raise ApiUnavailable(403, "Forbidden", "no")
        return {}


class Counts:
    def __init__(self) -> None:
        self.results: list[str] = []

    def event(self, result):
        self.results.append(result)


class Fixture:
    def __init__(self) -> None:
        self.api, self.counts, self.now_s = Api(), Counts(), 0.0
        self.events = InjectionEvents(self.api, "webhook-1", self.counts, lambda: self.now_s)

    async def sent(self):
        """What was sent since, once the queue is empty."""
        self.api.sent.clear()
        task = asyncio.create_task(self.events.run())
        for _ in range(200):
            await asyncio.sleep(0)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        return [body for _, _, body in self.api.sent]


@pytest.fixture
def it():
    return Fixture()


async def test_an_event_has_the_form_of_the_api(it) -> None:
    it.events.tell(SAID)
    (body,) = await it.sent()
    assert it.api.sent[0][:2] == ("POST", "/apis/events.k8s.io/v1/namespaces/shop/events")
    assert (body["apiVersion"], body["kind"], body["type"]) == ("events.k8s.io/v1", "Event", "Warning")
    assert (body["reason"], body["action"], body["note"]) == ("host-network", "Inject", "it would serve the node")
    assert body["regarding"] == {
        "apiVersion": "apps/v1",
        "kind": "ReplicaSet",
        "name": "shop-7f",
        "namespace": "shop",
        "uid": "u-1",
    }
    assert (body["reportingController"], body["reportingInstance"]) == ("firebreak.dev/webhook", "webhook-1")
    assert body["eventTime"].endswith("Z")
    assert len(body["eventTime"]) == len("2026-11-21T08:00:00.000000Z")
    assert body["metadata"]["namespace"] == "shop"
    assert "series" not in body
    assert it.counts.results == ["sent"]


async def test_a_namespace_has_no_uid_and_a_skip_is_no_warning(it) -> None:
    it.events.tell(replace(SAID, kind="Namespace", uid="", warning=False))
    (body,) = await it.sent()
    assert "uid" not in body["regarding"]
    assert body["type"] == "Normal"


async def test_the_same_again_is_counted_and_told_later(it) -> None:
    for _ in range(5):
        it.events.tell(SAID)
    it.events.tell(replace(SAID, code="windows"))
    it.events.tell(replace(SAID, name="other"))
    assert len(await it.sent()) == 3
    it.now_s = REPEAT_S
    it.events.tell(SAID)
    (body,) = await it.sent()
    assert body["series"]["count"] == 5


async def test_a_flood_is_dropped_and_counted(it) -> None:
    for number in range(BURST + 10):
        it.events.tell(replace(SAID, name=f"n{number}"))
    assert it.counts.results == ["dropped"] * 10
    assert len(await it.sent()) == BURST


async def test_a_full_queue_is_not_waited_for(it) -> None:
    for number in range(MAX_WAITING + 5):
        it.now_s += 10
        it.events.tell(replace(SAID, name=f"n{number}"))
    assert it.counts.results == ["dropped"] * 5
    assert len(await it.sent()) == MAX_WAITING


async def test_what_is_remembered_is_bounded(it) -> None:
    for number in range(MAX_KNOWN + 5):
        it.now_s += 10
        it.events.tell(replace(SAID, name=f"n{number}"))
        await asyncio.sleep(0)
        if number % MAX_WAITING == 0:
            await it.sent()
    assert len(it.events._known) <= MAX_KNOWN


async def test_a_refusal_of_the_api_is_counted_and_logged_once(it, caplog) -> None:
    it.api.down = True
    it.events.tell(SAID)
    it.events.tell(replace(SAID, name="other"))
    await it.sent()
    assert it.counts.results == ["failed", "failed"]
    assert [record.getMessage() for record in caplog.records] == ["event_not_sent"]
    it.api.down = False
    it.events.tell(replace(SAID, name="third"))
    await it.sent()
    assert it.counts.results[-1] == "sent"
