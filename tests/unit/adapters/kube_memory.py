"""A Kubernetes API in memory, for what keeps objects there: resource versions, conflicts, and writes by others."""

import copy
from collections.abc import Callable, Mapping
from typing import Any

from firebreak.adapters.kubernetes_api import ApiUnavailable

CONFIGURATION = "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/injector"
SECRET = "/api/v1/namespaces/firebreak/secrets/certificate"


class KubeMemory:
    """`meanwhile` is called once before the next write, as another replica would write then. `down` is a status."""

    def __init__(self, webhooks: int = 2) -> None:
        self.objects: dict[str, dict[str, Any]] = {}
        self.calls: list[tuple[str, str]] = []
        self.meanwhile: Callable[[], None] | None = None
        self.down: int | None = None
        self._version = 0
        hooks = [{"name": f"w{number}", "clientConfig": {"service": {"name": "s"}}} for number in range(webhooks)]
        self.put(CONFIGURATION, {"metadata": {"name": "injector"}, "webhooks": hooks})

    def put(self, path: str, value: dict[str, Any]) -> None:
        self._version += 1
        kept = copy.deepcopy(value)
        kept.setdefault("metadata", {})["resourceVersion"] = str(self._version)
        self.objects[path] = kept

    async def request(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, content_type: str = "application/json"
    ) -> dict[str, Any]:
        self.calls.append((method, path))
        if self.down is not None:
            raise ApiUnavailable(self.down, "", "the API is down")
        if method != "GET" and self.meanwhile is not None:
            others, self.meanwhile = self.meanwhile, None
            others()
        known = self.objects.get(path)
        given = copy.deepcopy(dict(body or {}))
        if method == "POST":
            return self._made(f"{path}/{given['metadata']['name']}", given)
        if known is None:
            raise ApiUnavailable(404, "NotFound", "it is not found")
        if method == "GET":
            return copy.deepcopy(known)
        version = given.get("metadata", {}).get("resourceVersion")
        if version not in (None, known["metadata"]["resourceVersion"]):
            raise ApiUnavailable(409, "Conflict", "it has been modified")
        assert method == "PUT" or content_type == "application/merge-patch+json"
        self.put(path, given if method == "PUT" else {**known, **given, "metadata": known["metadata"]})
        return self.objects[path]

    def _made(self, path: str, value: dict[str, Any]) -> dict[str, Any]:
        if path in self.objects:
            raise ApiUnavailable(409, "AlreadyExists", "it is there")
        self.put(path, value)
        return self.objects[path]
