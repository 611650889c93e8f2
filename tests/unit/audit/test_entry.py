import dataclasses
import hashlib
import json
from typing import Any

import pytest
from tests.golden.audit.samples import record, response

from firebreak.audit.chain import GENESIS, FileHeader
from firebreak.audit.entry import (
    ID_DIGEST_CHARS,
    MAX_ITEMS,
    MAX_LINE_BYTES,
    MAX_TEXT_CHARS,
    encode,
    encode_header,
    encode_record,
)
from firebreak.model.decision import Decision, Ruling, Verdict
from firebreak.model.exchange import Caller
from firebreak.model.record import Record


def test_the_hash_covers_the_line_without_its_hash_and_line_feed():
    line = encode(record(), 7, GENESIS)
    document = json.loads(line)
    digest = document.pop("hash")
    rest = json.dumps(document, sort_keys=True, separators=(",", ":"))
    assert digest == hashlib.sha256(rest.encode()).hexdigest()
    assert (document["seq"], document["previous"], document["kind"], document["v"]) == (7, GENESIS, "record", 1)
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1


def test_every_field_of_a_record_is_in_its_entry():
    entry = json.loads(encode_record(record()))
    renamed = {"time_s": "time", "traceparent": "trace_id"}
    fields = {renamed.get(field.name, field.name) for field in dataclasses.fields(Record)}
    assert fields == entry.keys() - {"omitted"}
    assert entry["decision"]["verdict"] == "BLOCK"
    assert entry["decision"]["rulings"][1] == {
        "rule": "note-pii",
        "shadow": True,
        "subject": "finding:email-address@120-140",
        "verdict": "WARN",
    }
    assert entry["findings"][0]["span"] == [120, 140]
    assert entry["intents"][0]["confidence"] == 0.87
    assert entry["trace_id"] == "4bf92f3577b34da6a3ce929d0e0e4736"
    assert entry["timings_us"] == {"intent": 200, "read": 60, "screen": 300}


def test_every_field_of_a_decision_is_in_its_entry():
    entry = json.loads(encode_record(record()))["decision"]
    assert {field.name for field in dataclasses.fields(Decision)} - {"enforce", "redact"} == entry.keys() - {"refused"}


def test_a_response_says_how_it_ended_and_what_it_cost():
    entry = json.loads(encode_record(response()))
    assert (entry["id"], entry["direction"]) == ("record-0", "response")
    assert (entry["status"], entry["ending"], entry["changes"], entry["late"]) == (200, "cut", 2, 11)
    assert entry["usage"] == {"cached": 8, "estimated": False, "input": 120, "output": 40, "reasoning": 16}
    assert (entry["cost"], entry["currency"]) == (0.00052, "USD")


def test_a_request_needs_to_name_none_of_that():
    entry = json.loads(encode_record(record()))
    assert (entry["direction"], entry["status"], entry["ending"], entry["usage"]) == ("request", 0, "", None)
    assert (entry["changes"], entry["late"], entry["cost"], entry["currency"]) == (0, 0, 0.0, "")


def test_people_are_kept_as_the_start_of_a_digest():
    line = encode_record(record())
    assert "alice" not in line
    assert "session-9" not in line
    caller = json.loads(line)["caller"]
    assert caller["user_sha256"] == hashlib.sha256(b"alice@example.com").hexdigest()[:ID_DIGEST_CHARS]
    assert json.loads(encode_record(record(caller=Caller())))["caller"]["user_sha256"] == ""


def test_a_surrogate_in_an_id_does_not_stop_the_record():
    assert json.loads(encode_record(record(caller=Caller(user="\ud800", pod="\udfff"))))["caller"]["pod"] == "\udfff"


@pytest.mark.parametrize(
    "field", ["id", "method", "path", "model", "provider", "where", "inspected", "surface", "reason"]
)
def test_what_a_request_chooses_is_cut_and_escaped(field):
    hostile = '\x1b[2J"\n\u202e' + "x" * 10_000
    chosen: dict[str, Any] = {field: hostile}
    line = encode_record(record(0, **chosen))
    assert line.isascii()
    assert line.isprintable()
    kept = json.loads(line)[field]
    assert len(kept) == MAX_TEXT_CHARS
    assert kept.endswith("...")


def test_lists_are_cut_and_what_is_left_out_is_counted():
    many = MAX_ITEMS + 5
    rulings = tuple(Ruling("exchange", Verdict.WARN, f"rule-{n}") for n in range(many))
    entry = json.loads(
        encode_record(record(tools=("t",) * many, decision=Decision(Verdict.WARN, "r", "d", rulings=rulings)))
    )
    assert len(entry["tools"]) == len(entry["decision"]["rulings"]) == MAX_ITEMS
    assert entry["omitted"] == {"rulings": 5, "tools": 5}


def test_the_longest_line_fits_the_limit_of_a_reader():
    wide = "\U0001f525" * 5000
    base = record()
    decision = Decision(
        Verdict.BLOCK, wide, wide, alerts=(wide,) * 300, constraints=(wide,) * 300, note=wide, color=wide,
        rulings=(Ruling(wide, Verdict.BLOCK, wide),) * 300,
    )  # fmt: skip
    intents = (dataclasses.replace(base.intents[0], category=wide, evidence=wide),) * 300
    findings = (dataclasses.replace(base.findings[0], rule=wide, view=wide, origin=wide),) * 300
    line = encode(record(decision=decision, intents=intents, findings=findings, tools=(wide,) * 300), 1, GENESIS)
    assert len(line) < MAX_LINE_BYTES


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_a_number_that_json_lacks_is_a_bug_and_not_a_line(number):
    with pytest.raises(ValueError, match="finite"):
        encode_record(record(time_s=number))


def test_a_header_names_its_file_and_what_retention_kept():
    line, head = encode_header(FileHeader("audit-3-000000000009.jsonl", 3, 1.5, 4), 9, GENESIS)
    document = json.loads(line)
    assert document["entry"] == {"file": "audit-3-000000000009.jsonl", "pruned_before": 4, "time": 1.5, "worker": 3}
    assert (head.seq, head.hash) == (9, document["hash"])
