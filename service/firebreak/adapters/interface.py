"""The seams between what uses the Kubernetes API, the client, and the metrics."""

from collections.abc import Mapping
from typing import Any, Protocol


class Calls(Protocol):
    """What asks the API: `kubernetes_api.KubernetesApi`."""

    async def request(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, content_type: str = "application/json"
    ) -> dict[str, Any]:
        """The object that the API answers with. Raises `kubernetes_api.ApiUnavailable`."""


class Api(Calls, Protocol):
    """The client as its owner has it."""

    async def close(self) -> None:
        """End the connections."""


class Counts(Protocol):
    """What is counted of the calls: `metrics.Metrics`."""

    def kubernetes_call(self, call: str, result: str) -> None:
        """One call of a kind, and how it ended."""

    def event_dropped(self) -> None:
        """One occurrence that no Event will tell of."""
