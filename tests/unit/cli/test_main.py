import importlib.metadata
import subprocess
import sys
from pathlib import Path

import pytest

import firebreak
from firebreak.cli.main import COMMANDS, main, parser


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command, capsys):
    with pytest.raises(SystemExit) as status:
        parser().parse_args([command, "--help"])
    assert status.value.code == 0
    assert f"firebreak {command}" in capsys.readouterr().out


def test_the_version(capsys):
    with pytest.raises(SystemExit):
        main(["--version"])
    assert capsys.readouterr().out.strip() == f"firebreak {firebreak.__version__}"
    assert firebreak.__version__ == importlib.metadata.version("firebreak")


@pytest.mark.parametrize(
    ("command", "spared"), [("envoy", {"numpy", "grpc", "re2"}), ("serve", {"firebreak.kube.manifests"})]
)
def test_a_pods_commands_import_nothing_of_the_others(command, spared):
    code = f"import sys; from firebreak.cli.main import parser; parser({command!r}); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not spared & set(done.stdout.split())


def test_what_is_no_command_is_told_all_that_are(capsys):
    with pytest.raises(SystemExit):
        main(["evnoy"])
    said = capsys.readouterr().err
    assert all(command in said for command in COMMANDS)


def test_a_wrong_option_is_an_error_that_names_it(monkeypatch, capsys):
    monkeypatch.setenv("FIREBREAK_WORKES", "2")
    assert main(["envoy"]) == 2
    assert "FIREBREAK_WORKES: unknown option 'workes'; did you mean 'workers'?" in capsys.readouterr().err


def test_the_sidecars_configuration_follows_the_options(monkeypatch, capsys):
    monkeypatch.setenv("FIREBREAK_MAX_BODY_BYTES", "4096")
    assert main(["envoy"]) == 0
    assert "4096" in capsys.readouterr().out


def test_a_file_that_is_not_there_is_an_error_and_no_traceback(capsys):
    assert main(["check", "--policy", "/nowhere/policy.yaml", "-"]) == 2
    assert capsys.readouterr().err.startswith("error: /nowhere/policy.yaml: ")


def test_output_that_cannot_be_written_is_an_error_and_no_traceback():
    command = [sys.executable, "-m", "firebreak", "policy", "schema"]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr) == (2, "error: output: no space left on device\n")


def test_ctrl_c_ends_without_a_traceback(monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("firebreak.cli.check.run", interrupted)
    assert main(["check", "--policy", "p.yaml"]) == 130


def test_explaining_by_an_api_that_is_not_there_is_an_error(capsys):
    with pytest.raises(SystemExit) as status:
        main(["policy", "explain", "p.yaml", "hello", "--api", "opnai"])
    assert status.value.code == 2
    assert "invalid choice: 'opnai'" in capsys.readouterr().err
