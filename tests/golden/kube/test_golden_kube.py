"""Manifests and what the injector makes of them; `python -m tests.tools.golden_kube` rewrites the latter."""

import pytest
from tests.tools import golden_admission
from tests.tools.golden_kube import GOLDEN, INPUTS, arguments, files, ran

from firebreak.kube.report import Code, Remark

by_name = pytest.mark.parametrize("path", INPUTS, ids=lambda path: path.stem)


@by_name
def test_the_manifests_are_the_reviewed_ones(path):
    out, said = files(path)
    expected = out.read_text(encoding="utf-8"), said.read_text(encoding="utf-8")
    assert ran([*arguments(path), str(path)]) == expected


@by_name
def test_injecting_the_outcome_changes_nothing(path):
    out, _ = files(path)
    again, said = ran([*arguments(path), str(out)])
    assert again == out.read_text(encoding="utf-8")
    assert ": injected: " not in said


@pytest.mark.parametrize("path", golden_admission.INPUTS, ids=lambda path: path.stem)
def test_the_answers_are_the_reviewed_ones(path):
    assert golden_admission.answered(path) == path.with_suffix(".golden.json").read_text(encoding="utf-8")


def test_every_code_is_among_them_and_in_the_page():
    files = [*GOLDEN.glob("*.golden.txt"), *GOLDEN.glob("admission/*.golden.json")]
    said = "".join(file.read_text(encoding="utf-8") for file in files)
    page = (GOLDEN.parents[2] / "docs" / "inject.md").read_text(encoding="utf-8")
    for each in (*Code, *Remark):
        assert f"`{each.code}`" in page
        assert each is Code.ALREADY_INJECTED or each.sentence in said
