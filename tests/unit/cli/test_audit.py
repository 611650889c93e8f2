import argparse
import json

import pytest
from tests.golden.audit.samples import head_of, log, record, response

from firebreak.adapters.audit_dir import head_name
from firebreak.audit.chain import NOTHING
from firebreak.cli.audit import add_parser
from firebreak.model.decision import Decision, Verdict


@pytest.fixture
def place(tmp_path):
    put(tmp_path, log(2, 1))
    return tmp_path


def put(place, made):
    for name, lines in made.items():
        (place / name).write_bytes(b"".join(lines))


def run(*arguments):
    parser = argparse.ArgumentParser()
    add_parser(parser.add_subparsers())
    parsed = parser.parse_args(["audit", *map(str, arguments)])
    return parsed.run(parsed)


def test_a_whole_log_is_ok_and_its_head_is_named(place, capsys):
    assert run("verify", place) == 0
    assert capsys.readouterr().out == f"OK worker 0: 5 entries in 2 files, head {head_of(log(2, 1))}\n"


def test_a_changed_entry_fails_and_is_named(place, capsys):
    file = place / "audit-0-000000000000.jsonl"
    file.write_bytes(file.read_bytes().replace(b"BLOCK", b"ALLOW", 1))
    assert run("verify", place) == 1
    assert capsys.readouterr().out == (
        "NOT OK worker 0: 1 entries in 1 files were in order, then "
        "audit-0-000000000000.jsonl:2: the entry was changed: its hash does not fit its content\n"
    )


def test_a_known_head_shows_that_the_end_was_cut(place, capsys):
    known = head_of(log(2, 1))
    assert run("verify", place, "--head", known) == 0
    put(place, log(2, 0))
    assert run("verify", place) == 0
    assert run("verify", place, "--head", known) == 1
    assert "(entry 4): the log ends before an entry" in capsys.readouterr().out


def test_the_head_beside_the_log_counts_as_known(place):
    head = head_of(log(2, 1))
    (place / head_name(0)).write_text(json.dumps({"seq": head.seq, "hash": head.hash}))
    assert run("verify", place) == 0
    put(place, log(2, 0))
    assert run("verify", place) == 1


def test_a_worker_whose_whole_chain_is_gone_is_missed(place, capsys):
    put(place, log(1, worker=1))
    assert run("verify", place, "--head", f"1:{head_of(log(1, worker=1))}") == 0
    (place / "audit-1-000000000000.jsonl").unlink()
    assert run("verify", place, "--head", f"1:{head_of(log(1, worker=1))}") == 1
    assert "NOT OK worker 1: 0 entries in 0 files" in capsys.readouterr().out


def test_retention_is_told(tmp_path, capsys):
    before = head_of(log(4))
    put(tmp_path, log(1, first=before, pruned_before=before.seq + 1))
    assert run("verify", tmp_path) == 0
    assert "from entry 5 (retention deleted the older ones)" in capsys.readouterr().out


def test_no_log_is_not_a_good_log(tmp_path, capsys):
    assert run("verify", tmp_path) == 1
    assert "there is no log here" in capsys.readouterr().out
    assert run("verify", tmp_path / "none") == 2
    assert run("show", tmp_path / "none") == 2
    assert "cannot read the log" in capsys.readouterr().err


@pytest.mark.parametrize("head", ["5", "5:abc", f"x:5:{'a' * 64}", f"1:2:5:{'a' * 64}", f"{NOTHING}"])
def test_what_is_no_head_is_a_usage_error(place, head, capsys):
    with pytest.raises(SystemExit):
        run("verify", place, f"--head={head}")
    assert "a head is SEQ:HASH" in capsys.readouterr().err


def test_show_prints_a_line_for_each_record(place, capsys):
    assert run("show", place) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3
    assert lines[0].split() == [
        "2026-02-28T00:00:01.250000Z", "request", "BLOCK", "bulk_surveillance", "no-surveillance", "openai", "gpt-5-mini", "record-1",
    ]  # fmt: skip


