"""The variables by which the providers' SDKs find the sidecar, added where an app has not set them itself.

Init containers get none: below Kubernetes 1.29 they run before the sidecar does, and a pod must mean the same on both.
"""

from collections.abc import Mapping
from typing import Any

from firebreak.kube.addition import Addition, into_list
from firebreak.kube.options import Destination, InjectOptions
from firebreak.kube.report import Note, Remark
from firebreak.kube.shape import items, text
from firebreak.kube.sidecar import PROXY_PORT

VARIABLES = {
    "openai": ("OPENAI_BASE_URL", "/v1"),
    "anthropic": ("ANTHROPIC_BASE_URL", ""),
    "azure_openai": ("AZURE_OPENAI_ENDPOINT", ""),
    "gemini": ("GOOGLE_GEMINI_BASE_URL", ""),
    "vertex": ("GOOGLE_VERTEX_BASE_URL", ""),
    "ollama": ("OLLAMA_HOST", ""),
    "mistral": ("MISTRAL_BASE_URL", "/v1"),
    "cohere": ("CO_API_URL", ""),
    "bedrock": ("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", ""),
}
"""For each api the variable that its SDKs read, and what they expect after the provider's own base."""

_PROXIES = ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY")
_NO_PROXIES = ("no_proxy", "NO_PROXY")


def values(destinations: tuple[Destination, ...]) -> dict[str, str]:
    """Variable to value."""
    found = {}
    for api, (variable, rest) in VARIABLES.items():
        chosen = _chosen(api, destinations)
        if chosen is not None:
            found[variable] = f"http://127.0.0.1:{PROXY_PORT}{chosen.prefix}{rest}"
    return found


def additions(spec: Mapping[str, Any], options: InjectOptions) -> list[Addition]:
    """Raises `Refused` when a container's variables cannot be read."""
    wanted = values(options.destinations)
    found: list[Addition] = []
    for index, container in enumerate(items(spec, "containers", "spec.")):
        own = _own(container)
        new = [{"name": name, "value": value} for name, value in wanted.items() if name not in own]
        found += into_list(("spec", "containers", index, "env"), container.get("env"), new, front=False)
    return found


def notes(spec: Mapping[str, Any], options: InjectOptions) -> tuple[Note, ...]:
    """What the additions could not do, or do to somebody's surprise."""
    found = _shared(options.destinations)
    wanted = values(options.destinations)
    for index, container in enumerate(items(spec, "containers", "spec.")):
        place = f"container {text(container, 'name') or index}"
        own = _own(container)
        for name, value in wanted.items():
            if name in own and own[name].get("value") != value:
                found.append(Note(Remark.BASE_URL_KEPT, f"{place}, {name}"))
        if container.get("envFrom"):
            found.append(Note(Remark.ENV_FROM, place))
        proxied = any(name in own for name in _PROXIES)
        if proxied and not any("127.0.0.1" in text(own.get(name, {}), "value") for name in _NO_PROXIES):
            found.append(Note(Remark.HTTP_PROXY, place))
    if items(spec, "initContainers", "spec."):
        found.append(Note(Remark.INIT_CONTAINERS, ""))
    return tuple(found)


def _own(container: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    place = f"{text(container, 'name') or 'container'}: "
    return {text(entry, "name"): entry for entry in items(container, "env", place)}


def _chosen(api: str, destinations: tuple[Destination, ...]) -> Destination | None:
    """The provider that is named like its api, else the first with it."""
    able = [destination for destination in destinations if destination.api == api]
    return next((destination for destination in able if destination.name == api), able[0] if able else None)


def _shared(destinations: tuple[Destination, ...]) -> list[Note]:
    found = []
    for api, (variable, _) in VARIABLES.items():
        chosen = _chosen(api, destinations)
        if chosen is not None and sum(destination.api == api for destination in destinations) > 1:
            found.append(Note(Remark.SEVERAL_PROVIDERS, f"{variable} leads to {chosen.name}"))
    return found
