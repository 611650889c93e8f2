from pathlib import Path

import pytest

from firebreak.cli import lock, main
from firebreak.model.errors import Unavailable


@pytest.fixture
def kernel(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """What would have been set. The pod has a name server of its own."""
    scripts: list[str] = []
    monkeypatch.setattr("firebreak.adapters.nft.apply", scripts.append)
    resolv_conf = tmp_path / "resolv.conf"
    resolv_conf.write_text("nameserver 10.96.0.10\n")
    monkeypatch.setattr(lock, "RESOLV_CONF", resolv_conf)
    return scripts


def test_it_sets_the_rules_and_says_what_passes(
    kernel: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FIREBREAK_EGRESS_LISTEN", "127.0.0.1:15083")
    monkeypatch.setenv("FIREBREAK_EGRESS_ALLOW", "pypi.org")
    assert main.main(["lock"]) == main.OK
    assert "ip daddr 10.96.0.10/32" in kernel[0]
    assert capsys.readouterr().out == "locked: web traffic goes to 127.0.0.1:15083, which lets pass: pypi.org\n"


def test_printing_sets_nothing(
    kernel: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FIREBREAK_EGRESS_LISTEN", "127.0.0.1:15083")
    assert main.main(["lock", "--print"]) == main.OK
    assert kernel == []
    assert "policy drop" in capsys.readouterr().out


def test_a_pod_without_a_name_server_is_locked_too(
    kernel: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("FIREBREAK_EGRESS_LISTEN", "127.0.0.1:15083")
    monkeypatch.setattr(lock, "RESOLV_CONF", tmp_path / "none")
    assert main.main(["lock"]) == main.OK
    assert "th dport 53 accept" not in kernel[0]


def test_nothing_to_lead_to_is_an_error(kernel: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["lock"]) == main.UNUSABLE
    assert kernel == []
    assert "egress_listen" in capsys.readouterr().err


def test_rules_that_were_not_set_fail_the_container(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(_: str) -> None:
        raise Unavailable("nft: the rules were not set")

    monkeypatch.setattr("firebreak.adapters.nft.apply", refuse)
    monkeypatch.setenv("FIREBREAK_EGRESS_LISTEN", "127.0.0.1:15083")
    assert main.main(["lock"]) == main.FAILED
    assert "were not set" in capsys.readouterr().err
