import hashlib

import pytest

from firebreak.detect.interface import Hit
from firebreak.model.finding import FindingKind, Severity
from firebreak.pipeline.allowed import without_allowed

VALUE = "AKIA" + "Q3EGRZ5XWY7TNBMK"
ALLOWED = frozenset({hashlib.sha256(VALUE.encode()).digest()})


def hit(start, end, kind=FindingKind.SECRET):
    return Hit("r", kind, Severity.HIGH, 0.9, start, end)


def test_a_hit_on_exactly_an_allowed_value_is_left_out():
    text = f"key {VALUE}."
    assert without_allowed([hit(4, 4 + len(VALUE))], text, ALLOWED) == []
    assert without_allowed([hit(4, 4 + len(VALUE), FindingKind.PII)], text, ALLOWED) == []


@pytest.mark.parametrize(("start", "end"), [(3, 24), (4, 25), (5, 24), (4, 23)])
def test_a_hit_on_more_or_less_of_it_stays(start, end):
    found = [hit(start, end)]
    assert without_allowed(found, f"key {VALUE}.", ALLOWED) == found


def test_a_hit_of_another_kind_stays():
    found = [hit(0, len(VALUE), FindingKind.INJECTION)]
    assert without_allowed(found, VALUE, ALLOWED) == found


def test_a_lone_surrogate_is_a_value_like_others():
    found = [hit(0, 1)]
    assert without_allowed(found, "\ud800", ALLOWED) == found
