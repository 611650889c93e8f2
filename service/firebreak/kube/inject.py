"""The injector: one pure function from a pod to what is added to it and what is said about it.

It knows no cluster and no file, so that whoever injects gives the same answer. Its laws:
1. It only adds: nothing of the user's pod is removed or changed.
2. Injecting an injected pod changes nothing.
3. The order of the keys in the input does not matter.
4. It is total: whatever the input is, the answer is an injection with a report.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from firebreak.kube import annotations as asked
from firebreak.kube import base_urls, locked, obstacles, sidecar
from firebreak.kube.addition import Addition, into_list
from firebreak.kube.options import InjectOptions
from firebreak.kube.report import Code, Note, Refused, Remark, Report
from firebreak.kube.shape import items, mapping


@dataclass(frozen=True, slots=True)
class Injection:
    """What to add to the pod (nothing, unless the report says injected) and what to say."""

    additions: tuple[Addition, ...]
    report: Report

    def json_patch(self) -> list[dict[str, Any]]:
        """As RFC 6902 has it, for an admission response."""
        return [addition.operation() for addition in self.additions]


def patch(pod: Any, options: InjectOptions) -> Injection:
    """Decide on a decoded pod or pod template, of any shape."""
    try:
        return _patch(pod, options)
    except Refused as refused:
        return Injection((), refused.report)


def _patch(pod: Any, options: InjectOptions) -> Injection:
    if not isinstance(pod, Mapping):
        raise Refused(Code.MALFORMED, "it is not a mapping")
    metadata = mapping(pod, "metadata", "")
    annotations = mapping(metadata, "annotations", "metadata.")
    if any(not isinstance(name, str) for name in annotations):
        raise Refused(Code.MALFORMED, "metadata.annotations has a name that is not text")
    skipped = asked.opts_in(annotations, everything=options.everything)
    if skipped is Code.OPTED_OUT:
        return Injection((), Report(skipped))
    asked.refuse_misplaced(mapping(metadata, "labels", "metadata."), "metadata.labels", "metadata.annotations")
    spec = mapping(pod, "spec", "")
    if asked.STATUS in annotations:
        return Injection((), _confirmed(spec))
    if skipped is not None:
        return Injection((), Report(skipped, f'{asked.INJECT}: "true" in the pod\'s annotations would'))
    chosen = asked.for_pod(options, annotations)
    obstacles.refuse(spec, chosen)
    locked.refuse(spec, chosen)
    notes = base_urls.notes(spec, chosen)
    notes += locked.notes(spec, chosen)
    if not chosen.native:
        notes += (Note(Remark.STARTS_BESIDE, ""),)
    additions = (*_status(pod, chosen), *_containers(spec, chosen), *base_urls.additions(spec, chosen))
    return Injection(additions, replace(Report(Code.INJECTED), notes=notes))


def _confirmed(spec: Mapping[str, Any]) -> Report:
    """The status annotation counts only where the sidecar is."""
    there = {name: _names(spec, name) for name in ("initContainers", "containers", "volumes")}
    running = {sidecar.ENGINE, sidecar.ENVOY}
    whole = (
        sidecar.CONFIG in there["initContainers"]
        and (running <= there["initContainers"] or running <= there["containers"])
        and set(sidecar.VOLUMES) <= there["volumes"]
    )
    if not whole:
        raise Refused(Code.STALE_STATUS, f"{asked.STATUS}; delete it")
    return Report(Code.ALREADY_INJECTED)


def _names(spec: Mapping[str, Any], field: str) -> set[str]:
    names = (item.get("name") for item in items(spec, field, "spec."))
    return {name for name in names if isinstance(name, str)}


def _containers(spec: Mapping[str, Any], options: InjectOptions) -> list[Addition]:
    """Native sidecars go in front of the user's init containers: first to start, last to stop."""
    last = [] if options.native else sidecar.sidecars(options, _grace_s(spec))
    return [
        *into_list(("spec", "volumes"), spec.get("volumes"), sidecar.volumes(options), front=False),
        *into_list(("spec", "initContainers"), spec.get("initContainers"), sidecar.first(options), front=True),
        *into_list(("spec", "containers"), spec.get("containers"), last, front=False),
    ]


def _grace_s(spec: Mapping[str, Any]) -> int:
    """How long the pod may take to stop; what is no number is for Kubernetes to refuse."""
    given = spec.get("terminationGracePeriodSeconds")
    return given if isinstance(given, int) else sidecar.GRACE_S


def _status(pod: Mapping[str, Any], options: InjectOptions) -> list[Addition]:
    status = {
        "mode": "native" if options.native else "containers",
        "containers": [*((sidecar.LOCK,) if options.locked else ()), *sidecar.CONTAINERS],
        "volumes": [volume["name"] for volume in sidecar.volumes(options)],
        "variables": sorted(base_urls.values(options.destinations)),
    }
    path: tuple[str, ...] = ()
    value: Any = {"metadata": {"annotations": {asked.STATUS: json.dumps(status, sort_keys=True)}}}
    owner: Any = pod
    for step in ("metadata", "annotations", asked.STATUS):
        path, value = (*path, step), value[step]
        if owner.get(step) is None:
            break
        owner = owner[step]
    return [Addition(path, value)]
