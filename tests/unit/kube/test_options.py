import pytest
from tests.unit.kube.pods import options

from firebreak.kube.encoder import Encoder
from firebreak.kube.options import (
    ENGINE_RESOURCES,
    LEAST_ENGINE_MEMORY,
    LOG_LEVELS,
    Destination,
    Egress,
    Mode,
    Reference,
    Resources,
)
from firebreak.model.errors import BadConfig
from firebreak.settings import load


def test_the_defaults_are_taken() -> None:
    built = options()
    assert built.native
    assert built.destinations == (
        Destination("openai", "openai", "/openai"),
        Destination("anthropic", "anthropic", "/anthropic"),
    )


@pytest.mark.parametrize(
    ("changes", "native"),
    [
        ({"kubernetes": (1, 28)}, False),
        ({"kubernetes": (1, 30)}, True),
        ({"kubernetes": (1, 30), "mode": Mode.CONTAINERS}, False),
        ({"mode": Mode.NATIVE}, True),
    ],
)
def test_the_mode_follows_the_version_unless_it_is_given(changes, native) -> None:
    assert options(**changes).native is native


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"policy": "Not A Name"}, "policy"),
        ({"policy": "a" * 254}, "policy"),
        ({"policy": ""}, "policy"),
        ({"envoy_image": "two words"}, "envoy image"),
        ({"envoy_image": "x@sha256:12"}, "envoy image"),
        ({"mode": Mode.NATIVE, "kubernetes": (1, 28)}, "mode"),
        ({"log_level": "loud"}, "log level"),
        ({"providers": "nobody"}, "FIREBREAK_PROVIDERS"),
        ({"egress_allow": "not a host"}, "FIREBREAK_EGRESS_ALLOW"),
        ({"egress_networks": "somewhere"}, "FIREBREAK_EGRESS_NETWORKS"),
        ({"egress_refuse": "10.0.0.0/8:no"}, "FIREBREAK_EGRESS_REFUSE"),
        ({"providers": "openai,openai"}, "FIREBREAK_PROVIDERS"),
        ({"encoder": Encoder({"image": {"reference": "e:1"}}), "kubernetes": (1, 32)}, "encoder volume"),
    ],
)
def test_a_wrong_option_names_itself(changes, place) -> None:
    with pytest.raises(BadConfig) as error:
        options(**changes)
    assert error.value.place == place


def test_the_log_levels_are_the_engines() -> None:
    for level in LOG_LEVELS:
        assert load({"FIREBREAK_LOG_LEVEL": level}).log_level == level


@pytest.mark.parametrize(
    ("values", "place"),
    [
        (("0m", "1Mi", "2Mi"), "cpu"),
        (("0.5", "1Mi", "2Mi"), "cpu"),
        (("1", "x", "2Mi"), "memory"),
        (("1", "1Mi", "x"), "memory-limit"),
        (("1", "3Mi", "2Mi"), "memory"),
        (("1", "1Mi", "100Mi", LEAST_ENGINE_MEMORY), "memory-limit"),
    ],
)
def test_resources_are_checked(values, place) -> None:
    with pytest.raises(BadConfig) as error:
        Resources(*values)
    assert error.value.place == place


def test_resources_have_kubernetes_form() -> None:
    assert ENGINE_RESOURCES.manifest() == {
        "requests": {"cpu": "100m", "memory": "192Mi"},
        "limits": {"memory": "384Mi"},
    }


def test_what_an_encoder_takes_comes_on_top() -> None:
    with_one = Encoder({"nfs": {}}, cpu="1", memory="1Gi")
    assert ENGINE_RESOURCES.manifest_with(Encoder()) == ENGINE_RESOURCES.manifest()
    assert ENGINE_RESOURCES.manifest_with(with_one) == {
        "requests": {"cpu": "1100m", "memory": "1216Mi"},
        "limits": {"memory": "1408Mi"},
    }
    largest = Resources("999", "999999999999999Gi", "999999999999999Gi")
    assert largest.manifest_with(with_one)["requests"]["cpu"] == "1000000m"


@pytest.mark.parametrize(
    ("text", "found"), [("", None), ("n", Reference("n", "k")), ("n.x/a_b", Reference("n.x", "a_b"))]
)
def test_a_reference_has_a_name_and_perhaps_a_key(text, found) -> None:
    assert Reference.read("place", text, "k") == found


@pytest.mark.parametrize("text", ["/k", "N", "n/", "n/a/b", "n/..", "n/.hidden", "a" * 254])
def test_other_references_are_refused(text) -> None:
    with pytest.raises(BadConfig) as error:
        Reference.read("place", text, "k")
    assert error.value.place == "place"


def test_egress_is_open_unless_it_is_locked() -> None:
    assert not options().locked
    assert options(egress=Egress.LOCKED).locked
