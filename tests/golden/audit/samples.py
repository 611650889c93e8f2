"""Records and logs for tests, and the golden logs: `python -m tests.golden.audit.samples` writes them anew."""

import dataclasses
import json
from pathlib import Path
from typing import Any

from firebreak.audit.chain import KIND_FILE, KIND_RECORD, NOTHING, FileHeader, FileName, Head
from firebreak.audit.entry import encode_header, encode_record, seal
from firebreak.audit.verify import LogFile
from firebreak.model.decision import AuditLevel, Decision, Ruling, Verdict
from firebreak.model.exchange import Caller
from firebreak.model.facts import Absence
from firebreak.model.finding import Direction, Finding, FindingKind, Severity, Span, Surface
from firebreak.model.intent import Intent, IntentSource
from firebreak.model.record import PolicyRef, Record
from firebreak.model.usage import Usage

HERE = Path(__file__).parent
TIME_S = 1772236800.25
TRACEPARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

Log = dict[str, list[bytes]]


def record(number: int = 0, **changes: Any) -> Record:
    """An ordinary refusal with one of everything."""
    made = Record(
        id=f"record-{number}",
        time_s=TIME_S + number,
        provider="openai",
        surface="openai.chat",
        method="POST",
        path="/v1/chat/completions",
        model="gpt-5-mini",
        stream=True,
        caller=Caller("app-1", "intel", "default", "spiffe://corp/app", "alice@example.com", "session-9"),
        policy=PolicyRef("defense-standard", "2.0", "ab" * 32),
        decision=Decision(
            Verdict.BLOCK,
            "no-surveillance",
            "Surveillance of whole groups",
            AuditLevel.CRITICAL,
            alerts=("legal_counsel", "trust_safety"),
            rulings=(
                Ruling("intent:bulk_surveillance", Verdict.BLOCK, "no-surveillance"),
                Ruling("finding:email-address@120-140", Verdict.WARN, "note-pii", shadow=True),
            ),
        ),
        inspected="request",
        body_bytes=4096,
        body_sha256="cd" * 32,
        parts=3,
        tools=("search",),
        intents=(Intent("bulk_surveillance", 0.87, IntentSource.LOCAL, True, 2, "bulk_surveillance#3"),),
        findings=(
            Finding("email-address", FindingKind.PII, Severity.LOW, 0.9, Surface.REQUEST, "user", 2, Span(120, 140)),
        ),
        unavailable=(Absence("judge", "unreachable"),),
        traceparent=TRACEPARENT,
        timings_us={"read": 60, "screen": 300, "intent": 200},
    )
    return dataclasses.replace(made, **changes)


def response(number: int = 0, **changes: Any) -> Record:
    """What came back to the request with the same number."""
    fields: dict[str, Any] = {
        "decision": Decision(Verdict.REDACT, "redact-pii", "Personal data", redact=(0,)),
        "inspected": "stream",
        "tools": (),
        "intents": (),
        "findings": (
            Finding(
                "email-address", FindingKind.PII, Severity.LOW, 0.9, Surface.RESPONSE, "assistant", 0, Span(120, 140)
            ),
        ),
        "unavailable": (),
        "timings_us": {"response": 300},
        "direction": Direction.RESPONSE,
        "status": 200,
        "ending": "cut",
        "usage": Usage(input=120, output=40, cached=8, reasoning=16),
        "changes": 2,
        "late": 11,
        "cost": 0.00052,
        "currency": "USD",
    }
    return record(number, **{**fields, **changes})


def log(*sizes: int, worker: int = 0, first: Head = NOTHING, pruned_before: int = 0) -> Log:
    """A chain of files with so many records each."""
    made: Log = {}
    head = first
    for size in sizes:
        name = str(FileName(worker, head.seq + 1))
        line, head = encode_header(FileHeader(name, worker, TIME_S, pruned_before), head.seq + 1, head.hash)
        made[name] = [line]
        for _ in range(size):
            line, head = seal(encode_record(record(head.seq + 1)), KIND_RECORD, head.seq + 1, head.hash)
            made[name].append(line)
    return made


def files(made: Log) -> list[LogFile]:
    return [LogFile(name, lines) for name, lines in made.items()]


def head_of(made: Log) -> Head:
    """The last entry's number and hash, read from its line."""
    document = json.loads(list(made.values())[-1][-1])
    return Head(document["seq"], document["hash"])


def tampered() -> dict[str, tuple[Log, list[Head], str]]:
    """One log for each way to be wrong: the log, the heads known of it, and the fault's code and place."""
    good = log(3, 2)
    (one, a), (two, b) = good.items()
    end = head_of(good)
    forged, _ = seal(encode_record(record(2, model="other")), KIND_RECORD, 2, json.loads(a[1])["hash"])
    loose, _ = seal('{"file":"x"}', KIND_FILE, 3, json.loads(a[2])["hash"])
    return {
        "good": (good, [end], ""),
        "empty": ({}, [], "empty log"),
        "changed": ({one: [a[0], a[1].replace(b"BLOCK", b"ALLOW"), *a[2:]], two: b}, [], f"changed {one}:2"),
        "malformed": (
            {one: [a[0], a[1].replace(b'{"entry":', b'{ "entry":'), *a[2:]], two: b},
            [],
            f"malformed {one}:2",
        ),
        "version": ({one: [*a[:2], a[2].replace(b'"v":1}', b'"v":2}'), a[3]], two: b}, [], f"version {one}:3"),
        "torn": ({one: a, two: [*b[:2], b[2][:-40]]}, [], f"torn {two}:3"),
        "missing": ({one: [*a[:1], *a[2:]], two: b}, [], f"missing {one}:2"),
        "missing-file": ({two: b}, [], f"missing {two}:3"),
        "reordered": ({one: [a[0], a[2], a[1], a[3]], two: b}, [], f"reordered {one}:2"),
        "duplicated": ({one: [*a, a[3]], two: b}, [], f"duplicated {one}:5"),
        "unlinked": ({one: [*a[:2], forged, a[3]], two: b}, [], f"unlinked {one}:4"),
        "misplaced": ({one: [*a[:3], loose], two: b}, [], f"misplaced {one}:4"),
        "renamed": ({str(FileName(0, 9)): a}, [], f"misplaced {FileName(0, 9)}:1"),
        "truncated": ({one: a, two: b[:2]}, [end], f"truncated {two}:2"),
        "replaced": (good, [Head(end.seq, "0" * 64)], f"replaced {two}:3"),
    }


def write() -> None:
    for case, (made, heads, expected) in tampered().items():
        folder = HERE / case
        folder.mkdir(exist_ok=True)
        for name, lines in made.items():
            (folder / name).write_bytes(b"".join(lines))
        (folder / "expect.json").write_text(
            json.dumps({"fault": expected, "heads": [str(head) for head in heads]}) + "\n"
        )


if __name__ == "__main__":
    write()
