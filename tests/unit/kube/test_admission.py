import base64
import json

import pytest
from hypothesis import given, settings
from tests.unit.kube.pods import applied, json_values, option_values, options, pod, pods

from firebreak.kube.admission import MAX_MESSAGE_CHARS, MAX_WARNING_CHARS, MAX_WARNINGS, answer
from firebreak.kube.inject import patch
from firebreak.kube.report import Code
from firebreak.model.announcement import Announcement

UID = "705ab4f5-6393-11e8-b7cc-42010a800002"
OWNER = {"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "shop-7f", "uid": "u-1", "controller": True}


def review(subject, **changes):
    request = {
        "uid": UID,
        "kind": {"group": "", "version": "v1", "kind": "Pod"},
        "operation": "CREATE",
        "namespace": "shop",
        "object": subject,
        **changes,
    }
    return {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": request}


def asked(subject, chosen=None, **changes):
    return answer(json.dumps(review(subject, **changes)).encode(), chosen or options())


def response(subject, **changes):
    return asked(subject, **changes).body["response"]


def test_an_injected_pod_gets_the_injectors_patch() -> None:
    found = asked(pod())
    said = found.body["response"]
    assert (found.status, found.body["apiVersion"], found.body["kind"]) == (
        200,
        "admission.k8s.io/v1",
        "AdmissionReview",
    )
    assert (said["uid"], said["allowed"], said["patchType"]) == (UID, True, "JSONPatch")
    assert json.loads(base64.b64decode(said["patch"])) == patch(pod(), options()).json_patch()
    assert said["auditAnnotations"] == {"outcome": "injected"}
    assert "warnings" not in said
    assert found.announcement is None


def test_a_refused_pod_is_told_why() -> None:
    said = response(pod({"hostNetwork": True}))
    assert not said["allowed"]
    assert said["status"]["code"] == 403
    assert said["status"]["message"].startswith("firebreak: refused[host-network]: on its node's network")
    assert "patch" not in said


@pytest.mark.parametrize("annotations", [{"firebreak.dev/inject": "false"}, {}])
def test_a_skipped_pod_is_left_alone(annotations) -> None:
    said = response({"metadata": {"annotations": annotations}, "spec": {}})
    assert said["allowed"]
    assert not {"patch", "patchType", "warnings", "status"} & set(said)


def test_notes_are_warnings_and_not_too_many() -> None:
    containers = [{"name": f"c{number}" + "x" * 300, "envFrom": [{}]} for number in range(40)]
    said = response(pod({"containers": containers}))
    assert said["allowed"]
    assert len(said["warnings"]) == MAX_WARNINGS
    assert all(len(words) <= MAX_WARNING_CHARS for words in said["warnings"])
    assert said["warnings"][0].startswith("firebreak: env-from: ")


def test_what_somebody_wrote_stays_on_one_line_and_short() -> None:
    said = response(pod(annotations={"firebreak.dev/a\nb\x1b" + "c" * 9999: "x"}))
    message = said["status"]["message"]
    assert message.isprintable()
    assert len(message) == MAX_MESSAGE_CHARS


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"kind": {"group": "apps", "version": "v1", "kind": "Deployment"}}, "CREATE apps v1 Deployment"),
        ({"kind": {"group": "", "version": "v2", "kind": "Pod"}}, "CREATE v2 Pod"),
        ({"kind": None}, "CREATE;"),
        ({"operation": "UPDATE"}, "UPDATE v1 Pod"),
        ({"operation": None, "kind": "Pod"}, "something else"),
        ({"subResource": "ephemeralcontainers"}, "CREATE v1 Pod ephemeralcontainers"),
    ],
)
def test_what_is_no_new_pod_is_not_let_by(changes, words) -> None:
    found = asked(pod(), **changes)
    assert found.report is not None
    assert found.report.outcome is Code.NOT_A_POD
    assert not found.body["response"]["allowed"]
    assert words in found.body["response"]["status"]["message"]


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "body"),
        (b"\xff", "body"),
        (b'{"a":1,"a":2}', "body"),
        (b"[]", "no AdmissionReview"),
        (b"{}", "no AdmissionReview"),
        (json.dumps({**review(pod()), "apiVersion": "admission.k8s.io/v1beta1"}).encode(), "no AdmissionReview"),
        (json.dumps({**review(pod()), "request": None}).encode(), "no uid"),
        (json.dumps(review(pod(), uid="a b")).encode(), "no uid"),
        (json.dumps(review(pod(), uid=7)).encode(), "no uid"),
    ],
)
def test_what_is_no_question_is_a_bad_request(raw, words) -> None:
    found = answer(raw, options())
    assert (found.status, found.report, found.announcement) == (400, None, None)
    assert words in found.body["message"]


def owned(*owners, **fields):
    subject = pod({"hostNetwork": True}, **fields)
    subject["metadata"]["ownerReferences"] = list(owners)
    return subject


def test_the_controller_is_told() -> None:
    other = {**OWNER, "name": "other", "controller": False}
    found = asked(owned(other, OWNER)).announcement
    assert found is not None
    assert (found.namespace, found.api_version, found.kind, found.name, found.uid, found.code, found.warning) == (
        "shop",
        "apps/v1",
        "ReplicaSet",
        "shop-7f",
        "u-1",
        "host-network",
        True,
    )


@pytest.mark.parametrize(
    "subject",
    [
        owned(),
        owned({**OWNER, "controller": "true"}),
        owned({**OWNER, "name": "../../x y"}),
        owned({**OWNER, "uid": None}),
        {**owned(), "metadata": []},
        owned("owner"),
        None,
    ],
)
def test_else_the_namespace_is_told(subject) -> None:
    found = asked(subject).announcement
    assert isinstance(found, Announcement)
    assert (found.api_version, found.kind, found.name, found.uid) == ("v1", "Namespace", "shop", "")


def test_an_announcement_has_the_notes_and_is_no_warning_for_a_skip() -> None:
    noted = asked(pod({"initContainers": [{"name": "first"}]})).announcement
    assert noted is not None
    assert noted.warning
    assert "init containers get no base URLs" in noted.sentence
    skipped = asked(pod(annotations={"firebreak.dev/inject": "false"})).announcement
    assert skipped is not None
    assert not skipped.warning
    assert skipped.code == "opted-out"


@pytest.mark.parametrize(
    ("subject", "changes"),
    [
        (pod(), {}),
        ({"spec": {}}, {}),
        (owned(), {"dryRun": True}),
        (owned(), {"dryRun": "yes"}),
        (owned(), {"namespace": "shop/../x"}),
        (owned(), {"namespace": None}),
        (applied(pod(), patch(pod(), options()).additions), {}),
    ],
)
def test_often_nobody_is_told(subject, changes) -> None:
    assert asked(subject, **changes).announcement is None


@settings(max_examples=150, deadline=None)
@given(pods | json_values, option_values)
def test_it_says_what_the_injector_says(subject, chosen) -> None:
    found = asked(subject, chosen)
    injection = patch(subject, chosen)
    assert found.report == injection.report
    said = found.body["response"]
    assert said["allowed"] is not injection.report.refused
    operations = json.loads(base64.b64decode(said["patch"])) if "patch" in said else []
    assert operations == injection.json_patch()
