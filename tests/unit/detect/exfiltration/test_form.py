from firebreak.detect.exfiltration.form import outbound
from firebreak.model.finding import FindingKind, Severity


def test_a_way_out_is_high_and_in_any_case_unless_it_says_otherwise():
    rule = outbound("a", "x(abc)", "d", ("XABC",), ("ab",), score=0.5, group=1)
    assert (rule.kind, rule.severity, rule.ignore_case, rule.group) == (
        FindingKind.EXFILTRATION,
        Severity.HIGH,
        True,
        1,
    )
    rule.prove()
