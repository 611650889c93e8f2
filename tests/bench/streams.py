"""The price of a streamed answer: one event in the process, and events on their way through Envoy."""

import asyncio
import json
import re
import statistics
import time
from pathlib import Path

from tests.bench import bodies
from tests.bench.report import Figure
from tests.bench.rig import POLICY, Rig
from tests.bench.stream_origin import event

from firebreak.app.compose import Composer, Limits
from firebreak.app.offline import NoLog
from firebreak.model.exchange import Caller
from firebreak.model.handover import Handover
from firebreak.pipeline import passage
from firebreak.pipeline.answer import Answer
from firebreak.pipeline.passage import Passage

PER_EVENT_MOST_MS = 0.2
OVER_EMPTY_MOST_MS = 1.0
MANY = 200
_SENT = re.compile(rb'"id": "at-(\d+)"')


def inside(events: int) -> list[Figure]:
    """CPU time of one event, each in a chunk of its own: framing, reading, detectors, policy."""
    snapshot = Composer(Limits()).snapshot(POLICY.read_text(encoding="utf-8"), str(POLICY), 1)
    chunks = [event(number) for number in range(events)]
    asyncio.run(_pass(snapshot, chunks[:200]))
    started = time.process_time()
    asyncio.run(_pass(snapshot, chunks))
    spent_ms = (time.process_time() - started) * 1000 / events
    return [Figure("one streamed event in process, mean", spent_ms, "ms", most=PER_EVENT_MOST_MS)]


async def _pass(snapshot, chunks: list[bytes]) -> None:
    over = Handover("bench", "openai", "openai", "openai.chat", "gpt-5", "POST", "/v1/chat/completions", Caller())
    way = Passage(Answer(snapshot, over, {}, time.time()), over, NoLog(), passage.Limits(1 << 20))
    way.begin(200, {"content-type": "text/event-stream"})
    for number, chunk in enumerate(chunks, 1):
        step = await way.feed(chunk, last=number == len(chunks))
        assert step.data, "an event must leave at once"


async def measure(rigged: Rig, *, rounds: int) -> list[Figure]:
    """By turns against the service and the empty server; medians over the rounds."""
    times: dict[int, tuple[list[float], list[float], list[float]]] = {
        port: ([], [], []) for port in (rigged.firebreak, rigged.empty)
    }
    for _ in range(rounds):
        for port, (first, later, many) in times.items():
            alone = await _stream(port, 100, 10)
            first.append(alone[0])
            later.append(statistics.median(alone[1:]))
            together = await asyncio.gather(*(_stream(port, 20, 200) for _ in range(MANY)))
            many.append(statistics.median(late for one in together for late in one[1:]))
    ours, empty = ([statistics.median(one) for one in times[port]] for port in (rigged.firebreak, rigged.empty))
    spent = _cpu_s(rigged.pid)
    await asyncio.gather(*(_stream(rigged.firebreak, 20, 200) for _ in range(MANY)))
    spent = _cpu_s(rigged.pid) - spent
    return [
        Figure("one event, p50", ours[1], "ms"),
        Figure("one event, p50, empty processor", empty[1], "ms"),
        Figure("one event over the empty processor, p50", ours[1] - empty[1], "ms", most=OVER_EMPTY_MOST_MS),
        Figure("time to the first event", ours[0], "ms"),
        Figure("time to the first event, empty processor", empty[0], "ms"),
        Figure(f"one event of {MANY} streams at 5 a second, p50", ours[2], "ms"),
        Figure(f"one event of {MANY} streams, empty processor, p50", empty[2], "ms"),
        Figure(
            f"CPU of the service for one event of {MANY} streams, gRPC and checks included",
            spent * 1000 / MANY / 20,
            "ms",
        ),
    ]


async def _stream(port: int, events: int, apart_ms: int) -> list[float]:
    """Milliseconds from the request to the first event, then from the sending of each other event to its arrival."""
    message = {"role": "user", "content": f"{bodies.ASK} {bodies.prose(200, time.monotonic_ns())}"}
    asked = {"model": "gpt-5", "stream": True, "max_tokens": events, "seed": apart_ms, "messages": [message]}
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    started = time.monotonic_ns()
    writer.write(bodies.http(json.dumps(asked).encode()))
    late: list[float] = []
    first = 0.0
    data, whole = b"", False
    while not whole:
        more = await reader.read(65536)
        assert more, "the stream must come whole"
        now = time.monotonic_ns()
        come, _, data = (data + more).rpartition(b"\n\n")
        whole = b"[DONE]" in come
        late += [(now - int(sent)) / 1e6 for sent in _SENT.findall(come)]
        if late and not first:
            first = (now - started) / 1e6
    writer.close()
    assert len(late) == events, f"{len(late)} of {events} events"
    return [first, *late[1:]]


def _cpu_s(pid: int) -> float:
    """CPU time of a process so far, in hundredths of a second."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100
