import pytest
from tests.unit.kube.pods import applied, options, pod

from firebreak.kube.report import Code
from firebreak.kube.workloads import PODS, inject


def workload(group, kind, template):
    path = PODS[group, kind]
    body = template
    for step in reversed(path):
        body = {step: body}
    metadata = {"metadata": {"name": "w", "namespace": "n"}} if path else {}
    return {"apiVersion": f"{group}/v1" if group else "v1", "kind": kind, **body, **metadata}


def codes(manifest, **changes):
    return [outcome.report.outcome for outcome in inject(manifest, options(**changes))]


@pytest.mark.parametrize(("group", "kind"), PODS)
def test_the_pod_is_found_and_the_rest_left_alone(group, kind) -> None:
    before = workload(group, kind, pod())
    (outcome,) = inject(before, options())
    assert outcome.report.injected
    assert {addition.path[: len(PODS[group, kind])] for addition in outcome.additions} == {PODS[group, kind]}
    after = applied(before, outcome.additions)
    assert {key: after[key] for key in after if key not in ("spec", "metadata")} == {
        "apiVersion": before["apiVersion"],
        "kind": kind,
    }


@pytest.mark.parametrize(
    ("manifest", "place"),
    [
        (workload("apps", "Deployment", pod()), "deployment/w in n"),
        ({"apiVersion": "v1", "kind": "Pod", "metadata": {"generateName": "p-"}}, "pod/p-*"),
        ({"apiVersion": "v1", "kind": "Pod", "metadata": []}, "pod/?"),
    ],
)
def test_a_workload_is_told_by_kind_and_name(manifest, place) -> None:
    assert [outcome.place for outcome in inject(manifest, options())] == [place]


def test_each_item_of_a_list_is_one_workload() -> None:
    items = [workload("apps", "Deployment", pod()), {"apiVersion": "v1", "kind": "Secret"}, workload("", "Pod", pod())]
    found = list(inject({"apiVersion": "v1", "kind": "List", "items": items}, options()))
    assert [outcome.additions[0].path[:2] for outcome in found] == [("items", 0), ("items", 2)]


def test_lists_within_lists_end_somewhere() -> None:
    manifest = workload("", "Pod", pod())
    for _ in range(9):
        manifest = {"apiVersion": "v1", "kind": "List", "items": [manifest]}
    assert codes(manifest) == [Code.MALFORMED]


@pytest.mark.parametrize(
    "manifest",
    [
        {"apiVersion": "v1", "kind": "ConfigMap", "data": {"annotations": "x"}},
        {"apiVersion": "other.dev/v1", "kind": "Deployment"},
        {"kind": "Rollout", "spec": {"template": {"metadata": {"annotations": {"firebreak.dev/inject": "false"}}}}},
        {},
    ],
)
def test_a_kind_without_pods_passes_by(manifest) -> None:
    assert codes(manifest, everything=True) == []


def test_an_unknown_kind_that_asks_is_refused() -> None:
    template = {"metadata": {"annotations": {"firebreak.dev/inject": "true"}}}
    assert codes({"apiVersion": "x.dev/v1", "kind": "Rollout", "parts": [{"template": template}]}) == [
        Code.UNKNOWN_KIND
    ]


@pytest.mark.parametrize("field", ["annotations", "labels"])
@pytest.mark.parametrize("value", ["true", "false"])
def test_an_annotation_of_the_workload_is_not_the_pods(field, value) -> None:
    manifest = workload("apps", "Deployment", pod())
    manifest["metadata"] = {field: {"firebreak.dev/inject": value}}
    (outcome,) = inject(manifest, options())
    assert outcome.report.outcome is Code.MISPLACED
    assert outcome.report.detail.endswith("move it to spec.template.metadata.annotations")


def test_nor_is_one_of_a_cron_jobs_job() -> None:
    manifest = workload("batch", "CronJob", pod())
    manifest["spec"]["jobTemplate"]["metadata"] = {"annotations": {"firebreak.dev/policy": "p"}}
    assert codes(manifest) == [Code.MISPLACED]


@pytest.mark.parametrize(
    "manifest",
    [
        None,
        {"apiVersion": "apps/v1", "kind": "Deployment"},
        {"apiVersion": "apps/v1", "kind": "Deployment", "spec": []},
        {"apiVersion": "v1", "kind": "List", "items": {}},
        {"apiVersion": "v1", "kind": "List", "items": [1]},
    ],
)
def test_what_is_no_manifest_is_refused(manifest) -> None:
    assert codes(manifest) == [Code.MALFORMED]
