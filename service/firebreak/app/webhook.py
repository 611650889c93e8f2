"""`firebreak webhook`: answers the API server's questions about new pods until told to stop.

1. HTTP             /healthz at once, /readyz with the reason why not
2. the certificate  made or read; until there is one that the API server trusts, nothing listens for it
3. HTTPS            /inject for pods that ask, /inject-all for all but those that decline
4. on SIGTERM       readiness off, a while for the cluster to notice, then the requests in flight
"""

import asyncio
import json
import logging
import platform
import signal
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import uvloop

import firebreak
from firebreak.adapters import logs
from firebreak.adapters.certificate_dir import CertificateDir
from firebreak.adapters.certificates import Pair
from firebreak.adapters.https_server import HttpsServer, Reply, plain
from firebreak.adapters.injection_events import InjectionEvents
from firebreak.adapters.injection_metrics import InjectionMetrics
from firebreak.adapters.interface import Calls
from firebreak.adapters.kubernetes_api import KubernetesApi
from firebreak.adapters.logs import event
from firebreak.adapters.own_certificate import Names, OwnCertificate
from firebreak.edge.http import Http, Pages
from firebreak.kube.admission import answer
from firebreak.kube.options import InjectOptions
from firebreak.kube.report import Code
from firebreak.model.announcement import Announcement

logger = logging.getLogger(__name__)

REFRESH_S = 5.0
LEAVE_S = 5.0
"""How long it goes on after SIGTERM: by then the cluster sends no more."""
DRAIN_S = 10.0


class Certificate(Protocol):
    """`OwnCertificate` or `CertificateDir`."""

    @property
    def ends_s(self) -> float:
        """When what is served ends; 0 without any."""

    @property
    def not_ready(self) -> str:
        """Why the API server could not call this replica, or nothing."""

    @property
    def problem(self) -> str:
        """What is wrong, though readiness may not depend on it."""

    async def refresh(self) -> None:
        """Look again."""


@dataclass(frozen=True, slots=True)
class WebhookOptions:
    """`asked` is for pods that ask, `everything` for all that do not decline. Without `names` there is a
    `certificate_dir`, whose certificate is for `service` where that is given.
    """

    asked: InjectOptions
    everything: InjectOptions
    listen: tuple[str, int]
    http_listen: tuple[str, int]
    names: Names | None = None
    certificate_dir: Path | None = None
    service: str = ""
    events: bool = False
    service_account_dir: str = ""
    instance: str = ""


def run(options: WebhookOptions) -> int:
    """Until SIGTERM. Raises `BadConfig`."""
    logs.setup("info")
    uvloop.run(_run(options))
    return 0


async def _run(options: WebhookOptions) -> None:
    api = KubernetesApi.in_cluster(options.service_account_dir) if options.names or options.events else None
    try:
        await Webhook(options, api).serve()
    finally:
        if api is not None:
            await api.close()


class Webhook:
    """`serve` returns when a signal has come and what was in flight is answered."""

    def __init__(self, options: WebhookOptions, api: Calls | None) -> None:
        self._options = options
        self._metrics = InjectionMetrics((code.kind.value, code.code) for code in Code)
        self._server = HttpsServer(self.handle, self._metrics.fault)
        self._events = InjectionEvents(api, options.instance, self._metrics) if api and options.events else None
        self._certificate = _certificate(options, api, self._use)
        self._stopping = asyncio.Event()
        self._listens = False
        self._said = ""

    def not_ready(self) -> str:
        """Why not, or nothing."""
        if self._stopping.is_set():
            return "draining"
        return self._certificate.not_ready or ("" if self._listens else "not listening yet")

    async def serve(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stopping.set)
        self._metrics.build(firebreak.__version__, platform.python_version())
        pages = Http(*self._options.http_listen, Pages(self._metrics.render, self.not_ready))
        try:
            await self._until_stopped([self._listen(), *([self._events.run()] if self._events else [])])
        finally:
            await self._server.stop(DRAIN_S)
            pages.close()

    async def _until_stopped(self, work: list[Coroutine[Any, Any, None]]) -> None:
        """A task that ends by itself has failed: the process must not go on half alive."""
        tasks = [asyncio.create_task(each) for each in work]
        stopped = asyncio.create_task(self._stopping.wait())
        try:
            await asyncio.wait([*tasks, stopped], return_when=asyncio.FIRST_COMPLETED)
            if stopped.done():
                await asyncio.sleep(LEAVE_S)
        finally:
            for task in (*tasks, stopped):
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        for task in tasks:
            if not task.cancelled():
                task.result()

    async def _listen(self) -> None:
        """Listen once there is a certificate, and see to it that there is a good one from then on."""
        while True:
            await self._certificate.refresh()
            self._say(self._certificate.problem)
            self._metrics.certificate_ends(self._certificate.ends_s)
            if not self._listens and not self._certificate.not_ready:
                port = await self._server.start(*self._options.listen)
                event(logger, logging.INFO, "webhook_listens", port=port)
                self._listens = True
            await asyncio.sleep(REFRESH_S)

    def _use(self, pair: Pair) -> None:
        self._server.use(pair.certificate, pair.key)
        event(logger, logging.INFO, "certificate_in_use")

    def _say(self, problem: str) -> None:
        """Each problem once, and when it is over."""
        if problem != self._said:
            event(logger, logging.ERROR if problem else logging.INFO, "certificate_state", problem=problem or "none")
        self._said = problem

    def handle(self, method: str, path: str, body: bytes) -> Reply:
        """One question of the API server's."""
        options = {"/inject": self._options.asked, "/inject-all": self._options.everything}.get(path)
        if options is None:
            return plain(404, "nothing is here but /inject and /inject-all")
        if method != "POST":
            return plain(405, "an AdmissionReview is sent by POST")
        began_s = time.perf_counter()
        found = answer(body, options)
        if found.report is None:
            self._metrics.fault(str(found.status))
        else:
            self._metrics.decided(found.report.outcome.kind.value, found.report.code, time.perf_counter() - began_s)
        self._tell(found.announcement)
        return Reply(found.status, "application/json", json.dumps(found.body, separators=(",", ":")).encode())

    def _tell(self, said: Announcement | None) -> None:
        if said is not None and self._events is not None:
            self._events.tell(said)


def _certificate(options: WebhookOptions, api: Calls | None, use: Callable[[Pair], None]) -> Certificate:
    if options.names is not None and api is not None:
        return OwnCertificate(api, options.names, use)
    return CertificateDir(options.certificate_dir or Path(), options.service, use)
