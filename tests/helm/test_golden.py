from pathlib import Path

import pytest
from tests.helm import golden


@pytest.mark.parametrize("name", golden.CASES)
def test_the_manifests_are_those_that_were_reviewed(name: str, tmp_path: Path) -> None:
    wanted = (golden.FOLDER / name).read_text(encoding="utf-8")
    assert golden.text(name, tmp_path) == wanted, "run `python -m tests.helm.golden` and review the diff"
