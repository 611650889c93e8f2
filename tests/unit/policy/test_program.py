import pytest

from firebreak.model.decision import Verdict
from firebreak.policy.program import CallMatch, FindingMatch, Rule


@pytest.mark.parametrize(
    ("categories", "findings", "names_it"),
    [(None, None, True), ((), None, False), (("a",), None, False), (None, (FindingMatch(),), False)],
)
def test_a_rule_that_names_nothing_in_it_names_the_exchange(categories, findings, names_it):
    assert Rule(0, "r", Verdict.BLOCK, categories=categories, findings=findings).names_exchange is names_it
    assert not Rule(0, "r", Verdict.BLOCK, calls=(CallMatch(),)).names_exchange
