"""Contract: any JSON gets a report and only additions; any text is read or refused with a place, and read alike twice."""

import os

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.tools.golden_kube import INPUTS
from tests.unit.kube.pods import applied, json_values, option_values, options, pods

from firebreak.kube import manifests, workloads
from firebreak.kube.inject import patch
from firebreak.kube.workloads import PODS
from firebreak.model.errors import BadConfig

EXAMPLES = int(os.environ.get("FIREBREAK_FUZZ_EXAMPLES", "200"))
SEEDS = [path.read_text(encoding="utf-8") for path in INPUTS]
FRAGMENTS = ["{", "}", "[", "]", ": ", "- ", "\n", "  ", "&a ", "*a", "!!int ", "<<: ", "? ", "|", ">", "---\n", "...", "#",
             '"', "'", "\\", "\x00", "\ud800", "1e999", "02471", "yes", "null", "~", "\t", "\r", "é", "\u2028", "%"]  # fmt: skip
KINDS = st.sampled_from([("", "List"), ("", "Pod"), ("x", "Pod"), *PODS])


def replaced(value, path, new):
    """A copy of the value with something else at one place in it."""
    if not path or not isinstance(value, dict | list) or not value:
        return new
    step, rest = path[0], path[1:]
    if isinstance(value, dict):
        chosen = sorted(value)[step % len(value)]
        return {key: replaced(item, rest, new) if key == chosen else item for key, item in value.items()}
    index = step % len(value)
    return [replaced(item, rest, new) if number == index else item for number, item in enumerate(value)]


@settings(max_examples=EXAMPLES, deadline=None)
@given(pods, st.lists(st.integers(0, 9), max_size=6), json_values, option_values)
def test_a_damaged_pod_gets_a_report(pod, path, new, chosen):
    damaged = replaced(pod, path, new)
    result = patch(damaged, chosen)
    assert bool(result.additions) == result.report.injected
    applied(damaged, result.additions)


@settings(max_examples=EXAMPLES, deadline=None)
@given(KINDS, json_values, json_values, option_values)
def test_any_manifest_gets_its_reports(kind, metadata, body, chosen):
    manifest = {"apiVersion": f"{kind[0]}/v1", "kind": kind[1], "metadata": metadata, "spec": body, "items": [body]}
    for outcome in workloads.inject(manifest, chosen):
        applied(manifest, outcome.additions)


def attempt(text):
    try:
        return manifests.read(text, "f.yaml"), None
    except BadConfig as error:
        return [], error


def hold_to_the_contract(text):
    documents, error = attempt(text)
    assert error is None or error.place.startswith("f.yaml")
    before = [manifests.plain(document) for document in documents]
    assert [manifests.plain(each) for each in manifests.read(manifests.write(documents), "again")] == before
    for document in documents:
        seen = manifests.plain(document)
        for outcome in workloads.inject(seen, options(everything=True)):
            manifests.add(document, outcome.additions)
            seen = applied(seen, outcome.additions)
        assert manifests.plain(document) == seen
        assert [manifests.plain(each) for each in manifests.read(manifests.write([document]), "again")] == [seen]


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.sampled_from(SEEDS), st.data())
def test_a_damaged_stream_is_read_alike_twice_or_refused(text, data):
    for _ in range(data.draw(st.integers(0, 3))):
        start = data.draw(st.integers(0, len(text)))
        new = data.draw(st.sampled_from(["", *FRAGMENTS]) | st.text(max_size=3))
        text = text[:start] + new + text[start + data.draw(st.integers(0, 6)) :]
    hold_to_the_contract(text)


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.lists(st.sampled_from(["a: ", "b: ", *FRAGMENTS]) | st.text(max_size=4), max_size=12).map("".join))
def test_any_text_is_read_alike_twice_or_refused(text):
    hold_to_the_contract(text)
