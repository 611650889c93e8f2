"""The demo's frame without Envoy: what it prepares, how it judges a run, and what it says at the end."""

import contextlib
import json
import signal
from dataclasses import replace
from pathlib import Path

import pytest

from firebreak import settings
from firebreak.adapters.audit_dir import AuditDir
from firebreak.audit.chain import GENESIS, FileHeader, FileName
from firebreak.audit.entry import encode_header
from firebreak.edge.envoy.config import config
from firebreak.local import demo, envoy_binary
from firebreak.local.upstream import UpstreamThread
from firebreak.model.errors import BadConfig

SCENARIOS = """\
scenarios:
  - id: one
    title: One
    sdk: openai
    api: models
    expect: {decision: ALLOW, rule: listed-route}
"""


class Notes:
    """A board that remembers."""

    def __init__(self):
        self.rows, self.lines, self.steps = [], [], []

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        return None

    def step(self, what):
        self.steps.append(what)

    def row(self, row):
        self.rows.append(row)

    def say(self, lines):
        self.lines.extend(lines)


@pytest.fixture
def options(tmp_path):
    (tmp_path / "policy.yaml").write_text("policy: {name: x}")
    (tmp_path / "scenarios.yaml").write_text(SCENARIOS)
    return demo.DemoOptions(tmp_path / "policy.yaml", tmp_path / "scenarios.yaml", tmp_path / "run")


def write_log(folder):
    name = FileName(worker=0, seq=0)
    line, _ = encode_header(FileHeader(str(name), worker=0, time_s=1.0), 0, GENESIS)
    (folder / "audit" / str(name)).write_bytes(line)


@contextlib.contextmanager
def unguarded(folder, board):
    """An upstream with nothing before it: no request is decided on."""
    with UpstreamThread() as upstream:
        models = f"http://127.0.0.1:{upstream.port}/v1/models"
        yield demo.Running(upstream, upstream.port, models, AuditDir(folder / "audit"))


def test_a_request_that_nobody_decided_on_fails_the_run(options):
    board = Notes()
    assert demo.run(options, board, unguarded) == 1
    assert "decision is none, not ALLOW" in board.rows[0].wrong
    assert "the audit log has no such record" in board.rows[0].wrong
    assert board.lines[-1] == "0 of 1 scenarios as expected"


def test_the_policy_is_copied_and_the_metrics_are_kept(options):
    demo.run(options, Notes(), unguarded)
    assert (options.folder / "policy" / "policy.yaml").read_text() == "policy: {name: x}"
    assert b"local-large" in (options.folder / "metrics.txt").read_bytes()


def test_a_whole_log_is_said_to_be_whole(options):
    @contextlib.contextmanager
    def with_log(folder, board):
        write_log(folder)
        with unguarded(folder, board) as running:
            yield running

    board = Notes()
    demo.run(options, board, with_log)
    assert "audit log verified: 1 entries" in board.lines
    assert f"audit log   {options.folder / 'audit'}" in board.lines


def test_a_changed_log_is_said_to_be_changed(options):
    @contextlib.contextmanager
    def with_changed_log(folder, board):
        with unguarded(folder, board) as running:
            yield running
        write_log(folder)
        (file,) = (folder / "audit").iterdir()
        file.write_bytes(file.read_bytes().replace(b'"worker":0', b'"worker":7'))

    board = Notes()
    assert demo.run(options, board, with_changed_log) == 1
    assert any(line.startswith("audit log NOT whole") for line in board.lines)


def test_a_folder_that_exists_is_left_alone(options):
    options.folder.mkdir()
    with pytest.raises(BadConfig, match="the folder exists"):
        demo.run(options, Notes(), unguarded)


def test_a_policy_that_is_not_there_is_named(options):
    with pytest.raises(BadConfig, match=r"absent\.yaml"):
        demo.run(replace(options, policy=Path("absent.yaml")), Notes(), unguarded)


class Impatient(Notes):
    """Someone who presses Ctrl-C once all is up."""

    def step(self, what):
        if what.startswith("up;"):
            signal.raise_signal(signal.SIGINT)


def test_keep_says_how_to_reach_it_and_ends_on_ctrl_c(options):
    board = Impatient()
    assert demo.run(replace(options, keep=True), board, unguarded) == 1
    told = dict(line.split("=", 1) for line in board.lines if "_BASE_URL=" in line)
    assert told["OPENAI_BASE_URL"].endswith("/openai/v1")
    assert told["ANTHROPIC_BASE_URL"].endswith("/anthropic")
    assert any(line.startswith("curl -i http://127.0.0.1:") for line in board.lines)
    assert board.lines[-1] == "0 of 1 scenarios as expected"


def test_envoys_configuration_is_the_generators_and_valid(tmp_path):
    options = settings.load(demo.environment(tmp_path, tmp_path, 9999, "127.0.0.1:4317", "127.0.0.1:1")).envoy_options()
    told = demo.envoy_config(options)
    envoy_binary.validate(told)
    assert {key: value for key, value in json.loads(told).items() if key != "layered_runtime"} == config(options)


def test_the_services_options_are_ones_it_takes(tmp_path):
    environment = demo.environment(tmp_path, tmp_path / "s", 9999, "127.0.0.1:4317", "127.0.0.1:15081")
    loaded = settings.load(environment)
    assert [provider.prefix for provider in loaded.envoy_options().providers] == ["/openai", "/anthropic"]
    assert loaded.audit_dir == tmp_path / "audit"
    assert json.loads(environment["FIREBREAK_PROVIDERS"])[0]["tls"] is False
