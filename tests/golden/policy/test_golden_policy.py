"""Policies with their diagnostics; `python tests/tools/golden_policy.py` rewrites them."""

import pytest
from tests.tools.golden_policy import CASES, diagnostics_of, golden_of


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_a_policy_has_the_diagnostics_that_were_reviewed(case):
    assert diagnostics_of(case) == golden_of(case).read_text("utf-8")


def test_there_is_a_case_without_any():
    assert any(golden_of(case).read_text("utf-8") == "" for case in CASES)
