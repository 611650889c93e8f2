import pytest

from firebreak.model.errors import BadConfig
from firebreak.policy.diagnostic import (
    MAX_DIAGNOSTICS,
    BadDocument,
    Diagnostic,
    Level,
    did_you_mean,
    refuse_errors,
    shown,
)


def diagnostic(line, severity=Level.ERROR, mend="mend it"):
    return Diagnostic("p.yaml", line, "code", severity, f"problem {line}", mend)


def test_a_diagnostic_reads_as_one_line_with_its_mend():
    assert str(diagnostic(7)) == "p.yaml:7: error[code]: problem 7; mend it"
    assert str(diagnostic(7, Level.WARNING, "")) == "p.yaml:7: warning[code]: problem 7"


def test_all_errors_are_told_in_the_order_of_their_lines():
    with pytest.raises(BadDocument) as caught:
        refuse_errors([diagnostic(9), diagnostic(10, Level.WARNING), diagnostic(2)])
    assert str(caught.value).splitlines() == [str(diagnostic(2)), str(diagnostic(9))]


def test_a_bad_document_is_a_bad_config_that_speaks_of_its_first_error():
    error = BadDocument([diagnostic(2), diagnostic(9)])
    assert isinstance(error, BadConfig)
    assert (error.place, error.problem, error.mend) == ("p.yaml:2", "problem 2", "mend it")


def test_warnings_alone_refuse_nothing():
    refuse_errors([diagnostic(1, Level.WARNING)])


def test_no_more_errors_are_told_than_anyone_reads():
    with pytest.raises(BadDocument) as caught:
        refuse_errors(diagnostic(line) for line in range(5 * MAX_DIAGNOSTICS))
    assert len(caught.value.diagnostics) == MAX_DIAGNOSTICS


@pytest.mark.parametrize(
    ("word", "mend"),
    [("allow", "did you mean `ALLOW`?"), ("BLOK", "did you mean `BLOCK`?"), ("zzz", "none"), ("a" * 10_000, "none")],
)
def test_the_nearest_known_word_is_suggested(word, mend):
    assert did_you_mean(word, ["ALLOW", "BLOCK"], otherwise="none") == mend


def test_a_shown_word_fits_on_a_line_and_has_no_control_characters():
    assert shown("a\nb\x1b[0m") == "`a?b?[0m`"
    assert shown("x" * 100) == f"`{'x' * 40}…`"
