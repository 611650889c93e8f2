"""`firebreak demo`: the scenarios through a real Envoy on this machine, with a live table."""

import argparse
import signal
import time
from pathlib import Path
from types import FrameType
from typing import NoReturn

from firebreak.cli.parsers import Subparsers

TITLE = "Firebreak: what leaves, what does not, and why"
INTERRUPTED = 130


def add_parser(subparsers: Subparsers) -> argparse.ArgumentParser:
    parser = subparsers.add_parser(
        "demo",
        help="send scenarios through a real Envoy on this machine and show the decisions",
        description="Start Envoy, the service and a stand-in for the providers; send each scenario with the official "
        "SDKs; show what was decided. Exit status 0 when every decision is the expected one.",
    )
    parser.add_argument("--policy", type=Path, default=Path("policies/defense-standard.yaml"), help="the policy file")
    parser.add_argument(
        "--scenarios", type=Path, default=Path("policies/scenarios/defense-standard.yaml"), help="what to send"
    )
    parser.add_argument("--folder", type=Path, help="a new folder for logs and traces (default: build/demo/<time>)")
    parser.add_argument("--keep", action="store_true", help="stay up afterwards, until Ctrl-C")
    parser.set_defaults(run=run)
    return parser


def run(arguments: argparse.Namespace) -> int:
    # The extra `local` (SDKs, rich, Envoy) is needed by this command alone.
    from firebreak.local import demo, table  # noqa: PLC0415

    folder = arguments.folder or Path("build/demo") / time.strftime("%Y%m%d-%H%M%S")
    options = demo.DemoOptions(arguments.policy, arguments.scenarios, folder, arguments.keep)
    signal.signal(signal.SIGTERM, _end)
    try:
        return demo.run(options, table.board(TITLE))
    except KeyboardInterrupt:
        return INTERRUPTED


def _end(number: int, _frame: FrameType | None) -> NoReturn:
    """SIGTERM unwinds like Ctrl-C, so that nothing is left running."""
    raise SystemExit(128 + number)
