"""What one worker does with the Kubernetes API, where its options say so. Nothing is imported for it otherwise."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from firebreak.adapters.logs import event
from firebreak.adapters.metrics import Metrics
from firebreak.edge.identity import Identity
from firebreak.settings import Settings

if TYPE_CHECKING:
    from firebreak.adapters.kubernetes_events import PodEvents

REVIEW_SHARE = 0.8
"""Of the time that Envoy waits for a check: what is left is for saying that nobody could tell."""

logger = logging.getLogger(__name__)


@contextlib.asynccontextmanager
async def pod_events(settings: Settings, worker: int, metrics: Metrics) -> AsyncIterator[list["PodEvents"]]:
    """What posts Events on the worker's pod, running; an empty list where that is off. Raises `BadConfig`."""
    if not settings.kubernetes_events:
        yield []
        return
    # The extra `kubernetes` is needed only where the API is used.
    from firebreak.adapters.kubernetes_api import KubernetesApi  # noqa: PLC0415
    from firebreak.adapters.kubernetes_events import PodEvents, PodRef  # noqa: PLC0415

    pod = PodRef(settings.pod_namespace, settings.pod_name, settings.pod_uid, worker)
    events = PodEvents(KubernetesApi.in_cluster(settings.kubernetes_dir), pod, metrics)
    running = asyncio.create_task(events.run())
    running.add_done_callback(_ended)
    try:
        yield [events]
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await events.close()


@contextlib.asynccontextmanager
async def identity(settings: Settings, metrics: Metrics) -> AsyncIterator[Identity | None]:
    """What finds out who calls a gateway; none where the caller is the worker's own pod. Raises `BadConfig`."""
    certificate, token = bool(settings.gateway_tls_dir), bool(settings.caller_token_header)
    if not token:
        yield Identity(certificate=True, review=None) if certificate else None
        return
    from firebreak.adapters.kubernetes_api import KubernetesApi  # noqa: PLC0415 - as above
    from firebreak.adapters.token_review import TokenReviews  # noqa: PLC0415 - as above

    timeout_s = settings.check_timeout_ms / 1000 * REVIEW_SHARE
    reviews = TokenReviews(KubernetesApi.in_cluster(settings.kubernetes_dir, timeout_s=timeout_s), metrics)
    try:
        yield Identity(certificate=certificate, review=reviews.caller)
    finally:
        await reviews.close()


def _ended(task: asyncio.Task[None]) -> None:
    """No bug in telling of checks may end them."""
    if not task.cancelled() and (error := task.exception()) is not None:
        event(logger, logging.ERROR, "kubernetes_events_ended", error=type(error).__name__)
