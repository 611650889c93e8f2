"""A record, or a file's header, as one line of the log.

What the request could choose freely is only here: path, model, tool names, the caller's fields and the place of a
reading error. Each is cut to a length, and JSON escapes every character outside printable ASCII. End-user and session
ids are personal data: only the start of their SHA-256 is kept, enough to follow one person through a log.

The JSON is put together by hand, keys in order, because this runs once per request: a dictionary and `json.dumps` take
twice the time. A property test holds the result to `json.dumps` with sorted keys.
"""

import math
from collections.abc import Iterable, Sequence
from hashlib import sha256
from json.encoder import encode_basestring_ascii as _quote

from firebreak.audit.chain import KIND_FILE, KIND_RECORD, VERSION, FileHeader, Head
from firebreak.audit.traceparent import parse
from firebreak.model.decision import Decision, Ruling
from firebreak.model.exchange import Caller
from firebreak.model.facts import Absence
from firebreak.model.finding import Finding
from firebreak.model.intent import Intent
from firebreak.model.record import Record
from firebreak.model.usage import Usage

MAX_TEXT_CHARS = 256
"""A Kubernetes name has at most 253; provider model and tool names stay under 128."""
MAX_NOTE_CHARS = 1024
"""Sentences come from the policy, not from the request, but a line has to end somewhere."""
MAX_ITEMS = 200
"""Of each list. What is left out is counted in `omitted`."""
MAX_LINE_BYTES = 16 * 1024 * 1024
"""Above the longest line the limits allow: about 8 MB, if all texts were characters that take 12 bytes escaped."""
ID_DIGEST_CHARS = 16


def encode(record: Record, seq: int, previous: str) -> bytes:
    """The record as entry `seq`, after the entry whose hash is `previous`."""
    return seal(encode_record(record), KIND_RECORD, seq, previous)[0]


def seal(entry: str, kind: str, seq: int, previous: str) -> tuple[bytes, Head]:
    """The line of an entry, given as canonical JSON, and the chain's head after it."""
    tail = f',"kind":"{kind}","previous":"{previous}","seq":{seq},"v":{VERSION}}}'
    start = '{"entry":' + entry
    digest = sha256((start + tail).encode("ascii")).hexdigest()
    return f'{start},"hash":"{digest}"{tail}\n'.encode("ascii"), Head(seq, digest)


def encode_header(header: FileHeader, seq: int, previous: str) -> tuple[bytes, Head]:
    entry = (
        f'{{"file":{_quote(header.file)},"pruned_before":{header.pruned_before},'
        f'"time":{_number(header.time_s)},"worker":{header.worker}}}'
    )
    return seal(entry, KIND_FILE, seq, previous)


def encode_record(record: Record) -> str:
    """The record's fields as canonical JSON: the part of a line that does not depend on its place in the chain."""
    parent = parse(record.traceparent)
    policy = record.policy
    return (
        f'{{"body_bytes":{record.body_bytes},"body_sha256":{_quote(record.body_sha256)},'
        f'"caller":{_caller(record.caller)},"changes":{record.changes},"cost":{_number(record.cost)},'
        f'"currency":{_text(record.currency)},"decision":{_decision(record.decision)},'
        f'"direction":"{record.direction}","ending":{_text(record.ending)},'
        f'"findings":{_list(map(_finding, record.findings[:MAX_ITEMS]))},'
        f'"id":{_text(record.id)},"inspected":{_text(record.inspected)},'
        f'"intents":{_list(map(_intent, record.intents[:MAX_ITEMS]))},"late":{record.late},'
        f'"method":{_text(record.method)},"model":{_text(record.model)},"omitted":{_omitted(record)},'
        f'"parts":{record.parts},"path":{_text(record.path)},"policy":{{"digest":{_text(policy.digest)},'
        f'"name":{_text(policy.name)},"version":{_text(policy.version)}}},"provider":{_text(record.provider)},'
        f'"reason":{_text(record.reason)},"status":{record.status},"stream":{_flag(record.stream)},'
        f'"surface":{_text(record.surface)},'
        f'"time":{_number(record.time_s)},"timings_us":{_counts(record.timings_us.items())},'
        f'"tools":{_texts(record.tools)},"trace_id":{_quote(parent.trace_id if parent else "")},'
        f'"unavailable":{_list(map(_absence, record.unavailable[:MAX_ITEMS]))},'
        f'"usage":{_usage(record.usage)},"where":{_text(record.where)}}}'
    )


