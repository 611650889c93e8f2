import pytest
from tests.unit.kube.pods import options

from firebreak.kube.annotations import ASKED, INJECT, for_pod, opts_in, refuse_misplaced
from firebreak.kube.encoder import Encoder
from firebreak.kube.options import ENVOY_RESOURCES, Egress, Mode, Reference, Resources
from firebreak.kube.report import Code, Refused

MISSPELT, LISTED = {"firebreak.dev/injct": "true"}, {"firebreak.dev/policy": "p"}
UNKNOWN, BAD = Code.UNKNOWN_ANNOTATION, Code.BAD_ANNOTATION

# The table at the top of the module: inject, other annotations, everything, outcome (None: opted in).
TRUTH = [
    ("false", {}, False, Code.OPTED_OUT),
    ("false", LISTED, True, Code.OPTED_OUT),
    ("false", MISSPELT, True, Code.OPTED_OUT),
    ("true", MISSPELT, False, UNKNOWN),
    ("maybe", MISSPELT, False, UNKNOWN),
    (..., MISSPELT, False, UNKNOWN),
    (..., MISSPELT, True, UNKNOWN),
    (..., {}, False, Code.NOT_OPTED_IN),
    (..., LISTED, False, Code.NOT_OPTED_IN),
    (..., {"other.dev/inject": "yes"}, False, Code.NOT_OPTED_IN),
    (..., {}, True, None),
    (..., LISTED, True, None),
    ("true", {}, False, None),
    ("true", LISTED, True, None),
    ("maybe", {}, False, BAD),
    ("True", {}, True, BAD),
    (True, {}, False, BAD),
    (False, {}, True, BAD),
    (None, {}, False, BAD),
]


def answer(annotations, *, everything):
    try:
        return opts_in(annotations, everything=everything)
    except Refused as refused:
        return refused.report.outcome


@pytest.mark.parametrize(("inject", "others", "everything", "outcome"), TRUTH)
def test_who_is_injected(inject, others, everything, outcome) -> None:
    annotations = {**({} if inject is ... else {INJECT: inject}), **others}
    assert answer(annotations, everything=everything) is outcome


def test_a_misspelt_name_gets_a_suggestion() -> None:
    with pytest.raises(Refused) as refused:
        opts_in(MISSPELT, everything=False)
    assert "did you mean firebreak.dev/inject?" in refused.value.report.sentence
    with pytest.raises(Refused) as refused:
        opts_in({"firebreak.dev/" + "z" * 999: ""}, everything=False)
    assert "docs/inject.md" in refused.value.report.sentence


def test_every_annotation_changes_its_option() -> None:
    chosen = for_pod(
        options(),
        {
            "firebreak.dev/policy": "team",
            "firebreak.dev/providers": "anthropic",
            "firebreak.dev/mode": "containers",
            "firebreak.dev/log-level": "debug",
            "firebreak.dev/engine-cpu": "2",
            "firebreak.dev/engine-memory": "256Mi",
            "firebreak.dev/engine-memory-limit": "512Mi",
            "firebreak.dev/envoy-cpu": "70m",
            "firebreak.dev/egress": "locked",
            "firebreak.dev/egress-allow": "pypi.org, *.debian.org",
            "firebreak.dev/egress-networks": "10.1.0.0/16",
            "firebreak.dev/egress-refuse": "10.1.2.3:443",
            "firebreak.dev/judge-secret": "judge",
            "firebreak.dev/ca-bundle": "private-ca/root.pem",
            "firebreak.dev/credentials": "provider-keys",
            "firebreak.dev/events": "true",
            "firebreak.dev/encoder-claim": "encoders/en",
        },
    )
    assert chosen.credentials == "provider-keys"
    assert (chosen.encoder.source, chosen.encoder.path) == (
        {"persistentVolumeClaim": {"claimName": "encoders", "readOnly": True}},
        "en",
    )
    assert (chosen.egress, chosen.egress_allow, chosen.events) == (Egress.LOCKED, "pypi.org, *.debian.org", True)
    assert (chosen.egress_networks, chosen.egress_refuse) == ("10.1.0.0/16", "10.1.2.3:443")
    assert (chosen.judge_secret, chosen.ca_bundle) == (
        Reference("judge", "api-key"),
        Reference("private-ca", "root.pem"),
    )
    assert (chosen.policy, chosen.providers, chosen.mode, chosen.log_level) == (
        "team",
        "anthropic",
        Mode.CONTAINERS,
        "debug",
    )
    assert [each.name for each in chosen.destinations] == ["anthropic"]
    assert chosen.engine == Resources("2", "256Mi", "512Mi", chosen.engine.least_limit)
    assert chosen.envoy == Resources("70m", "64Mi", "320Mi", ENVOY_RESOURCES.least_limit)


