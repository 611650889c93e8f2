"""What the webhook keeps in the cluster: its certificate in a Secret, and the authorities in its configuration.

Whoever writes first wins: the API refuses a write that does not name the version it is based on, and the loser reads
again. So replicas need no leader.
"""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from firebreak.adapters.certificates import Pair
from firebreak.adapters.interface import Calls
from firebreak.adapters.kubernetes_api import MERGE_PATCH, ApiUnavailable

CERTIFICATE, KEY, BUNDLE = "tls.crt", "tls.key", "ca.crt"
NEXT_CERTIFICATE, NEXT_KEY = "next.crt", "next.key"
_CONFIGURATIONS = "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations"
_LOST = (404, 409)
"""Somebody was faster: it was deleted, made or changed since it was read."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What all replicas share. `bundle` trusts `current`, and `next` too where there is one."""

    current: Pair
    bundle: bytes
    next: Pair | None = None


class SharedSecret:
    """The Secret. It may be there without the data, or not at all."""

    def __init__(self, api: Calls, namespace: str, name: str) -> None:
        self._api = api
        self._namespace = namespace
        self._name = name
        self._read: dict[str, Any] | None = None

    async def read(self) -> Kept | None:
        """What is in it; None where that is not all of it. Raises `ApiUnavailable`."""
        try:
            self._read = await self._api.request("GET", f"{self._path}/{self._name}")
        except ApiUnavailable as error:
            self._read = None
            if error.status != 404:
                raise
            return None
        data = self._read.get("data")
        values = {key: _decoded(data, key) for key in (CERTIFICATE, KEY, BUNDLE, NEXT_CERTIFICATE, NEXT_KEY)}
        if not all(values[key] for key in (CERTIFICATE, KEY, BUNDLE)):
            return None
        after = Pair(values[NEXT_CERTIFICATE], values[NEXT_KEY])
        whole = after.certificate and after.key
        return Kept(Pair(values[CERTIFICATE], values[KEY]), values[BUNDLE], after if whole else None)

    async def write(self, kept: Kept) -> bool:
        """Replace what was read; False when somebody else was faster. Raises `ApiUnavailable`."""
        data = {CERTIFICATE: kept.current.certificate, KEY: kept.current.key, BUNDLE: kept.bundle}
        if kept.next is not None:
            data |= {NEXT_CERTIFICATE: kept.next.certificate, NEXT_KEY: kept.next.key}
        encoded = {key: base64.b64encode(value).decode("ascii") for key, value in data.items()}
        try:
            if self._read is None:
                await self._api.request("POST", self._path, self._new(encoded))
            else:
                await self._api.request("PUT", f"{self._path}/{self._name}", {**self._read, "data": encoded})
        except ApiUnavailable as error:
            if error.status in _LOST:
                return False
            raise
        return True

    @property
    def _path(self) -> str:
        return f"/api/v1/namespaces/{self._namespace}/secrets"

    def _new(self, data: dict[str, str]) -> dict[str, Any]:
        labels = {"app.kubernetes.io/name": "firebreak", "app.kubernetes.io/component": "webhook"}
        metadata = {"name": self._name, "namespace": self._namespace, "labels": labels}
        return {"apiVersion": "v1", "kind": "Secret", "type": "kubernetes.io/tls", "metadata": metadata, "data": data}


async def place(api: Calls, configuration: str, bundle: bytes) -> bool:
    """See to it that every webhook of the configuration trusts the bundle. False when somebody else was faster.

    Raises `ApiUnavailable`.
    """
    path = f"{_CONFIGURATIONS}/{configuration}"
    found = await api.request("GET", path)
    webhooks = [webhook for webhook in found.get("webhooks") or [] if isinstance(webhook, dict)]
    trust = {"caBundle": base64.b64encode(bundle).decode("ascii")}
    wanted = [{**webhook, "clientConfig": {**webhook.get("clientConfig", {}), **trust}} for webhook in webhooks]
    if wanted == webhooks:
        return True
    version = {"resourceVersion": found.get("metadata", {}).get("resourceVersion", "")}
    try:
        # A merge patch replaces lists whole, so it must be refused where the list has changed since.
        await api.request("PATCH", path, {"metadata": version, "webhooks": wanted}, MERGE_PATCH)
    except ApiUnavailable as error:
        if error.status in _LOST:
            return False
        raise
    return True


def _decoded(data: Any, key: str) -> bytes:
    """Empty where it is not there or cannot be read: it is made anew then."""
    value = data.get(key) if isinstance(data, Mapping) else None
    try:
        return base64.b64decode(value, validate=True) if isinstance(value, str) else b""
    except (binascii.Error, ValueError):
        return b""
