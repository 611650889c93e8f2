from pathlib import Path

import pytest

from firebreak.adapters.own_certificate import Names
from firebreak.cli import webhook as module
from firebreak.cli.main import main
from firebreak.kube.options import Egress, Reference

OWN = ("--service", "injector.firebreak.svc", "--secret", "certificate", "--configuration", "injector")


@pytest.fixture
def given(monkeypatch):
    """What the command would serve with."""
    seen = []

    def serve(options):
        seen.append(options)
        return 0

    monkeypatch.setattr(module, "serve", serve)
    return seen


def test_its_own_certificate(given, monkeypatch) -> None:
    monkeypatch.setenv("HOSTNAME", "injector-1")
    assert main(["webhook", *OWN]) == 0
    (options,) = given
    assert options.names == Names("injector.firebreak.svc", "certificate", "injector")
    assert options.names.namespace == "firebreak"
    assert (options.listen, options.http_listen) == (("0.0.0.0", 15443), ("0.0.0.0", 15081))
    assert (options.certificate_dir, options.events, options.instance) == (None, False, "injector-1")
    assert not options.asked.everything
    assert options.everything.everything


def test_a_given_certificate(given) -> None:
    assert main(["webhook", "--certificate-dir", "/c", "--events", "--service-account-dir", "/a"]) == 0
    (options,) = given
    assert (options.names, options.certificate_dir, options.events) == (None, Path("/c"), True)
    assert options.service_account_dir == "/a"


def test_the_injectors_options_are_for_both_paths(given) -> None:
    arguments = ["--policy", "team", "--egress", "locked", "--egress-allow", "pypi.org", "--engine-events"]
    arguments += ["--judge-secret", "j/k", "--ca-bundle", "c"]
    assert main(["webhook", *OWN, *arguments]) == 0
    for options in (given[0].asked, given[0].everything):
        assert (options.policy, options.egress, options.egress_allow, options.events) == (
            "team",
            Egress.LOCKED,
            "pypi.org",
            True,
        )
        assert (options.judge_secret, options.ca_bundle) == (Reference("j", "k"), Reference("c", "ca.crt"))


@pytest.mark.parametrize(
    ("arguments", "place"),
    [
        ([], "--secret"),
        (OWN[:4], "--secret"),
        (OWN[2:], "--secret"),
        (["--certificate-dir", "/c", *OWN], "--certificate-dir"),
        (["--certificate-dir", "/c", "--service", "injector"], "--service"),
        (["--certificate-dir", "/c", "--service", "a.b.svc.cluster.local"], "--service"),
        ([*OWN[:2], "--secret", "../x", *OWN[4:]], "--secret"),
        ([*OWN[:4], "--configuration", "A b"], "--configuration"),
        ([*OWN, "--listen", "15443"], "--listen"),
        ([*OWN, "--egress-allow", "api.openai.com"], "FIREBREAK_EGRESS_ALLOW"),
        ([*OWN, "--judge-secret", "a/b/c"], "--judge-secret"),
    ],
)
def test_options_that_do_not_fit_are_named(given, capsys, arguments, place) -> None:
    assert main(["webhook", *arguments]) == 2
    assert capsys.readouterr().err.startswith(f"error: {place}: ")
    assert given == []
