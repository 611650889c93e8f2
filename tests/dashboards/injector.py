"""A running `firebreak webhook` that is asked about pods, over and over: one it adds to, one it refuses, and nonsense."""

import contextlib
import http.client
import json
import ssl
import sys
import threading
import time
import urllib.error
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from tests.dashboards.prometheus import get

from firebreak.adapters import certificates
from firebreak.local.process import Child
from firebreak.local.stack import START_S, free_port

NAME, HOST = "injector.firebreak.svc", "127.0.0.1"
QUARTER_S = 90 * 86_400.0
PAUSE_S = 0.3
CONTAINER = {"name": "app", "image": "app:1"}


@contextlib.contextmanager
def injecting(folder: Path) -> Iterator[str]:
    """`host:port` of its metrics."""
    folder.mkdir()
    pair, _ = certificates.make(NAME, time.time(), QUARTER_S)
    for name, content in (("tls.crt", pair.certificate), ("tls.key", pair.key)):
        (folder / name).write_bytes(content)
    port, page = free_port(), f"{HOST}:{free_port()}"
    command = [sys.executable, "-m", "firebreak", "webhook", "--listen", f"{HOST}:{port}", "--http-listen", page]
    child = Child("webhook", [*command, "--certificate-dir", str(folder)], folder)
    try:
        child.wait_until(lambda: _ready(page), START_S)
        with _asking(port):
            yield page
    finally:
        child.stop()


def _ready(page: str) -> bool:
    try:
        return bool(get(f"http://{page}/readyz"))
    except (OSError, urllib.error.HTTPError):
        return False


def _review(spec: dict[str, Any]) -> str:
    request = {
        "uid": "705ab4f5-6393-11e8-b7cc-42010a800002",
        "kind": {"group": "", "version": "v1", "kind": "Pod"},
        "resource": {"group": "", "version": "v1", "resource": "pods"},
        "operation": "CREATE",
        "namespace": "shop",
        "object": {"metadata": {"name": "web-1"}, "spec": {"containers": [CONTAINER], **spec}},
    }
    return json.dumps({"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": request})


@contextlib.contextmanager
def _asking(port: int) -> Iterator[None]:
    stop = threading.Event()
    trusting = ssl._create_unverified_context()  # the certificate is of another test

    def rounds() -> None:
        while not stop.wait(PAUSE_S):
            for body in (_review({}), _review({"hostNetwork": True}), "nonsense"):
                with contextlib.closing(http.client.HTTPSConnection(HOST, port, context=trusting, timeout=10)) as line:
                    line.request("POST", "/inject-all", body)
                    line.getresponse().read()

    with ThreadPoolExecutor(1) as pool:
        asking = pool.submit(rounds)
        try:
            yield
        finally:
            stop.set()
            asking.result()
