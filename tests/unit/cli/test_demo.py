"""`firebreak demo`: its options, and that every way of ending it unwinds."""

import argparse
import os
import signal
from pathlib import Path

import pytest

from firebreak.cli import demo
from firebreak.local import demo as local_demo
from firebreak.model.errors import BadConfig


@pytest.fixture
def parse():
    root = argparse.ArgumentParser()
    demo.add_parser(root.add_subparsers())
    return lambda *words: root.parse_args(["demo", *words])


@pytest.fixture(autouse=True)
def sigterm_as_before():
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)


def run_with(monkeypatch, behaviour):
    monkeypatch.setattr(local_demo, "run", lambda options, board: behaviour(options))


def noting(seen, status):
    def behaviour(options):
        seen.append(options)
        return status

    return behaviour


def test_the_defaults_are_the_shipped_policy_and_its_scenarios(parse, monkeypatch):
    seen: list[local_demo.DemoOptions] = []
    run_with(monkeypatch, noting(seen, 0))
    arguments = parse()
    assert arguments.run(arguments) == 0
    assert seen[0].policy.is_file()
    assert seen[0].scenarios.is_file()
    assert seen[0].folder.parent == Path("build/demo")
    assert seen[0].keep is False


def test_options_reach_the_demo(parse, monkeypatch, tmp_path):
    seen: list[local_demo.DemoOptions] = []
    run_with(monkeypatch, noting(seen, 1))
    arguments = parse("--policy", "p", "--scenarios", "s", "--folder", str(tmp_path), "--keep")
    assert arguments.run(arguments) == 1
    assert seen == [local_demo.DemoOptions(Path("p"), Path("s"), tmp_path, keep=True)]


def test_ctrl_c_is_an_exit_status(parse, monkeypatch):
    def interrupted(_options):
        raise KeyboardInterrupt

    run_with(monkeypatch, interrupted)
    arguments = parse()
    assert arguments.run(arguments) == 130


def test_sigterm_unwinds_too(parse, monkeypatch):
    unwound = []

    def terminated(_options):
        try:
            os.kill(os.getpid(), signal.SIGTERM)
            signal.pause()
        finally:
            unwound.append(True)

    run_with(monkeypatch, terminated)
    arguments = parse()
    with pytest.raises(SystemExit) as ended:
        arguments.run(arguments)
    assert (ended.value.code, unwound) == (143, [True])


def test_a_missing_scenario_file_is_named(parse, tmp_path):
    arguments = parse("--scenarios", "absent.yaml", "--folder", str(tmp_path / "run"))
    with pytest.raises(BadConfig, match=r"absent\.yaml"):
        arguments.run(arguments)
