"""Where the pods stand in a manifest, and the injector applied to each of them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from firebreak.kube import annotations as asked
from firebreak.kube.addition import Addition
from firebreak.kube.inject import Injection, patch
from firebreak.kube.options import InjectOptions
from firebreak.kube.report import Code, Refused, Report
from firebreak.kube.shape import items, mapping, text

_TEMPLATE = ("spec", "template")
PODS: dict[tuple[str, str], tuple[str, ...]] = {
    ("", "Pod"): (),
    ("", "ReplicationController"): _TEMPLATE,
    ("apps", "Deployment"): _TEMPLATE,
    ("apps", "StatefulSet"): _TEMPLATE,
    ("apps", "DaemonSet"): _TEMPLATE,
    ("apps", "ReplicaSet"): _TEMPLATE,
    ("batch", "Job"): _TEMPLATE,
    ("batch", "CronJob"): ("spec", "jobTemplate", "spec", "template"),
}
"""API group and kind to the path of the pod. An api's version does not move it."""

MAX_LIST_DEPTH = 4  # kubectl makes one level


@dataclass(frozen=True, slots=True)
class Outcome:
    """One workload of a manifest: what to add, by paths from the manifest's root, and what to say."""

    place: str
    additions: tuple[Addition, ...]
    report: Report


def inject(manifest: Any, options: InjectOptions) -> Iterator[Outcome]:
    """One outcome for each workload. A kind without pods gives none, so that it passes as it is."""
    yield from _inject(manifest, options, (), MAX_LIST_DEPTH)


def _inject(manifest: Any, options: InjectOptions, prefix: tuple[str | int, ...], depth: int) -> Iterator[Outcome]:
    if not isinstance(manifest, Mapping):
        yield Outcome("?", (), Report(Code.MALFORMED, "it is not a mapping"))
        return
    place = _place(manifest)
    try:
        if _kind(manifest) != ("", "List"):
            yield from _one(manifest, options, prefix, place)
        elif not depth:
            raise Refused(Code.MALFORMED, "lists within lists")
        else:
            for index, item in enumerate(items(manifest, "items", "")):
                yield from _inject(item, options, (*prefix, "items", index), depth - 1)
    except Refused as refused:
        yield Outcome(place, (), refused.report)


def _one(
    manifest: Mapping[str, Any], options: InjectOptions, prefix: tuple[str | int, ...], place: str
) -> Iterator[Outcome]:
    path = PODS.get(_kind(manifest))
    if path is None:
        if _asks(manifest):
            known = ", ".join(kind for _, kind in PODS)
            raise Refused(Code.UNKNOWN_KIND, f"{asked.INJECT}; known are {known}")
        return
    pod = _pod(manifest, path)
    result: Injection = patch(pod, options)
    yield Outcome(place, tuple(addition.below((*prefix, *path)) for addition in result.additions), result.report)


def _pod(manifest: Mapping[str, Any], path: tuple[str, ...]) -> Mapping[str, Any]:
    """The pod template. On the way to it no annotation that is meant for it may stand. Raises `Refused`."""
    owner = manifest
    home = ".".join((*path, "metadata.annotations"))
    for depth, step in enumerate(path):
        metadata = mapping(owner, "metadata", "")
        for field in ("annotations", "labels"):
            where = ".".join((*path[:depth], "metadata", field))
            asked.refuse_misplaced(mapping(metadata, field, "metadata."), where, home)
        if step not in owner:
            raise Refused(Code.MALFORMED, f"{'.'.join(path[: depth + 1])} is missing")
        owner = mapping(owner, step, ".".join((*path[:depth], "")))
    return owner


def _kind(manifest: Mapping[str, Any]) -> tuple[str, str]:
    group, slash, _ = text(manifest, "apiVersion").rpartition("/")
    return group if slash else "", text(manifest, "kind")


def _place(manifest: Mapping[str, Any]) -> str:
    metadata = manifest.get("metadata")
    names = metadata if isinstance(metadata, Mapping) else {}
    generated = text(names, "generateName")
    name = text(names, "name") or (f"{generated}*" if generated else "?")
    namespace = text(names, "namespace")
    return f"{text(manifest, 'kind').lower() or '?'}/{name}" + (f" in {namespace}" if namespace else "")


def _asks(manifest: Mapping[str, Any]) -> bool:
    """Whether an annotation anywhere inside asks for the sidecar."""
    waiting: list[Any] = [manifest]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting += value
        elif isinstance(value, Mapping):
            annotations = value.get("annotations")
            if isinstance(annotations, Mapping) and annotations.get(asked.INJECT, "false") != "false":
                return True
            waiting += value.values()
    return False
