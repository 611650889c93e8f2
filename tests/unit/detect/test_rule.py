from typing import Any

import pytest

from firebreak.detect.rule import PatternRule
from firebreak.model.finding import FindingKind, Severity


def rule(**changed):
    values: dict[str, Any] = {
        "id": "acme-key",
        "kind": FindingKind.SECRET,
        "severity": Severity.HIGH,
        "score": 0.9,
        "pattern": r"acme_([0-9a-f]{4})",
        "description": "Key of Acme",
        "matches": ("acme_12af",),
        "ignores": ("acme_12",),
    }
    return PatternRule(**(values | changed))


def test_a_rule_finds_what_its_pattern_describes():
    assert rule().finds("x acme_beef y")
    assert not rule().finds("acme_xyzw")


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"pattern": "acme_("}, "not a regular expression"),
        ({"group": 2}, "group does not exist"),
        ({"matches": ("acme_12af", "other")}, r"matches\[1\] is not found"),
        ({"ignores": ("nothing", "acme_12af")}, r"ignores\[1\] is found"),
        ({"matches": ()}, "no example"),
        ({"trigger": "emca"}, r"matches\[0\] does not trigger"),
        ({"check": lambda _: False}, r"matches\[0\] is not found"),
    ],
)
def test_a_rule_that_disagrees_with_its_examples_has_no_proof(changed, problem):
    rule().prove()
    with pytest.raises(ValueError, match="acme-key: .*" + problem):
        rule(**changed).prove()


def test_the_check_judges_the_group_alone():
    assert rule(group=1, check=lambda text: text == "12af").finds("acme_12af")