def _text(text: str, limit: int = MAX_TEXT_CHARS) -> str:
    return _quote(text if len(text) <= limit else text[: limit - 3] + "...")


def _number(value: float) -> str:
    """A finite number as Python writes it, which reads back as the same number."""
    number = float(value)
    if not math.isfinite(number):
        raise ValueError("a record holds finite numbers only")
    return repr(number)


def _flag(value: bool) -> str:  # noqa: FBT001 - a flag is all that it takes
    return "true" if value else "false"


def _list(items: Iterable[str]) -> str:
    return f"[{','.join(items)}]"


def _texts(texts: Sequence[str], limit: int = MAX_TEXT_CHARS) -> str:
    return _list([_text(text, limit) for text in texts[:MAX_ITEMS]])


def _counts(items: Iterable[tuple[str, int]]) -> str:
    return f"{{{','.join([f'{_text(name)}:{count}' for name, count in sorted(items)])}}}"


def _pseudonym(personal_id: str) -> str:
    if not personal_id:
        return '""'
    return f'"{sha256(personal_id.encode("utf-8", "surrogatepass")).hexdigest()[:ID_DIGEST_CHARS]}"'


def _caller(caller: Caller) -> str:
    return (
        f'{{"namespace":{_text(caller.namespace)},"pod":{_text(caller.pod)},'
        f'"service_account":{_text(caller.service_account)},"session_sha256":{_pseudonym(caller.session)},'
        f'"spiffe_id":{_text(caller.spiffe_id)},"user_sha256":{_pseudonym(caller.user)}}}'
    )


def _decision(decision: Decision) -> str:
    return (
        f'{{"alerts":{_texts(decision.alerts)},"audit":"{decision.audit.name}",'
        f'"carried_out":{_flag(decision.carried_out)},"color":{_text(decision.color)},'
        f'"constraints":{_texts(decision.constraints, MAX_NOTE_CHARS)},'
        f'"description":{_text(decision.description, MAX_NOTE_CHARS)},"mode":"{decision.mode}",'
        f'"note":{_text(decision.note, MAX_NOTE_CHARS)},"refused":{_flag(decision.refuses)},'
        f'"requires_human":{_flag(decision.requires_human)},"rule":{_text(decision.rule)},'
        f'"rulings":{_list(map(_ruling, decision.rulings[:MAX_ITEMS]))},"verdict":"{decision.verdict.name}"}}'
    )


def _ruling(ruling: Ruling) -> str:
    return (
        f'{{"rule":{_text(ruling.rule)},"shadow":{_flag(ruling.shadow)},'
        f'"subject":{_text(ruling.subject)},"verdict":"{ruling.verdict.name}"}}'
    )


def _finding(finding: Finding) -> str:
    return (
        f'{{"kind":"{finding.kind}","origin":{_text(finding.origin)},"part":{finding.part},'
        f'"rule":{_text(finding.rule)},"score":{_number(finding.score)},"severity":"{finding.severity.name}",'
        f'"span":[{finding.span.start},{finding.span.end}],"surface":"{finding.surface}","view":{_text(finding.view)}}}'
    )


def _intent(intent: Intent) -> str:
    return (
        f'{{"category":{_text(intent.category)},"confidence":{_number(intent.confidence)},'
        f'"evidence":{_text(intent.evidence)},"part":{intent.part},"primary":{_flag(intent.primary)},'
        f'"source":"{intent.source}"}}'
    )


def _absence(absence: Absence) -> str:
    return f'{{"part":{_text(absence.part)},"reason":{_text(absence.reason)}}}'


def _usage(usage: Usage | None) -> str:
    if usage is None:
        return "null"
    return (
        f'{{"cached":{usage.cached},"estimated":{_flag(usage.estimated)},"input":{usage.input},'
        f'"output":{usage.output},"reasoning":{usage.reasoning}}}'
    )


def _omitted(record: Record) -> str:
    """How many items of each list were left out; nothing is said of lists that are whole."""
    decision = record.decision
    lists: tuple[tuple[str, Sequence[object]], ...] = (
        ("alerts", decision.alerts),
        ("constraints", decision.constraints),
        ("findings", record.findings),
        ("intents", record.intents),
        ("rulings", decision.rulings),
        ("tools", record.tools),
        ("unavailable", record.unavailable),
    )
    return _counts((name, len(items) - MAX_ITEMS) for name, items in lists if len(items) > MAX_ITEMS)
