"""`firebreak envoy`: print the sidecar's Envoy configuration, or write it to a file."""

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path

from firebreak.cli.parsers import Subparsers
from firebreak.edge.envoy.config import render
from firebreak.edge.envoy.credentials import secret_files
from firebreak.edge.envoy.identity import caller_tls_files
from firebreak.edge.envoy.options import EnvoyOptions
from firebreak.model.errors import BadConfig
from firebreak.settings import load

OptionsFrom = Callable[[argparse.Namespace], EnvoyOptions]
"""The options of this run; raises `BadConfig`, which the command line's entry point turns into an exit status."""


def _as_for_serve(arguments: argparse.Namespace) -> EnvoyOptions:
    return load(os.environ, arguments.config).envoy_options()


def add_parser(subparsers: Subparsers, options_from: OptionsFrom = _as_for_serve) -> None:
    parser = subparsers.add_parser(
        "envoy",
        help="print the Envoy configuration for these options",
        description="Print the sidecar's Envoy configuration, made from the same options that `serve` reads. "
        "With `credentials_dir` or `gateway_tls_dir`, and --output, where the keys lie is written too, beside Envoy's "
        "admin socket.",
    )
    parser.add_argument("--output", metavar="FILE", type=Path, help="write it there instead, whole or not at all")
    parser.add_argument("--config", default="", metavar="FILE", help="file with options (default: $FIREBREAK_CONFIG)")
    parser.set_defaults(run=lambda arguments: run(options_from(arguments), arguments.output))


def run(options: EnvoyOptions, output: Path | None) -> int:
    if output is None:
        sys.stdout.write(render(options))
        return 0
    for file, text in {**secret_files(options), **caller_tls_files(options)}.items():
        _write(Path(file), text)
    _write(output, render(options))
    return 0


def _write(file: Path, text: str) -> None:
    temporary = file.with_name(f"{file.name}.{os.getpid()}.tmp")
    try:
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(file)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise BadConfig(str(file), "the configuration cannot be written there", "name a writable folder") from error
