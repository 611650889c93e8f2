from pathlib import Path

import pytest

from firebreak.adapters import nft
from firebreak.model.errors import Unavailable


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A stand-in for nft that keeps its input and does what a test wrote to it."""
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    file = tmp_path / "nft-stand-in"
    file.write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/arguments\ncat > {tmp_path}/input\n. {tmp_path}/then\n')
    file.chmod(0o755)
    return tmp_path


def test_the_script_goes_in_on_standard_input(program: Path) -> None:
    (program / "then").write_text("exit 0\n")
    nft.apply("table inet x { }\n", "nft-stand-in")
    assert (program / "input").read_text() == "table inet x { }\n"
    assert (program / "arguments").read_text() == "-f -\n"


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("/dev/stdin:1:1-2: Error: syntax error, unexpected junk", "Error: syntax error"),
        ("Error: Could not process rule: Operation not permitted", "needs user 0 and the capability NET_ADMIN"),
        ("", "it did not say why"),
        ("\\033[31mred", r"\?\[31mred"),
    ],
)
def test_a_failure_is_told_in_its_first_words(program: Path, said: str, expected: str) -> None:
    (program / "then").write_text(f"printf '{said}\\n' >&2\nexit 1\n")
    with pytest.raises(Unavailable, match=expected):
        nft.apply("", "nft-stand-in")


def test_a_program_that_is_not_there_is_told() -> None:
    with pytest.raises(Unavailable, match="no such program"):
        nft.apply("", "no-such-nft")


def test_a_program_that_does_not_end_is_told(program: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (program / "then").write_text("exec sleep 60\n")
    monkeypatch.setattr(nft, "TIMEOUT_S", 0.2)
    with pytest.raises(Unavailable, match="TimeoutExpired"):
        nft.apply("", "nft-stand-in")
