"""What happens to a pod's requests and policy, as Events on the pod, and its policy's digest as an annotation.

Rules:
1. Nothing waits for the API: what happened is counted where it happens, and sent by a task of its own.
2. One Event for each rule that refuses; what follows in the next half hour is its series, told at most once a minute.
3. Nothing grows: so many series, so many calls. What finds no room is counted as dropped.
4. Without the API there is one warning, then silence and longer and longer pauses. No count is lost meanwhile.
5. An Event says the rule, its description and the id of the first record, and no word of a request.

The calls are those of events.k8s.io/v1: unlike core/v1 it has series, and a form that is checked. Both are one list
to the API server, and `kubectl describe pod` shows them.
"""

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from firebreak.adapters.interface import Api, Counts
from firebreak.adapters.kubernetes_api import MERGE_PATCH, ApiUnavailable
from firebreak.adapters.logs import event
from firebreak.model.finding import Direction
from firebreak.model.record import PolicyRef, Record

DIGEST_ANNOTATION = "firebreak.dev/policy-digest"
CONTROLLER = "firebreak.dev/engine"
MAX_SERIES = 128
MAX_NOTE_BYTES = 1024  # the API takes no more
REPEAT_S = 60.0
SERIES_ENDS_S = 1800.0  # the API server forgets an Event an hour after it was changed
TICK_S = 1.0
BURST = 10
REFILL_S = 6.0
"""One call more every so often; a pod with more to say than that says it in fewer calls."""
MAX_PAUSE_S = 300.0
LAST_WORDS_S = 2.0
NOT_FOUND, CONFLICT = 404, 409
MALFORMED = {400, 413, 422}
"""What the API will not take however often it is sent."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PodRef:
    """The pod that this is. With several workers only the first, 0, speaks of the policy."""

    namespace: str
    name: str
    uid: str
    worker: int = 0


@dataclass(frozen=True, slots=True)
class _Happening:
    """What a series is of: two happenings that are equal are counted together, whatever their notes say."""

    reason: str
    type: str
    action: str
    about: str


@dataclass(slots=True)
class _Series:
    """`told` is how many occurrences the API knows of; `told_s` and `seen_s` are of the clock that never jumps."""

    name: str
    note: str
    first_s: float
    last_s: float
    seen_s: float
    count: int = 0
    told: int = 0
    told_s: float = float("-inf")


class _Patience:
    """After a failure no call for a while, and one warning for all that follow until one succeeds."""

    def __init__(self, call: str, counts: Counts) -> None:
        self._call = call
        self._counts = counts
        self._failures = 0
        self.until_s = float("-inf")

    def succeeded(self) -> None:
        self._counts.kubernetes_call(self._call, "ok")
        if self._failures:
            event(logger, logging.INFO, "kubernetes_available", call=self._call)
        self._failures, self.until_s = 0, float("-inf")

    def failed(self, error: ApiUnavailable, now_s: float) -> None:
        self._counts.kubernetes_call(self._call, "failed")
        if not self._failures:
            event(logger, logging.WARNING, "kubernetes_unavailable", call=self._call, problem=str(error))
        self._failures += 1
        self.until_s = now_s + min(MAX_PAUSE_S, 2.0 ** min(self._failures, 16))


class PodEvents:
    """`observe` is an observer of records, `loaded` and `refused` one of policies. `run` sends, until cancelled."""

    def __init__(self, api: Api, pod: PodRef, counts: Counts, clock: Callable[[], float] = time.monotonic) -> None:
        self._api = api
        self._pod = pod
        self._counts = counts
        self._clock = clock
        self._series: OrderedDict[_Happening, _Series] = OrderedDict()
        self._serial = 0
        self._calls_left = float(BURST)
        self._filled_s = clock()
        self._events = _Patience("event", counts)
        self._pods = _Patience("annotation", counts)
        self._digest = self._annotated = ""
        self._wake = asyncio.Event()

    def observe(self, record: Record) -> None:
        """Count a refusal. A response that came through whole, if with changes, is none."""
        decision = record.decision
        if not decision.refuses or record.ending == "complete":
            return
        asked = record.direction is Direction.REQUEST
        key = _Happening("RequestRefused" if asked else "ResponseRefused", "Warning", "Refuse", decision.rule)
        series = self._of(key, record.time_s)
        if series is None:
            return
        if not series.count:
            told = f"{decision.rule}: {decision.description}" if decision.description else decision.rule
            series.note = _note(f"{decision.verdict.name} by {told}", f" (first record {record.id})")
        series.count += 1

    def loaded(self, policy: PolicyRef) -> None:
        """This policy is in force from now on."""
        if self._pod.worker:
            return
        self._digest = policy.digest
        self._wake.set()
        words = f"policy {policy.name} {policy.version} is in force"
        self._happened(_Happening("PolicyLoaded", "Normal", "LoadPolicy", policy.digest), words, policy.digest)

    def refused(self, problem: str, kept: str) -> None:
        """A policy did not load; the one with the digest `kept`, or none, is in force."""
        if self._pod.worker:
            return
        key = _Happening("PolicyRefused", "Warning", "LoadPolicy", problem)
        self._happened(key, problem, f"{kept} stays in force" if kept else "no policy is in force")

    async def run(self) -> None:
        """Send what there is to say, until cancelled."""
        while True:
            await self._wake.wait()
            await self._send(REPEAT_S)
            if not self._pending():
                self._wake.clear()
            await asyncio.sleep(TICK_S)

    async def close(self) -> None:
        """Say in a moment what is still unsaid, and end the connections."""
        try:
            async with asyncio.timeout(LAST_WORDS_S):
                await self._send(0)
        except TimeoutError:
            event(logger, logging.WARNING, "kubernetes_unavailable", call="event", problem="no time was left")
        finally:
            await self._api.close()

    def _happened(self, key: _Happening, words: str, end: str) -> None:
        series = self._of(key, time.time())
        if series is not None:
            series.note = series.note or _note(words, f" ({end})")
            series.count += 1

    def _of(self, key: _Happening, time_s: float) -> _Series | None:
        """The series that one more of this belongs to; none where there is no room for a new one."""
        now_s = self._clock()
        self._wake.set()
        series = self._series.get(key)
        if series is None or (series.count == series.told and now_s - series.seen_s > SERIES_ENDS_S):
            series = self._new(key, time_s)
        if series is not None:
            series.last_s, series.seen_s = max(time_s, series.last_s), now_s
        return series

    def _new(self, key: _Happening, time_s: float) -> _Series | None:
        self._series.pop(key, None)
        if len(self._series) >= MAX_SERIES:
            said = next((known for known, series in self._series.items() if series.count == series.told), None)
            if said is None:
                self._counts.event_dropped()
                return None
            del self._series[said]
        series = self._series[key] = _Series(self._name(time_s), "", time_s, time_s, 0.0)
        return series

    def _name(self, time_s: float) -> str:
        """No two Events of a pod have the same."""
        self._serial += 1
        pod = self._pod.name[:200].rstrip("-.")
        return f"{pod}.{int(time_s * 1e6):x}-{self._pod.worker}-{self._serial}"

    def _pending(self) -> bool:
        return self._digest != self._annotated or any(series.count > series.told for series in self._series.values())

    async def _send(self, repeat_s: float) -> None:
        await self._annotate()
        for key, series in list(self._series.items()):
            now_s = self._clock()
            if now_s < self._events.until_s:
                return
            if series.count > series.told and now_s - series.told_s >= repeat_s:
                if repeat_s and not self._may_call(now_s):
                    return
                await self._tell(key, series)

    def _may_call(self, now_s: float) -> bool:
        self._calls_left = min(float(BURST), self._calls_left + (now_s - self._filled_s) / REFILL_S)
        self._filled_s = now_s
        if self._calls_left < 1:
            return False
        self._calls_left -= 1
        return True

    async def _tell(self, key: _Happening, series: _Series) -> None:
        """Make the Event, or bring its series up to date."""
        path = f"/apis/events.k8s.io/v1/namespaces/{self._pod.namespace}/events"
        count, again = series.count, bool(series.told)
        repeated = {"series": {"count": count, "lastObservedTime": _micro_time(series.last_s)}} if count > 1 else {}
        try:
            if again:
                await self._api.request("PATCH", f"{path}/{series.name}", repeated, MERGE_PATCH)
            else:
                await self._api.request("POST", path, self._event(key, series) | repeated)
        except ApiUnavailable as error:
            if again or error.status != CONFLICT:  # else the Event was made, and the answer was lost
                self._untold(key, series, error)
                return
        self._events.succeeded()
        series.told, series.told_s = count, self._clock()
        self._series.move_to_end(key)  # those that waited longer come first

    def _untold(self, key: _Happening, series: _Series, error: ApiUnavailable) -> None:
        if series.told and error.status == NOT_FOUND:  # the API server has forgotten it
            series.told, series.name = 0, self._name(series.first_s)
            return
        if error.status in MALFORMED:
            self._counts.event_dropped()
            self._series.pop(key, None)
        self._events.failed(error, self._clock())

    def _event(self, key: _Happening, series: _Series) -> dict[str, Any]:
        pod = self._pod
        return {
            "apiVersion": "events.k8s.io/v1",
            "kind": "Event",
            "metadata": {"name": series.name, "namespace": pod.namespace},
            "eventTime": _micro_time(series.first_s),
            "type": key.type,
            "reason": key.reason,
            "action": key.action,
            "note": series.note,
            "regarding": {
                "apiVersion": "v1",
                "kind": "Pod",
                "namespace": pod.namespace,
                "name": pod.name,
                "uid": pod.uid,
            },
            "reportingController": CONTROLLER,
            "reportingInstance": pod.name[:128],
        }

    async def _annotate(self) -> None:
        if self._digest == self._annotated or self._clock() < self._pods.until_s:
            return
        digest, pod = self._digest, self._pod
        # With the uid the API refuses to mark another pod that has taken the name.
        body = {"metadata": {"uid": pod.uid, "annotations": {DIGEST_ANNOTATION: digest}}}
        try:
            await self._api.request("PATCH", f"/api/v1/namespaces/{pod.namespace}/pods/{pod.name}", body, MERGE_PATCH)
        except ApiUnavailable as error:
            self._pods.failed(error, self._clock())
            return
        self._pods.succeeded()
        self._annotated = digest


def _micro_time(time_s: float) -> str:
    """RFC 3339 with microseconds, the one form that the API takes here."""
    whole, micros = divmod(int(time_s * 1e6), 1_000_000)
    return f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(whole))}.{micros:06d}Z"


def _note(words: str, end: str) -> str:
    """On one line and within the API's limit, which is in bytes; `end` is kept whole."""
    room = MAX_NOTE_BYTES - len(end.encode())
    line = " ".join(words.split()).encode()
    text = line.decode() if len(line) <= room else f"{line[: room - 3].decode(errors='ignore')}..."
    return text + end
