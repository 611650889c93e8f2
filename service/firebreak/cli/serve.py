"""`firebreak serve`: answer Envoy until told to stop."""

import argparse
import os
from typing import TYPE_CHECKING

from firebreak.app.serve import serve
from firebreak.settings import load

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 - argparse names the type nowhere else


def add_parser(subparsers: "Subparsers") -> None:
    parser = subparsers.add_parser(
        "serve",
        help="answer Envoy's checks until told to stop",
        description="Serve ext_authz over gRPC, and /metrics, /healthz and /readyz over HTTP, until SIGTERM.",
    )
    parser.add_argument("--config", default="", metavar="FILE", help="file with options (default: $FIREBREAK_CONFIG)")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    settings = load(os.environ, arguments.config)
    again = ["serve", *(["--config", arguments.config] if arguments.config else [])]
    return serve(settings, again)
