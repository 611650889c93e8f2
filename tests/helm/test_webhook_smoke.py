"""The program of the injector's `helm test`, against the real webhook."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.e2e.keys import Authority
from tests.helm import chart

from firebreak.local.process import Child
from firebreak.local.stack import free_port

PORT, HTTP_PORT = free_port(), free_port()


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> chart.Rendered:
    return chart.render(mode="injector", folder=tmp_path_factory.mktemp("values"))


@pytest.fixture(scope="module")
def authority(rendered: chart.Rendered, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder with the authority of a webhook that runs with the Deployment's arguments, but for where it listens."""
    folder = tmp_path_factory.mktemp("certificates")
    Authority.create(folder).sign("tls", "webhook", hosts=("localhost",))
    own = ("--listen", "--http-listen", "--secret", "--configuration", "--service", "--events")
    arguments = [it for it in rendered.pod()["containers"][0]["args"] if not it.startswith(own)]
    arguments += [f"--listen=127.0.0.1:{PORT}", f"--http-listen=127.0.0.1:{HTTP_PORT}", f"--certificate-dir={folder}"]
    child = Child("webhook", [sys.executable, "-m", "firebreak", *arguments], folder)
    try:
        yield folder
    finally:
        child.stop()


def smoke(rendered: chart.Rendered, ca: Path) -> subprocess.CompletedProcess[str]:
    (it,) = rendered.one("Pod", "-smoke")["spec"]["containers"]
    env = {**os.environ, **chart.environment(it), "SMOKE_HOST": f"localhost:{PORT}", "SMOKE_CA": str(ca)}
    return subprocess.run([sys.executable, *it["command"][1:]], env=env, capture_output=True, text=True, check=False)


def test_it_passes_where_the_webhook_adds_the_sidecar(rendered: chart.Rendered, authority: Path) -> None:
    result = smoke(rendered, authority / "ca.crt")
    assert result.returncode == 0, result.stderr
    assert "injected as it must be" in result.stdout


def test_it_fails_where_the_authority_is_another(rendered: chart.Rendered, authority: Path, tmp_path: Path) -> None:
    Authority.create(tmp_path)
    (it,) = rendered.one("Pod", "-smoke")["spec"]["containers"]
    program = it["command"][2].replace("time.monotonic() + 60", "time.monotonic()")
    env = {**os.environ, "SMOKE_HOST": f"localhost:{PORT}", "SMOKE_CA": str(tmp_path / "ca.crt")}
    result = subprocess.run([sys.executable, "-c", program], env=env, capture_output=True, text=True, check=False)
    assert result.returncode == 1
    assert "FAIL: no answer" in result.stderr
    assert "CERTIFICATE_VERIFY_FAILED" in result.stderr


def test_it_sees_the_authority_and_not_the_webhooks_key(rendered: chart.Rendered) -> None:
    spec = rendered.one("Pod", "-smoke")["spec"]
    assert [it["secret"]["items"] for it in spec["volumes"]] == [[{"key": "ca.crt", "path": "ca.crt"}]]
