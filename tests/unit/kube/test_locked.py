import pytest
from tests.unit.kube.pods import APP, options

from firebreak.kube.locked import notes, refuse
from firebreak.kube.options import Egress, Mode
from firebreak.kube.report import Code, Refused, Remark

LOCKED = options(egress=Egress.LOCKED)
HARMLESS = {"allowPrivilegeEscalation": False, "runAsNonRoot": True}


def app(**security):
    return {"containers": [{**APP, "securityContext": security}]}


def outcome(spec, chosen=LOCKED):
    try:
        refuse(spec, chosen)
    except Refused as refused:
        return refused.report.outcome
    return None


@pytest.mark.parametrize(
    "security",
    [
        {"privileged": True},
        {"privileged": "yes"},
        {"capabilities": {"add": ["NET_ADMIN"]}},
        {"capabilities": {"add": ["cap_net_admin"]}},
        {"capabilities": {"add": ["CHOWN", "SETUID"]}},
        {"capabilities": {"add": ["ALL"]}},
    ],
)
def test_a_container_that_could_undo_the_lock_is_refused(security) -> None:
    assert outcome(app(**security)) is Code.LOCK_BREAKER
    assert outcome({"initContainers": app(**security)["containers"]}) is Code.LOCK_BREAKER
    assert outcome(app(**security), options()) is None


@pytest.mark.parametrize(
    "security", [{}, HARMLESS, {"capabilities": {"add": ["NET_BIND_SERVICE", 7]}}, {"privileged": False}]
)
def test_others_are_not(security) -> None:
    assert outcome(app(**security)) is None


def test_a_list_that_is_none_is_malformed() -> None:
    assert outcome(app(capabilities={"add": "ALL"})) is Code.MALFORMED


@pytest.mark.parametrize(
    ("security", "of_pod", "escapes"),
    [
        ({}, {}, True),
        ({"allowPrivilegeEscalation": False}, {}, True),
        ({"runAsUser": 1000}, {}, True),
        (HARMLESS, {}, False),
        ({"allowPrivilegeEscalation": False}, {"runAsNonRoot": True}, False),
        ({"allowPrivilegeEscalation": False, "runAsNonRoot": False}, {"runAsNonRoot": True}, True),
        ({"allowPrivilegeEscalation": False, "runAsUser": 1000}, {}, False),
        ({"allowPrivilegeEscalation": False}, {"runAsUser": 1000}, False),
        ({"allowPrivilegeEscalation": False, "runAsUser": 0}, {"runAsUser": 1000}, True),
        ({"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}, {}, False),
        ({"allowPrivilegeEscalation": False, "capabilities": {"drop": ["CAP_SETUID"]}}, {}, False),
        ({"allowPrivilegeEscalation": False, "capabilities": {"drop": ["KILL"]}}, {}, True),
    ],
)
def test_who_could_become_the_sidecars_user_is_noted(security, of_pod, escapes) -> None:
    found = notes({**app(**security), "securityContext": of_pod}, LOCKED)
    assert [(note.remark, note.detail) for note in found] == ([(Remark.LOCK_ESCAPE, "app")] if escapes else [])
    assert notes(app(**security), options()) == ()


def test_init_containers_before_an_ordinary_sidecar_are_noted() -> None:
    spec = {**app(**HARMLESS), "initContainers": [{"name": "i", "securityContext": HARMLESS}]}
    assert notes(spec, LOCKED) == ()
    (note,) = notes(spec, options(egress=Egress.LOCKED, mode=Mode.CONTAINERS))
    assert note.remark is Remark.LOCKED_EARLY
