"""`firebreak envoy`: print the sidecar's Envoy configuration."""

import argparse
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from firebreak.edge.envoy.config import render
from firebreak.edge.envoy.options import EnvoyOptions

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 - argparse names the type nowhere else

OptionsFrom = Callable[[argparse.Namespace], EnvoyOptions]
"""The options of this run; raises `BadConfig`, which the command line's entry point turns into an exit status."""


def add_parser(subparsers: "Subparsers", options_from: OptionsFrom) -> argparse.ArgumentParser:
    """The caller may add its own arguments to the parser that is returned; `options_from` gets to see them."""
    parser = subparsers.add_parser(
        "envoy",
        help="print the Envoy configuration for these options",
        description="Print the sidecar's Envoy configuration, made from the same options that `serve` reads.",
    )
    parser.set_defaults(run=lambda arguments: run(options_from(arguments)))
    return parser


def run(options: EnvoyOptions) -> int:
    sys.stdout.write(render(options))
    return 0
