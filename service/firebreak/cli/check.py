"""`firebreak check`: decide on one body with the pipeline that `serve` uses, and print the record."""

import argparse
import json
import sys
from pathlib import Path

from firebreak.adapters import logs
from firebreak.app.offline import Offline
from firebreak.audit.entry import encode_record
from firebreak.cli.parsers import Subparsers
from firebreak.codecs.registry import APIS
from firebreak.model.errors import BadConfig
from firebreak.model.exchange import Caller

PASSES, REFUSED = 0, 1
DEFAULT_PATHS = {"anthropic": "/v1/messages", "azure_openai": "/openai/v1/chat/completions"}


def add_parser(subparsers: Subparsers) -> None:
    parser = subparsers.add_parser(
        "check",
        help="decide on a body from a file or standard input",
        description="Decide on one request body by a policy and print the record as JSON. Exit status 0 when the "
        "request may pass, 1 when it is refused.",
    )
    parser.add_argument("body", nargs="?", default="-", help="file with the request's body; - is standard input")
    parser.add_argument("--policy", type=Path, required=True, metavar="FILE", help="the policy")
    parser.add_argument("--api", choices=APIS, default="openai", help="the wire format (default: openai)")
    parser.add_argument("--path", default="", help="the route at the provider (default: its chat route)")
    parser.add_argument("--answer", action="store_true", help="print what the client would get, instead of the record")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    logs.setup("warning")
    offline = Offline(_text(arguments.policy), str(arguments.policy))
    path = arguments.path or DEFAULT_PATHS.get(arguments.api, "/v1/chat/completions")
    outcome = offline.outcome(_body(arguments.body), arguments.api, path, Caller())
    if arguments.answer:
        print(outcome.refusal.body.decode("utf-8") if outcome.refusal else "passes")
    elif outcome.record is not None:
        print(json.dumps(json.loads(encode_record(outcome.record)), indent=2))
    return REFUSED if outcome.refusal else PASSES


def _body(name: str) -> bytes:
    if name == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(name).read_bytes()
    except OSError as error:
        raise BadConfig(name, "the body cannot be read", "check the path") from error


def _text(file: Path) -> str:
    try:
        return file.read_bytes().decode()  # as it is: the digest is that of the bytes
    except (OSError, UnicodeDecodeError) as error:
        raise BadConfig(str(file), "the policy cannot be read", "check the path and that it is UTF-8 text") from error
