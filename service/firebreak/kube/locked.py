"""What egress lock and a pod's containers mean to each other.

The lock lets out one user, the sidecar's. A container that may change the pod's network could take it off, and one that
may change its own user could become that user.
"""

from collections.abc import Mapping
from typing import Any

from firebreak.kube.obstacles import containers
from firebreak.kube.options import InjectOptions
from firebreak.kube.report import Code, Note, Refused, Remark
from firebreak.kube.shape import items, mapping

_TAKES_IT_OFF = ("ALL", "NET_ADMIN", "SYS_ADMIN", "SYS_MODULE")
_CHANGES_USER = ("SETUID",)


def refuse(spec: Mapping[str, Any], options: InjectOptions) -> None:
    """Raises `Refused` for a container that was given the power to undo the lock."""
    if not options.locked:
        return
    for place, container in containers(spec):
        security = mapping(container, "securityContext", f"{place}: ")
        if security.get("privileged") not in (None, False):
            raise Refused(Code.LOCK_BREAKER, f"{place}: privileged; turn it off")
        for name in _capabilities(security, "add", place):
            if name in (*_TAKES_IT_OFF, *_CHANGES_USER):
                raise Refused(Code.LOCK_BREAKER, f"{place}: capability {name}; take it away")


def notes(spec: Mapping[str, Any], options: InjectOptions) -> tuple[Note, ...]:
    """What the lock does not hold, and what it holds to somebody's surprise."""
    if not options.locked:
        return ()
    of_pod = mapping(spec, "securityContext", "spec.")
    found = [
        Note(Remark.LOCK_ESCAPE, place) for place, container in containers(spec) if _escapes(place, container, of_pod)
    ]
    if not options.native and items(spec, "initContainers", "spec."):
        found.append(Note(Remark.LOCKED_EARLY, ""))
    return tuple(found)


def _escapes(place: str, container: Mapping[str, Any], of_pod: Mapping[str, Any]) -> bool:
    """Root may become anybody unless SETUID is taken away, and others by a set-user-id program of their image."""
    own = mapping(container, "securityContext", f"{place}: ")
    if own.get("allowPrivilegeEscalation") is not False:
        return True
    dropped = _capabilities(own, "drop", place)
    if "ALL" in dropped or "SETUID" in dropped:
        return False
    user = of_pod.get("runAsUser") if own.get("runAsUser") is None else own.get("runAsUser")
    never_root = of_pod.get("runAsNonRoot") if own.get("runAsNonRoot") is None else own.get("runAsNonRoot")
    return user in (None, 0) and never_root is not True


def _capabilities(security: Mapping[str, Any], field: str, place: str) -> list[str]:
    """Their names, however they are written."""
    given = mapping(security, "capabilities", f"{place}: ").get(field)
    if given is None:
        return []
    if not isinstance(given, list):
        raise Refused(Code.MALFORMED, f"{place}: capabilities.{field} is not a list")
    return [name.upper().removeprefix("CAP_") for name in given if isinstance(name, str)]
