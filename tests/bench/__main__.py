"""`python -m tests.bench`: speed and memory of the request path, as ratios to an empty server in the same run.

Exit status 1 when a figure misses its budget. `--quick` measures less, `--markdown` prints the tables alone.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable

import uvloop
from tests.bench import bodies, inside, load, screening, streams
from tests.bench.report import Figure, Load, machine, tables
from tests.bench.rig import Rig, rig, worker_rss_bytes

KB = 1024
SIZES = {"1 KB": KB, "4 KB": 4 * KB, "64 KB": 64 * KB, "1 MB": 1024 * KB}
LATENCY_MOST = 1.3
THROUGHPUT_LEAST = 0.75
BUDGETED = ("1 KB", "4 KB")
"""Where the hop's price is the yardstick; on larger bodies reading the text costs more than carrying it."""

TURNS = 50


def plan(*, quick: bool) -> list[tuple[str, int, bool]]:
    """Size, connections, and whether every text is new."""
    if quick:
        return [("1 KB", 1, True), ("4 KB", 1, True), ("4 KB", 16, True), ("4 KB", 1, False), ("1 MB", 1, True)]
    new = [(size, connections, True) for size in SIZES for connections in (1, 16, 64)]
    return [*new, *((size, connections, False) for size in ("4 KB", "64 KB") for connections in (1, 16))]


async def measure(rigged: Rig, *, quick: bool, say: Callable[[str], None]) -> tuple[list[Load], list[Figure]]:
    rounds, seconds = (3, 0.5) if quick else (5, 1.0)
    for port in (rigged.firebreak, rigged.empty):
        await load.timed(port, bodies.single(4 * KB, new=True), 4, 0.5)
    loads = []
    for size, connections, new in plan(quick=quick):
        what = f"{size}, {'new' if new else 'repeated'}"
        say(f"{what} text, {connections} connections")
        loads.append(await cell(rigged, what, SIZES[size], connections, new=new, rounds=rounds, seconds=seconds))
    say(f"a conversation of {TURNS} turns")
    figures = await turns(rigged, 3 if quick else 11)
    figures.append(Figure("memory of the worker", worker_rss_bytes(rigged.pid) / KB / KB, "MB", most=150))
    figures.append(Figure("start to ready", rigged.start_s, "s", most=3))
    return loads, figures


async def cell(rigged: Rig, what: str, size: int, connections: int, *, new: bool, rounds: int, seconds: float) -> Load:
    """Both servers by turns, so that a slow moment of the machine falls on both."""
    source = bodies.single(size, new=new)
    ours, theirs = [], []
    for _ in range(rounds):
        ours.append(await load.timed(rigged.firebreak, source, connections, seconds))
        theirs.append(await load.timed(rigged.empty, source, connections, seconds))

    def median(of: Callable[[load.Sample], float]) -> tuple[float, float]:
        return statistics.median(map(of, ours)), statistics.median(map(of, theirs))

    p50, p99 = median(lambda sample: sample.quantile(0.5)), median(lambda sample: sample.quantile(0.99))
    rate = median(lambda sample: sample.rate)
    held = any(what.startswith(size) for size in BUDGETED)
    latency = Figure("p50", p50[0] / p50[1], "x", most=LATENCY_MOST if held else None)
    throughput = Figure("rate", rate[0] / rate[1], "x", least=THROUGHPUT_LEAST if held else None)
    return Load(what, connections, p50, p99, rate, latency, throughput)


async def turns(rigged: Rig, conversations: int) -> list[Figure]:
    """Turn 50 against turn 1 of conversations that nobody has seen before."""
    told = []
    for port, name in ((rigged.firebreak, "firebreak"), (rigged.empty, "empty server")):
        runs = [await load.in_order(port, bodies.conversation(seed, TURNS)) for seed in range(conversations)]
        first, last = (statistics.median(run[turn] for run in runs) for turn in (0, TURNS - 1))
        most = 1.5 if port == rigged.firebreak else None
        told += [
            Figure(f"{name}, turn 1", first, "ms"),
            Figure(f"{name}, turn {TURNS}", last, "ms"),
            Figure(f"{name}, turn {TURNS} to turn 1", last / first, "x", most=most),
        ]
    return told


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer cells and rounds, under 90 seconds")
    parser.add_argument("--markdown", action="store_true", help="print nothing but the tables")
    arguments = parser.parse_args()

    def say(what: str) -> None:
        if not arguments.markdown:
            print(f"... {what}", flush=True)

    started = time.monotonic()
    say("one check in process")
    figures = inside.measure(200 if arguments.quick else 1000)
    say("detectors on ordinary and hostile texts")
    figures += screening.measure(50 if arguments.quick else 200)
    say("one streamed event in process")
    figures += streams.inside(2_000 if arguments.quick else 10_000)
    say("starting two Envoys, the service and the empty server")
    with rig(1 if arguments.quick else 3) as rigged:
        loads, more = uvloop.run(measure(rigged, quick=arguments.quick, say=say))
    figures += more
    say("streams")
    with rig(1, "stream_origin.py") as rigged:
        figures += uvloop.run(streams.measure(rigged, rounds=1 if arguments.quick else 3))
    print("\n".join([machine(), "", *tables(loads, figures)]))
    say(f"took {time.monotonic() - started:.0f} s")
    missed = [
        figure
        for figure in [*figures, *(part for one in loads for part in (one.latency, one.throughput))]
        if figure.missed
    ]
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
