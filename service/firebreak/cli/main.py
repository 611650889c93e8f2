"""`firebreak`: the command line. Only the command that is asked for is imported: a pod waits for two of them."""

import argparse
import gc
import importlib
import os
import sys
from collections.abc import Sequence

import firebreak
from firebreak.model.errors import BadConfig, FirebreakError

OK, FAILED, UNUSABLE, INTERRUPTED = 0, 1, 2, 130
"""Exit statuses: done; done, and the answer is no; could not be done; ended by Ctrl-C."""

COMMANDS = ("serve", "envoy", "lock", "check", "policy", "eval", "audit", "encoder", "inject", "webhook", "demo")
"""Each is a module of this package, with `add_parser`."""


def parser(*names: str) -> argparse.ArgumentParser:
    """The command line with these commands, or with all."""
    root = argparse.ArgumentParser(prog="firebreak", description="A policy firewall for LLM traffic.")
    root.add_argument("--version", action="version", version=f"firebreak {firebreak.__version__}")
    commands = root.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name in names or COMMANDS:
        importlib.import_module(f"firebreak.cli.{name}").add_parser(commands)
    return root


def main(arguments: Sequence[str] | None = None) -> int:
    words = sys.argv[1:] if arguments is None else arguments
    asked = [name for name in COMMANDS if words[:1] == [name]]
    gc.disable()  # nothing that is imported is garbage, and looking through it takes a tenth of a start
    try:
        chosen = parser(*asked).parse_args(words)
    finally:
        gc.enable()
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
