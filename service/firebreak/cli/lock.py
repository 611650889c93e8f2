"""`firebreak lock`: leave this pod no way out but through its sidecar."""

import argparse
import os
import sys
from pathlib import Path

from firebreak.adapters import nft
from firebreak.cli.parsers import Subparsers
from firebreak.kube.lock import script
from firebreak.model.errors import BadConfig
from firebreak.settings import Settings, load

RESOLV_CONF = Path("/etc/resolv.conf")
MAX_RESOLV_CONF = 64 * 1024


def add_parser(subparsers: Subparsers) -> None:
    parser = subparsers.add_parser(
        "lock",
        help="leave this pod no way out but through its sidecar (init container)",
        description="Set nftables rules in this network namespace that let out only the sidecar's user and what the "
        "options FIREBREAK_EGRESS_* allow; TCP on the ports of the web goes to Envoy's egress listener. Needs user 0 "
        "and the capability NET_ADMIN. Run again it replaces its own rules. Where the rules cannot be set, none is, "
        "and the exit status is not 0. docs/egress-lock.md says what it cannot stop.",
    )
    parser.add_argument("--print", action="store_true", help="print the rules instead of setting them")
    parser.add_argument("--config", default="", metavar="FILE", help="file with options (default: $FIREBREAK_CONFIG)")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    settings = load(os.environ, arguments.config)
    if not settings.egress_listen:
        raise BadConfig("egress_listen", "it is empty, so there is nothing to lead to", "write 127.0.0.1:15083")
    rules = script(settings.lock_options(_resolv_conf()))
    if arguments.print:
        sys.stdout.write(rules)
        return 0
    nft.apply(rules)
    print(_said(settings))
    return 0


def _said(settings: Settings) -> str:
    allowed = settings.egress_allow or "no name"
    return f"locked: web traffic goes to {settings.egress_listen}, which lets pass: {allowed}"


def _resolv_conf() -> str:
    """A pod without the file has no name server."""
    try:
        with RESOLV_CONF.open(encoding="utf-8", errors="replace") as file:
            return file.read(MAX_RESOLV_CONF)
    except FileNotFoundError:
        return ""
