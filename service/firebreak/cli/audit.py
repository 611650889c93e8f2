"""`firebreak audit`: proves a log whole and shows what is in it."""

import argparse
import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from firebreak.adapters.audit_dir import AuditDir
from firebreak.audit.chain import KIND_RECORD, Head
from firebreak.audit.verify import Report, verify
from firebreak.model.decision import Verdict
from firebreak.model.errors import Unavailable

OK, FAILED, UNUSABLE = 0, 1, 2


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `audit` and its commands; each sets `run`, which takes the arguments and returns an exit status."""
    audit = subparsers.add_parser("audit", help="prove an audit log whole, or show it")
    commands = audit.add_subparsers(dest="audit_command", required=True)
    does = "prove that no entry was changed, removed, added or moved; exit 1 and name the first that was"
    proof = commands.add_parser("verify", help=does, description=does)
    proof.add_argument("directory", type=Path, help="the log's directory")
    proof.add_argument(
        "--head",
        type=_known_head,
        action="append",
        default=[],
        metavar="[WORKER:]SEQ:HASH",
        help="an entry that was seen before and must be there, from a place the log's writer cannot reach",
    )
    proof.set_defaults(run=_verify)
    does = "print the records, oldest first for each worker"
    show = commands.add_parser("show", help=does, description=does)
    show.add_argument("directory", type=Path, help="the log's directory")
    show.add_argument("--decision", choices=[verdict.name for verdict in Verdict], help="only this decision")
    show.add_argument("--id", help="only the request with this id and its response")
    show.add_argument("--rule", help="only decisions by the rule with this id")
    show.add_argument("--since", type=_time, metavar="TIME", help="only from this time on, ISO 8601, UTC by default")
    show.add_argument("--limit", type=_count, metavar="N", help="only the last N")
    show.add_argument("--json", action="store_true", help="one JSON object a line, all fields")
    show.set_defaults(run=_show)


def _known_head(text: str) -> tuple[int, Head]:
    *worker, seq, digest = text.split(":") if ":" in text else (text, "")
    head = Head.parse(f"{seq}:{digest}")
    if head is None or len(worker) > 1 or not all(number.isdecimal() for number in worker):
        raise argparse.ArgumentTypeError("a head is SEQ:HASH or WORKER:SEQ:HASH, the hash 64 hex digits")
    return int(worker[0]) if worker else 0, head


def _time(text: str) -> float:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError("a time is ISO 8601, such as 2026-02-28T12:00:00Z") from error
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError("a count is a whole number above 0")
    return int(text)


def _verify(arguments: argparse.Namespace) -> int:
    log = AuditDir(arguments.directory)
    try:
        workers = sorted({*log.workers(), *log.heads(), *(worker for worker, _ in arguments.head)})
        reports = [(worker, _verify_chain(log, worker, arguments.head)) for worker in workers]
    except Unavailable as error:
        print(f"cannot read the log: {error}", file=sys.stderr)
        return UNUSABLE
    if not reports:
        print(f"NOT OK {arguments.directory}: there is no log here")
        return FAILED
    for worker, report in reports:
        print(_line(worker, report))
    return OK if all(report.ok for _, report in reports) else FAILED


def _verify_chain(log: AuditDir, worker: int, given: list[tuple[int, Head]]) -> Report:
    """One chain, against the heads given and the one beside the log."""
    known = [head for of, head in given if of == worker]
    beside = log.head(worker)
    return verify(log.files(worker), known if beside is None else [*known, beside])


def _line(worker: int, report: Report) -> str:
    counted = f"worker {worker}: {report.entries} entries in {report.files} files"
    if not report.ok:
        return f"NOT OK {counted} were in order, then {report.flaw}"
    started = f", from entry {report.first} (retention deleted the older ones)" if report.first else ""
    return f"OK {counted}{started}, head {report.head}"


def _show(arguments: argparse.Namespace) -> int:
    try:
        chosen = [record for record in _records(AuditDir(arguments.directory)) if _wanted(record, arguments)]
        chosen = chosen[-(arguments.limit or 0) :]
        shown = [json.dumps(each, separators=(",", ":")) if arguments.json else _readable(each) for each in chosen]
    except Unavailable as error:
        print(f"cannot read the log: {error}", file=sys.stderr)
        return UNUSABLE
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError, OSError):
        print("the log has a line that is no entry; `firebreak audit verify` says where", file=sys.stderr)
        return FAILED
    for line in shown:
        print(line)
    return OK


def _records(log: AuditDir) -> Iterator[dict[str, Any]]:
    for worker in log.workers():
        for file in log.files(worker):
            for line in file.lines:
                entry = json.loads(line)
                if entry["kind"] == KIND_RECORD:
                    yield entry["entry"]


def _wanted(record: dict[str, Any], arguments: argparse.Namespace) -> bool:
    decision = record["decision"]
    return (
        arguments.decision in (None, decision["verdict"])
        and arguments.id in (None, record["id"])
        and arguments.rule in (None, decision["rule"])
        and (arguments.since is None or record["time"] >= arguments.since)
    )


def _readable(record: dict[str, Any]) -> str:
    """One line; what is not printable ASCII is escaped, for a record must not steer a terminal."""
    when = datetime.fromtimestamp(record["time"], UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    decision = record["decision"]
    intents = [intent["category"] for intent in record["intents"] if intent["primary"]]
    direction = record.get("direction", "request")  # entries of before responses were judged have none
    seen = intents[0] if intents else record["reason"] or record.get("ending") or "-"
    cells = (
        when,
        f"{direction:<8}",
        f"{decision['verdict']:<17}",
        f"{seen:<24}",
        f"{decision['rule']:<24}",
        record["provider"] or "-",
        record["model"] or "-",
        record["id"],
    )
    return "  ".join(cells).encode("unicode_escape").decode("ascii")
