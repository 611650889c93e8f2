"""`firebreak`: the command line."""

import argparse
import os
import sys
from collections.abc import Sequence

import firebreak
from firebreak.app.offline import Offline
from firebreak.cli import audit, check, demo, envoy, inject, policy
from firebreak.cli import serve as serve_command
from firebreak.detect import registry
from firebreak.edge.envoy.options import EnvoyOptions
from firebreak.model.errors import BadConfig, FirebreakError
from firebreak.settings import load

OK, FAILED, UNUSABLE, INTERRUPTED = 0, 1, 2, 130
"""Exit statuses: done; done, and the answer is no; could not be done; ended by Ctrl-C."""


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    root = argparse.ArgumentParser(prog="firebreak", description="A policy firewall for LLM traffic.")
    root.add_argument("--version", action="version", version=f"firebreak {firebreak.__version__}")
    commands = root.add_subparsers(dest="command", required=True, metavar="COMMAND")
    serve_command.add_parser(commands)
    _with_config(envoy.add_parser(commands, _envoy_options))
    check.add_parser(commands)
    policy.add_parser(commands, policy.Context(registry.known_rules, Offline))
    audit.add_parser(commands)
    inject.add_parser(commands)
    demo.add_parser(commands)
    return root


def main(arguments: Sequence[str] | None = None) -> int:
    chosen = parser().parse_args(arguments)
    try:
        return _run(chosen)
    except BadConfig as error:
        print(f"error: {error}", file=sys.stderr)
        return UNUSABLE
    except FirebreakError as error:
        print(f"error: {error}", file=sys.stderr)
        return FAILED
    except BrokenPipeError:
        # The reader of our output has gone; there is nobody left to tell.
        _drop_output()
        return FAILED
    except OSError as error:
        _drop_output()
        print(f"error: {error.filename or 'output'}: {(error.strerror or 'failed').lower()}", file=sys.stderr)
        return UNUSABLE
    except KeyboardInterrupt:
        return INTERRUPTED


def _run(chosen: argparse.Namespace) -> int:
    """The command's status, once its output has left: a full disk shows only then."""
    status = int(chosen.run(chosen))
    sys.stdout.flush()
    return status


def _drop_output() -> None:
    """What is still buffered must not fail again when the interpreter ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _with_config(command: argparse.ArgumentParser) -> None:
    command.add_argument("--config", default="", metavar="FILE", help="file with options (default: $FIREBREAK_CONFIG)")


def _envoy_options(arguments: argparse.Namespace) -> EnvoyOptions:
    return load(os.environ, arguments.config).envoy_options()
