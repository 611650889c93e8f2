"""Providers' answers against what the readers make of them; `python -m tests.tools.golden_answers` rewrites."""

import json

import pytest
from tests.tools.answer_cases_others import EVERY as CASES
from tests.tools.golden_answers import GOLDEN, golden_of, path_of

EVERY = [(api, name, case) for api, cases in CASES.items() for name, case in cases.items()]


@pytest.mark.parametrize(("api", "name", "case"), EVERY, ids=[f"{api}/{name}" for api, name, _ in EVERY])
def test_an_answer_is_heard_as_the_golden_file_says(api, name, case):
    path = path_of(api, name, case)
    assert path.read_bytes() == case.body
    assert golden_of(case) == json.loads((GOLDEN / api / f"{name}.golden.json").read_text(encoding="utf-8"))


def test_every_golden_file_has_a_case():
    assert {path.relative_to(GOLDEN) for path in GOLDEN.glob("*/*.golden.json")} == {
        path_of(api, name, case).relative_to(GOLDEN).with_name(f"{name}.golden.json") for api, name, case in EVERY
    }