def test_without_annotations_the_options_stay() -> None:
    assert for_pod(options(), {"other": "x"}) == options()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("policy", "Not A Name"),
        ("policy", 7),
        ("providers", "nobody"),
        ("providers", "[{name: x}]"),
        ("providers", "[" * 50),
        ("mode", "both"),
        ("egress", "shut"),
        ("egress-allow", "pypi.org"),
        ("egress-networks", ""),
        ("egress-networks", "somewhere"),
        ("egress-refuse", "10.1.2.3"),
        ("judge-secret", "No Name"),
        ("judge-secret", "name/"),
        ("ca-bundle", "name/../key/x"),
        ("credentials", "No Name"),
        ("credentials", "keys/openai"),
        ("encoder-claim", "No Name"),
        ("encoder-claim", "encoders/../x"),
        ("encoder-claim", "{hostPath: {path: /}}"),
        ("events", "yes"),
        ("events", True),
        ("log-level", "loud"),
        ("engine-cpu", "lots"),
        ("engine-memory", "0"),
        ("engine-memory", "1Gi"),
        ("engine-memory-limit", "191Mi"),
        ("envoy-memory-limit", "64Mi"),
        ("envoy-memory-limit", None),
    ],
)
def test_a_bad_value_is_refused_with_its_name_and_a_mend(name, value) -> None:
    with pytest.raises(Refused) as refused:
        for_pod(options(), {f"firebreak.dev/{name}": value})
    assert refused.value.report.outcome is BAD
    assert refused.value.report.detail.startswith(f"firebreak.dev/{name}: ")


@pytest.mark.parametrize("allowed", ["https://pypi.org", "api.openai.com", "*", "10.0.0.1", "a,,b c"])
def test_what_the_engine_would_not_take_is_not_allowed(allowed) -> None:
    with pytest.raises(Refused) as refused:
        for_pod(options(), {"firebreak.dev/egress": "locked", "firebreak.dev/egress-allow": allowed})
    assert refused.value.report.outcome is BAD


def test_a_pod_may_turn_off_what_is_on_by_default() -> None:
    on = options(egress=Egress.LOCKED, events=True, judge_secret=Reference("j", "k"), encoder=Encoder({"nfs": {}}))
    marks = {"firebreak.dev/egress": "open", "firebreak.dev/events": "false", "firebreak.dev/judge-secret": ""}
    marks["firebreak.dev/encoder-claim"] = ""
    assert for_pod(on, marks) == options()


def test_what_the_engine_writes_is_known() -> None:
    assert opts_in({"firebreak.dev/policy-digest": "x"}, everything=True) is None


def test_native_is_refused_where_it_does_not_work() -> None:
    with pytest.raises(Refused):
        for_pod(options(kubernetes=(1, 28)), {"firebreak.dev/mode": "native"})


@pytest.mark.parametrize("name", ASKED)
def test_an_annotation_for_the_pod_is_not_heard_elsewhere(name) -> None:
    refuse_misplaced({"other": "x"}, "metadata.labels", "home")
    with pytest.raises(Refused) as refused:
        refuse_misplaced({name: "true"}, "metadata.labels", "home")
    assert refused.value.report.detail == f"{name} in metadata.labels; move it to home"
