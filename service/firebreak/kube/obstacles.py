"""Why a pod that opted in cannot have the sidecar. The first obstacle in this order is the one that is told."""

from collections.abc import Iterator, Mapping
from typing import Any

from firebreak.kube.options import InjectOptions
from firebreak.kube.report import Code, Refused
from firebreak.kube.shape import items, mapping, text
from firebreak.kube.sidecar import CHOSEN_VOLUMES, CONTAINERS, EGRESS_PORT, LOCK, PORT_NAMES, PORTS, USER, VOLUMES

_CONTAINERS, _VOLUMES = (*CONTAINERS, LOCK), (*VOLUMES, *CHOSEN_VOLUMES)
LISTS = ("initContainers", "containers", "ephemeralContainers")
_ENDING = ("Never", "OnFailure")


def refuse(spec: Mapping[str, Any], options: InjectOptions) -> None:
    """Raises `Refused` when something in the pod is in the sidecar's way."""
    if not items(spec, "containers", "spec."):
        raise Refused(Code.NO_CONTAINERS)
    _whole_pod(spec, options)
    _user(spec)
    for volume in items(spec, "volumes", "spec."):
        if volume.get("name") in _VOLUMES:
            raise Refused(Code.VOLUME_NAME, f"volume {volume['name']}; rename it")
    for place, container in containers(spec):
        _names(place, container)
        _ports(place, container, (*PORTS, EGRESS_PORT) if options.locked else PORTS)


def containers(spec: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every container of the pod with the words for its place."""
    for field in LISTS:
        for index, container in enumerate(items(spec, field, "spec.")):
            yield text(container, "name") or f"spec.{field}[{index}]", container


def _whole_pod(spec: Mapping[str, Any], options: InjectOptions) -> None:
    selected = mapping(spec, "nodeSelector", "spec.").get("kubernetes.io/os")
    if "windows" in (mapping(spec, "os", "spec.").get("name"), selected):
        raise Refused(Code.WINDOWS)
    if spec.get("hostNetwork") not in (None, False):
        raise Refused(Code.HOST_NETWORK, "spec.hostNetwork; turn it off")
    for field in ("shareProcessNamespace", "hostPID"):
        if spec.get(field) not in (None, False):
            raise Refused(Code.SHARED_PROCESSES, f"spec.{field}; turn it off")
    if not options.native and spec.get("restartPolicy") in _ENDING:
        raise Refused(Code.NEVER_ENDS, f"spec.restartPolicy {spec['restartPolicy']}; it needs native sidecars")


def _user(spec: Mapping[str, Any]) -> None:
    """A container's own user goes before the pod's."""
    of_pod = mapping(spec, "securityContext", "spec.").get("runAsUser")
    for place, container in containers(spec):
        own = mapping(container, "securityContext", f"{place}: ").get("runAsUser")
        if (of_pod if own is None else own) == USER:
            raise Refused(Code.UID_TAKEN, f"{place}: runAsUser {USER}; take another")


def _names(place: str, container: Mapping[str, Any]) -> None:
    """A mount of the sidecar's volume is no mistake that Kubernetes would find once the volume is there."""
    if container.get("name") in _CONTAINERS:
        raise Refused(Code.CONTAINER_NAME, f"{container['name']}; rename it")
    for field in ("volumeMounts", "volumeDevices"):
        for mount in items(container, field, f"{place}: "):
            if mount.get("name") in _VOLUMES:
                raise Refused(Code.VOLUME_NAME, f"{place}: mounts {mount['name']}; rename it")


def _ports(place: str, container: Mapping[str, Any], taken: tuple[int, ...]) -> None:
    for port in items(container, "ports", f"{place}: "):
        number, name = port.get("containerPort"), port.get("name")
        if number in taken and port.get("protocol") in (None, "TCP"):
            raise Refused(Code.PORT_CONFLICT, f"{place}: port {number}; take another")
        if name in PORT_NAMES:
            raise Refused(Code.PORT_CONFLICT, f"{place}: port name {name}; take another")
