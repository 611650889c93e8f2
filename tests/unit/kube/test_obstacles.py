import pytest
from tests.unit.kube.pods import APP, options

from firebreak.kube.obstacles import containers, refuse
from firebreak.kube.options import Egress, Mode
from firebreak.kube.report import Code, Refused


def app(**fields):
    return {"containers": [{**APP, **fields}]}


def of(spec, **changes):
    try:
        refuse({**app(), **spec}, options(**changes))
    except Refused as refused:
        return refused.report.outcome
    return None


@pytest.mark.parametrize(
    ("spec", "code"),
    [
        ({"containers": []}, Code.NO_CONTAINERS),
        ({"containers": None}, Code.NO_CONTAINERS),
        ({"os": {"name": "windows"}}, Code.WINDOWS),
        ({"nodeSelector": {"kubernetes.io/os": "windows"}}, Code.WINDOWS),
        ({"hostNetwork": True}, Code.HOST_NETWORK),
        ({"hostNetwork": "true"}, Code.HOST_NETWORK),
        ({"shareProcessNamespace": True}, Code.SHARED_PROCESSES),
        ({"hostPID": True}, Code.SHARED_PROCESSES),
        (app(securityContext={"runAsUser": 1337}), Code.UID_TAKEN),
        (app(securityContext={"runAsUser": 1337.0}), Code.UID_TAKEN),
        ({"securityContext": {"runAsUser": 1337}}, Code.UID_TAKEN),
        ({"initContainers": [{"name": "i", "securityContext": {"runAsUser": 1337}}]}, Code.UID_TAKEN),
        ({"initContainers": [{"name": "firebreak-config"}]}, Code.CONTAINER_NAME),
        ({"ephemeralContainers": [{"name": "firebreak-envoy"}]}, Code.CONTAINER_NAME),
        ({"initContainers": [{"name": "firebreak-lock"}]}, Code.CONTAINER_NAME),
        (app(volumeMounts=[{"name": "firebreak-token"}]), Code.VOLUME_NAME),
        ({"volumes": [{"name": "firebreak-audit"}]}, Code.VOLUME_NAME),
        (app(volumeMounts=[{"name": "firebreak-run"}]), Code.VOLUME_NAME),
        (app(volumeDevices=[{"name": "firebreak-run"}]), Code.VOLUME_NAME),
        (app(ports=[{"containerPort": 15080}]), Code.PORT_CONFLICT),
        (app(ports=[{"containerPort": 15082, "protocol": "TCP"}]), Code.PORT_CONFLICT),
        (app(ports=[{"containerPort": 1, "name": "fb-metrics"}]), Code.PORT_CONFLICT),
        (app(ports={}), Code.MALFORMED),
    ],
)
def test_an_obstacle_is_found(spec, code) -> None:
    assert of(spec) is code


@pytest.mark.parametrize(
    "spec",
    [
        {},
        {"os": {"name": "linux"}, "hostNetwork": False, "shareProcessNamespace": None},
        {"securityContext": {"runAsUser": 1337}, "containers": [{**APP, "securityContext": {"runAsUser": 1000}}]},
        app(securityContext={"runAsUser": 0}),
        app(ports=[{"containerPort": 15081, "protocol": "UDP"}, {"containerPort": 8080}, {"containerPort": [15080]}]),
        {"restartPolicy": "Never"},
    ],
)
def test_the_rest_is_none(spec) -> None:
    assert of(spec) is None


@pytest.mark.parametrize(
    ("policy", "code"), [("Never", Code.NEVER_ENDS), ("OnFailure", Code.NEVER_ENDS), ("Always", None)]
)
def test_ordinary_containers_would_keep_a_pod_from_ending(policy, code) -> None:
    assert of({"restartPolicy": policy}, mode=Mode.CONTAINERS) is code


def test_a_container_without_a_name_is_told_by_its_place() -> None:
    assert [place for place, _ in containers({"containers": [{}, APP]})] == ["spec.containers[0]", "app"]


def test_the_locks_port_is_taken_where_there_is_a_lock() -> None:
    spec = app(ports=[{"containerPort": 15083}])
    assert of(spec) is None
    assert of(spec, egress=Egress.LOCKED) is Code.PORT_CONFLICT
