"""`firebreak serve`: answer Envoy until told to stop."""

import argparse
import os

from firebreak.app.serve import serve
from firebreak.cli.parsers import Subparsers
from firebreak.settings import load


def add_parser(subparsers: Subparsers) -> None:
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
