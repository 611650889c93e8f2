"""The policy that the chart brings along."""

import subprocess
import sys
from pathlib import Path

from tests.helm import chart
from tests.helm.conftest import Render

SHIPPED = chart.ROOT / "policies" / "baseline.yaml"


def test_it_is_the_shipped_one() -> None:
    copy = chart.CHART / "files" / "baseline.yaml"
    assert copy.read_bytes() == SHIPPED.read_bytes(), "run `python -m tests.tools.chart_docs --write`"


def test_it_arrives_as_it_was_written(render: Render) -> None:
    assert render().one("ConfigMap")["data"] == {"policy.yaml": SHIPPED.read_text(encoding="utf-8")}


def test_a_policy_from_a_file_arrives_as_it_was_written(tmp_path: Path) -> None:
    source = chart.ROOT / "policies" / "defense-standard.yaml"
    text = chart.run("template", "fb", str(chart.CHART), "--set=mode=gateway", "--set-file", f"policy.inline={source}")
    assert all(line in text for line in source.read_text(encoding="utf-8").splitlines())


def test_the_real_program_takes_it(render: Render, tmp_path: Path) -> None:
    file = tmp_path / "policy.yaml"
    file.write_text(render().one("ConfigMap")["data"]["policy.yaml"], encoding="utf-8")
    command = [sys.executable, "-m", "firebreak", "policy", "lint", str(file)]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
