import subprocess
import sys

from tests.helm.chart import ROOT


def test_the_readme_and_the_policy_are_made_from_their_sources() -> None:
    command = [sys.executable, "-m", "tests.tools.chart_docs", "--check"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
