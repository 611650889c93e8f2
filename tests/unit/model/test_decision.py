import pytest

from firebreak.model.decision import Decision, Mode, Verdict


def test_verdicts_are_ordered_from_loosest_to_strictest():
    names = ["ALLOW", "WARN", "ALLOW_CONSTRAINED", "REDACT", "REQUIRE_APPROVAL", "BLOCK"]
    assert [verdict.name for verdict in sorted(Verdict)] == names


@pytest.mark.parametrize("verdict", list(Verdict))
def test_a_request_that_would_have_to_be_changed_first_does_not_leave(verdict):
    refuses = verdict in {Verdict.REDACT, Verdict.REQUIRE_APPROVAL, Verdict.BLOCK}
    assert verdict.refuses is refuses
    assert Decision(verdict, "r", "").refuses is refuses


@pytest.mark.parametrize("verdict", list(Verdict))
def test_shadow_never_refuses(verdict):
    assert not Decision(verdict, "r", "", mode=Mode.SHADOW).refuses
