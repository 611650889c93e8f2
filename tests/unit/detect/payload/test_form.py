from firebreak.detect.payload.form import payload
from firebreak.model.finding import FindingKind, Severity


def test_a_payload_is_high_and_in_any_case_unless_it_says_otherwise():
    rule = payload("a", "abc", "d", ("ABC",), ("ab",), score=0.5)
    assert (rule.kind, rule.severity, rule.ignore_case) == (FindingKind.PAYLOAD, Severity.HIGH, True)
    rule.prove()
