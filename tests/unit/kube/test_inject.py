import copy
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.kube.pods import APP, applied, json_values, option_values, options, pod, pods

from firebreak.kube import sidecar
from firebreak.kube.annotations import STATUS
from firebreak.kube.inject import Injection, patch
from firebreak.kube.options import Egress, Mode, Reference
from firebreak.kube.report import Code, Remark

law = settings(max_examples=150, deadline=None)


def shuffled(value, choose):
    """The same value with the keys of every mapping in another order."""
    if isinstance(value, dict):
        return {key: shuffled(value[key], choose) for key in choose(st.permutations(sorted(value)))}
    return [shuffled(item, choose) for item in value] if isinstance(value, list) else value


def is_kept(old, new) -> bool:
    """Everything of the old value is in the new one: same scalars, same keys, lists in the same order."""
    if isinstance(old, dict):
        return isinstance(new, dict) and all(old[key] is None or is_kept(old[key], new.get(key)) for key in old)
    if isinstance(old, list):
        rest = iter(new) if isinstance(new, list) else iter(())
        return all(any(is_kept(item, candidate) for candidate in rest) for item in old)
    return bool(old == new)


@law
@given(pods, option_values)
def test_nothing_is_removed_or_changed(before, chosen) -> None:
    untouched = copy.deepcopy(before)
    result = patch(before, chosen)
    assert before == untouched
    assert bool(result.additions) == result.report.injected
    assert is_kept(before, applied(before, result.additions))


@law
@given(pods, option_values, option_values)
def test_injecting_twice_changes_nothing(before, first, second) -> None:
    result = patch(before, first)
    again = patch(applied(before, result.additions), second)
    if result.report.injected:
        assert again == Injection((), again.report)
        assert again.report.outcome is Code.ALREADY_INJECTED


@law
@given(pods, option_values, st.data())
def test_the_order_of_keys_does_not_matter(before, chosen, data) -> None:
    assert patch(shuffled(before, data.draw), chosen) == patch(before, chosen)


@law
@given(pods | json_values, option_values)
def test_it_is_total_and_json_goes_out(before, chosen) -> None:
    result = patch(before, chosen)
    operations = result.json_patch()
    assert json.loads(json.dumps(operations)) == operations
    assert {operation["op"] for operation in operations} <= {"add"}
    assert result.report.sentence


def test_native_sidecars_come_before_the_users_init_containers() -> None:
    before = pod({"initContainers": [{"name": "mine"}]})
    after = applied(before, patch(before, options()).additions)
    assert [each["name"] for each in after["spec"]["initContainers"]] == [*sidecar.CONTAINERS, "mine"]
    assert [each["name"] for each in after["spec"]["containers"]] == ["app"]


def test_ordinary_containers_come_after_the_users() -> None:
    before = pod({"initContainers": [{"name": "mine"}]})
    result = patch(before, options(mode=Mode.CONTAINERS))
    after = applied(before, result.additions)
    assert [each["name"] for each in after["spec"]["initContainers"]] == [sidecar.CONFIG, "mine"]
    assert [each["name"] for each in after["spec"]["containers"]] == ["app", sidecar.ENGINE, sidecar.ENVOY]
    assert [note.remark for note in result.report.notes] == [Remark.INIT_CONTAINERS, Remark.STARTS_BESIDE]


def test_the_sidecars_own_containers_get_no_base_urls() -> None:
    after = applied(pod(), patch(pod(), options(mode=Mode.CONTAINERS)).additions)
    with_it = [c["name"] for c in after["spec"]["containers"] if "OPENAI_BASE_URL" in str(c.get("env"))]
    assert with_it == ["app"]


@pytest.mark.parametrize("metadata", [{}, {"metadata": None}, {"metadata": {}}, {"metadata": {"annotations": None}}])
def test_a_pod_without_annotations_gets_its_status(metadata) -> None:
    before = {**metadata, "spec": {"containers": [APP]}}
    after = applied(before, patch(before, options(everything=True)).additions)
    assert json.loads(after["metadata"]["annotations"][STATUS])["mode"] == "native"


@pytest.mark.parametrize("missing", ["initContainers", "volumes"])
def test_a_status_without_a_sidecar_is_refused(missing) -> None:
    after = applied(pod(), patch(pod(), options()).additions)
    after["spec"].pop(missing)
    assert patch(after, options()).report.outcome is Code.STALE_STATUS


def test_a_sidecar_without_a_status_is_in_the_way() -> None:
    after = applied(pod(), patch(pod(), options()).additions)
    after["metadata"]["annotations"].pop(STATUS)
    assert patch(after, options()).report.refused


@pytest.mark.parametrize("shape", [None, [], "pod", {"metadata": []}, {"metadata": {"annotations": {1: ""}}}])
def test_what_is_no_pod_is_refused(shape) -> None:
    assert patch(shape, options(everything=True)).report.outcome is Code.MALFORMED


def test_a_label_is_no_annotation() -> None:
    before = pod()
    before["metadata"]["labels"] = {"firebreak.dev/inject": "true"}
    assert patch(before, options()).report.outcome is Code.MISPLACED


def test_a_pod_that_does_not_ask_is_left_alone() -> None:
    report = patch({"spec": {"hostNetwork": True}}, options()).report
    assert report.outcome is Code.NOT_OPTED_IN
    assert "firebreak.dev/inject" in report.sentence


def test_the_status_names_what_was_added() -> None:
    chosen = options(egress=Egress.LOCKED, ca_bundle=Reference("c", "k"))
    after = applied(pod(), patch(pod(), chosen).additions)
    status = json.loads(after["metadata"]["annotations"][STATUS])
    assert status["containers"] == [each["name"] for each in after["spec"]["initContainers"]]
    assert status["volumes"] == [each["name"] for each in after["spec"]["volumes"]]
    assert status["containers"][0] == sidecar.LOCK


@pytest.mark.parametrize(("grace", "seconds"), [(None, 25), (20, 15), ("20", 25)])
def test_the_pods_own_time_to_stop_is_kept(grace, seconds) -> None:
    before = pod({"terminationGracePeriodSeconds": grace})
    after = applied(before, patch(before, options(mode=Mode.CONTAINERS, kubernetes=(1, 30))).additions)
    assert after["spec"]["containers"][-1]["lifecycle"] == {"preStop": {"sleep": {"seconds": seconds}}}


def test_a_lock_that_could_be_undone_is_no_lock() -> None:
    before = pod({"containers": [{**APP, "securityContext": {"privileged": True}}]})
    assert patch(before, options(egress=Egress.LOCKED)).report.outcome is Code.LOCK_BREAKER