def test_show_chooses(tmp_path, capsys):
    from firebreak.audit.entry import encode

    made = log(2)
    (name, lines), *_ = made.items()
    allowed = record(9, decision=Decision(Verdict.ALLOW, "allow", ""), intents=(), reason="")
    put(tmp_path, {name: [*lines, encode(allowed, 3, head_of(made).hash)]})

    def shown(*arguments):
        assert run("show", tmp_path, "--json", *arguments) == 0
        return [json.loads(line)["id"] for line in capsys.readouterr().out.splitlines()]

    assert shown() == ["record-1", "record-2", "record-9"]
    assert shown("--decision", "ALLOW") == ["record-9"]
    assert shown("--rule", "no-surveillance") == ["record-1", "record-2"]
    assert shown("--since", "2026-02-28T00:00:02") == ["record-2", "record-9"]
    assert shown("--since", "2026-02-28T01:00:02+01:00", "--limit", "1") == ["record-9"]


def test_show_prints_both_records_of_an_id(tmp_path, capsys):
    from firebreak.audit.entry import encode

    made = log(2)
    (name, lines), *_ = made.items()
    put(tmp_path, {name: [*lines, encode(response(1), 3, head_of(made).hash)]})
    assert run("show", tmp_path, "--id", "record-1") == 0
    asked, answered = capsys.readouterr().out.splitlines()
    assert asked.split()[1:4] == ["request", "BLOCK", "bulk_surveillance"]
    assert answered.split()[1:4] == ["response", "REDACT", "cut"]
    assert asked.endswith("record-1")
    assert answered.endswith("record-1")


def test_show_reads_entries_that_do_not_say_their_direction(tmp_path, capsys):
    made = log(1)
    (name, lines), *_ = made.items()
    put(tmp_path, {name: [lines[0], lines[1].replace(b'"direction":"request",', b"")]})
    assert run("show", tmp_path) == 0
    assert " request " in capsys.readouterr().out


def test_show_does_not_let_a_record_steer_the_terminal(tmp_path, capsys):
    from firebreak.audit.entry import encode

    made = log(0)
    (name, lines), *_ = made.items()
    put(tmp_path, {name: [*lines, encode(record(model="\x1b[2J\u202e\n"), 1, head_of(made).hash)]})
    assert run("show", tmp_path) == 0
    assert "\\x1b[2J\\u202e\\n" in capsys.readouterr().out


@pytest.mark.parametrize(
    "line", [b"{}\n", b"[]\n", b"x\n", b'{"kind":"record","entry":{}}\n', b'{"kind":"record","entry":[]}\n']
)
def test_show_says_where_to_go_when_a_line_is_no_entry(place, capsys, line):
    with (place / "audit-0-000000000003.jsonl").open("ab") as file:
        file.write(line)
    assert run("show", place) == 1
    assert "audit verify" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments", [["--limit", "0"], ["--limit", "x"], ["--since", "today"], ["--decision", "MAYBE"]]
)
def test_show_refuses_what_it_cannot_read(place, arguments, capsys):
    with pytest.raises(SystemExit):
        run("show", place, *arguments)


def test_a_worker_of_whom_only_the_head_is_left_is_missed(place, capsys):
    (place / head_name(3)).write_text('{"hash":"' + "ab" * 32 + '","seq":4,"time":1.0,"worker":3}\n')
    assert run("verify", place) == 1
    assert "NOT OK worker 3: 0 entries in 0 files" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"time":', b'"time":"x","t":'),
        (b'"time":', b'"time":1e300,"t":'),
        (b'"intents":', b'"i":'),
        (b'{"entry":', b"[" * 100_000),
    ],
    ids=["a time that is a word", "a time out of range", "a field gone", "nested without end"],
)
def test_showing_a_log_that_was_written_over_says_so(place, capsys, old, new):
    file = place / "audit-0-000000000000.jsonl"
    first, rest = file.read_bytes().split(b"\n", 1)
    file.write_bytes(first + b"\n" + rest.replace(old, new, 1))
    assert run("show", place) == 1
    assert "no entry" in capsys.readouterr().err
