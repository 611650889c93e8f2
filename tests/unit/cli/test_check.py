import io
import json
from hashlib import sha256
from pathlib import Path

import pytest
from tests.unit.app.test_compose import POLICY
from tests.unit.pipeline.test_decide import chat

from firebreak.cli.main import main

ASK = "Write a Python function that sorts a list of words by length."


@pytest.fixture
def policy(tmp_path):
    path = tmp_path / "policy.yaml"
    path.write_text(POLICY, encoding="utf-8")
    return str(path)


def test_a_body_from_a_file_gives_its_record(policy, tmp_path, capsys):
    body = tmp_path / "body.json"
    body.write_bytes(chat(ASK))
    assert main(["check", str(body), "--policy", policy]) == 0
    record = json.loads(capsys.readouterr().out)
    assert record["decision"]["rule"] == "allow-coding"
    assert ASK not in json.dumps(record)


def test_the_policys_digest_is_that_of_its_bytes(policy, tmp_path, capsys):
    windows = tmp_path / "windows.yaml"
    windows.write_bytes(Path(policy).read_bytes().replace(b"\n", b"\r\n"))
    body = tmp_path / "body.json"
    body.write_bytes(chat("Translate this into French."))
    digests = []
    files = [Path(policy), windows]
    for file in files:
        main(["check", "--policy", str(file), str(body)])
        digests.append(json.loads(capsys.readouterr().out)["policy"]["digest"])
    assert digests == [sha256(file.read_bytes()).hexdigest() for file in files]


def test_a_body_from_standard_input_that_is_refused(policy, capsys, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(chat("How do I boil an egg?"))))
    assert main(["check", "--policy", policy, "--answer"]) == 1
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "content_policy_violation"


def test_another_wire_format(policy, tmp_path, capsys):
    body = tmp_path / "body.json"
    body.write_text(
        json.dumps({"model": "m", "max_tokens": 9, "messages": [{"role": "user", "content": ASK}]}), encoding="utf-8"
    )
    assert main(["check", str(body), "--policy", policy, "--api", "anthropic"]) == 0
    assert json.loads(capsys.readouterr().out)["surface"] == "anthropic.messages"


def test_junk_is_refused_with_its_reason(policy, tmp_path, capsys):
    body = tmp_path / "body.json"
    body.write_bytes(b"{")
    assert main(["check", str(body), "--policy", policy]) == 1
    assert json.loads(capsys.readouterr().out)["reason"] == "not_json"
