"""`firebreak policy`: reads, tests and explains a policy without serving it."""

import argparse
import json
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from firebreak.app.offline import Offline
from firebreak.codecs.registry import APIS
from firebreak.detect import registry
from firebreak.model.decision import Decision
from firebreak.model.errors import BadConfig
from firebreak.model.exchange import Caller
from firebreak.model.facts import Call, Facts
from firebreak.model.finding import Direction, FindingKind
from firebreak.model.record import Record
from firebreak.policy.compile import lint, load
from firebreak.policy.diagnostic import Level
from firebreak.policy.explain import explain
from firebreak.policy.program import PolicyTest, Program
from firebreak.policy.schema import json_schema
from firebreak.policy.testing import run

API = "openai"
PATH = "/v1/chat/completions"
_MODEL = "gpt-4o"
_TOOL = "lookup"

OK, FAILED, UNUSABLE = 0, 1, 2


class Decider(Protocol):
    """The one path with a policy and no network: a body to its record, and what a model says to its own."""

    def __call__(self, body: bytes, api: str, path: str, caller: Caller) -> Record: ...

    def answer(self, text: str, call: Call | None, model: str, caller: Caller) -> Record: ...


@dataclass(frozen=True, slots=True)
class Context:
    """What the composition root gives: the detectors' rule ids, and the path for a policy's text."""

    known_rules: Callable[[], Mapping[str, FindingKind]]
    offline: Callable[[str], Decider]


CONTEXT = Context(registry.known_rules, Offline)


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]", context: Context = CONTEXT) -> None:
    """Add `policy` and its commands; each sets `run`, which takes the arguments and returns an exit status."""
    policy = subparsers.add_parser("policy", help="lint, test and explain a policy")
    commands = policy.add_subparsers(dest="policy_command", required=True)
    for name, does, command in (
        ("lint", "say what is wrong with a policy, where, and how to mend it", _lint),
        ("test", "run the tests that a policy carries", _test),
        ("explain", "say which rule judged what in a request, and why the others did not", _explain),
        ("schema", "print the JSON schema of a policy, for editors", _schema),
    ):
        parser = commands.add_parser(name, help=does, description=does)
        parser.set_defaults(run=_Command(command, context))
        if name != "schema":
            parser.add_argument("file", type=Path, help="the policy file")
        if name == "explain":
            parser.add_argument("prompt", nargs="?", help="what a user asks; without it a body is read from --body")
            parser.add_argument("--body", type=Path, help="a request body; `-` reads standard input")
            parser.add_argument(
                "--api", default=API, choices=APIS, help="wire format of the body (default: %(default)s)"
            )
            parser.add_argument("--path", default=PATH, help="request path of the body (default: %(default)s)")


@dataclass(frozen=True, slots=True)
class _Command:
    """A command bound to its context; a bad file or policy is one line on standard error."""

    command: Callable[[argparse.Namespace, Context], int]
    context: Context

    def __call__(self, arguments: argparse.Namespace) -> int:
        try:
            return self.command(arguments, self.context)
        except BadConfig as error:
            print(error, file=sys.stderr)
            return UNUSABLE


def body_of(test: PolicyTest) -> bytes:
    """The test's request as an OpenAI chat body; a tool result is the answer to a call that precedes it."""
    messages: list[dict[str, Any]] = [{"role": role, "content": content} for role, content in test.messages]
    if test.tool_result:
        call = {"id": "call_1", "type": "function", "function": {"name": _TOOL, "arguments": "{}"}}
        messages.append({"role": "assistant", "content": None, "tool_calls": [call]})
        messages.append({"role": "tool", "tool_call_id": "call_1", "content": test.tool_result})
    body: dict[str, Any] = {"model": test.model or _MODEL, "messages": messages}
    if test.caller.user:
        body["user"] = test.caller.user
    if test.tools:
        body["tools"] = [{"type": "function", "function": {"name": name}} for name in test.tools]
    return json.dumps(body, ensure_ascii=False).encode()


def facts_of(record: Record) -> Facts:
    """The facts that a record was decided on."""
    return Facts(
        provider=record.provider,
        surface=record.surface,
        model=record.model,
        stream=record.stream,
        caller=record.caller,
        tools=record.tools,
        intents=record.intents,
        findings=record.findings,
        unavailable=record.unavailable,
        direction=record.direction,
    )


def _lint(arguments: argparse.Namespace, context: Context) -> int:
    found = lint(_read(arguments.file), str(arguments.file), context.known_rules(), time.time())
    for diagnostic in found:
        print(diagnostic)
    errors = sum(diagnostic.severity is Level.ERROR for diagnostic in found)
    print(f"{arguments.file}: {errors} errors, {len(found) - errors} warnings")
    return FAILED if errors else OK


def _test(arguments: argparse.Namespace, context: Context) -> int:
    program, decider = _program(arguments.file, context)

    def decide(test: PolicyTest) -> tuple[Decision, Facts]:
        if test.direction is Direction.RESPONSE:
            record = decider.answer(test.response, test.response_call, test.model or _MODEL, test.caller)
        else:
            record = decider(body_of(test), API, PATH, test.caller)
        return record.decision, facts_of(record)

    results = run(program, decide)
    for result in results:
        mark = "ok  " if result.passed else "FAIL"
        print(
            f"{mark} {arguments.file}:{result.test.line} {result.test.name}: {'; '.join(result.misses) or 'as agreed'}"
        )
    failed = sum(not result.passed for result in results)
    print(f"{arguments.file}: {len(results) - failed} of {len(results)} tests pass")
    return FAILED if failed else OK


def _explain(arguments: argparse.Namespace, context: Context) -> int:
    program, decider = _program(arguments.file, context)
    record = decider(_request(arguments), arguments.api, arguments.path, Caller())
    if record.reason:
        print(f"{record.decision.verdict.name} by {record.decision.rule}: {record.decision.description}")
    else:
        print(explain(program, facts_of(record), record.time_s))
    return OK


def _schema(_arguments: argparse.Namespace, _context: Context) -> int:
    print(json.dumps(json_schema(), indent=2))
    return OK


def _program(file: Path, context: Context) -> tuple[Program, Decider]:
    text = _read(file)
    return load(text, str(file), context.known_rules()), context.offline(text)


def _request(arguments: argparse.Namespace) -> bytes:
    if arguments.prompt is not None:
        messages = [{"role": "user", "content": arguments.prompt}]
        return json.dumps({"model": _MODEL, "messages": messages}).encode()
    if arguments.body is None:
        raise BadConfig("explain", "there is no request", "give a prompt or --body FILE")
    if str(arguments.body) == "-":
        return sys.stdin.buffer.read()
    return _bytes(arguments.body)


def _read(file: Path) -> str:
    try:
        return _bytes(file).decode()
    except UnicodeDecodeError:
        raise BadConfig(str(file), "the file is not valid UTF-8", "save it as UTF-8") from None


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise BadConfig(str(file), f"the file cannot be read ({error.strerror})") from None
