from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.helm import chart
from tests.helm.install import helm

Render = Callable[..., chart.Rendered]


@pytest.fixture(scope="session", autouse=True)
def _needs_helm() -> None:
    if not helm():
        pytest.skip("no helm: put one on PATH, or run `python -m tests.helm.install`")


@pytest.fixture
def render(tmp_path: Path) -> Render:
    """`render(values, kube=..., chart=...)`"""

    def rendered(values: dict[str, Any] | None = None, **options: Any) -> chart.Rendered:
        return chart.render(values, folder=tmp_path, **options)

    return rendered


@pytest.fixture
def example(tmp_path: Path) -> Path:
    return chart.example(tmp_path)
