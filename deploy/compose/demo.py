"""`demo.py provider` answers in a provider's place; `demo.py client URL` sends the demo's requests, over and over."""

import asyncio
import sys
import time
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

from firebreak.local import scenarios
from firebreak.local.send import Sender
from firebreak.local.upstream import Upstream

SCENARIOS = Path("/scenarios/defense-standard.yaml")
PORT = 8080
FORGET_S = 60.0
"""The stand-in keeps what arrived, which a test would look at and nobody does here."""

PAUSE_S = 0.5
FIRST_TRY_S = 1.0


async def provide() -> None:
    async with Upstream(PORT, "0.0.0.0") as upstream:  # noqa: S104 - only the compose network reaches it
        while True:
            await asyncio.sleep(FORGET_S)
            upstream.arrivals.clear()


def send(url: str) -> None:
    """Every scenario in turn, one line for each request of the first round."""
    listed = scenarios.load(SCENARIOS)
    parts = urlsplit(url)
    with Sender(parts.hostname or "", parts.port or 80) as sender:
        while sender.send(listed[0]).status == 0:
            time.sleep(FIRST_TRY_S)  # Envoy does not listen yet
        for number in count():
            for scenario in listed:
                seen = sender.send(scenario)
                if number == 0:
                    print(f"{seen.status}  {seen.decision:18} {seen.rule:32} {seen.record:34} {scenario.title}")
                time.sleep(PAUSE_S)
            if number == 0:
                print("this goes on; see it at http://127.0.0.1:3000")


def main() -> int:
    match sys.argv[1:]:
        case ["provider"]:
            asyncio.run(provide())
        case ["client", url]:
            send(url)
        case _:
            print(__doc__)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
