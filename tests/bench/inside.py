"""The price of one decision inside the process: no gRPC, no Envoy, no disk."""

import asyncio
import statistics
import time

from tests.bench import bodies
from tests.bench.report import Figure
from tests.bench.rig import POLICY

from firebreak.app.compose import Composer, Limits
from firebreak.app.offline import NoLog
from firebreak.model.exchange import Caller, Exchange
from firebreak.pipeline.decide import decide

KB = 1024
SIZES = {"4 KB": 4 * KB, "64 KB": 64 * KB, "256 KB": 256 * KB, "1 MB": 1024 * KB}
MOST_MS = {"4 KB": 1.0, "1 MB": 20.0}
LINEAR_MOST = 5.0
"""1 MB is four times 256 KB; a quadratic step would make it sixteen."""


def measure(checks: int) -> list[Figure]:
    """Checks of texts that are all new; fewer of the large ones."""
    snapshot = Composer(Limits()).snapshot(POLICY.read_text(encoding="utf-8"), str(POLICY), 1)
    p50 = {}
    figures = []
    for name, size in SIZES.items():
        source = bodies.single(size, new=True)
        exchanges = [_exchange(source()) for _ in range(max(5, checks * 4 * KB // size))]
        times = asyncio.run(_time(exchanges, snapshot))
        p50[name] = statistics.median(times)
        figures.append(Figure(f"one check, {name} of new text, p50", p50[name], "ms", most=MOST_MS.get(name)))
    repeated = [_exchange(bodies.single(4 * KB, new=False)())] * checks
    figures.append(
        Figure("one check, 4 KB seen before, p50", statistics.median(asyncio.run(_time(repeated, snapshot))), "ms")
    )
    figures.append(Figure("1 MB to 256 KB", p50["1 MB"] / p50["256 KB"], "x", most=LINEAR_MOST))
    return figures


async def _time(exchanges, snapshot) -> list[float]:
    """Milliseconds of this process's own CPU time for each check; the first is left out, it warms up."""
    times = []
    for exchange in exchanges:
        started = time.process_time()
        outcome = await decide(exchange, snapshot, NoLog(), time.time())
        times.append((time.process_time() - started) * 1000)
        assert outcome.refusal is None, "the bench's text must pass"
    return times[1:]


def _exchange(raw: bytes) -> Exchange:
    return Exchange(
        id="bench",
        method="POST",
        path="/v1/chat/completions",
        query="",
        host="",
        headers={"content-type": "application/json"},
        body=raw.partition(b"\r\n\r\n")[2],
        provider="openai",
        api="openai",
        caller=Caller(),
    )
