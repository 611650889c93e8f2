import json

import pytest
from tests.helm.chart import CHART

from firebreak.kube.encoder import BUDGET_MS, CHECK_TIMEOUT_MS, CPU_MORE, MEMORY_MORE, SOURCES, Encoder
from firebreak.model.errors import BadConfig
from firebreak.settings import Settings, load

NFS = {"nfs": {"server": "s", "path": "/encoders"}}


def test_there_is_none_unless_one_is_given() -> None:
    assert not Encoder().source
    assert Encoder(NFS, "en/v2").path == "en/v2"


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"source": {**NFS, "csi": {}}}, "encoder volume"),
        ({"source": {"emptyDir": {}}}, "encoder volume"),
        ({"source": {"name": "x"}}, "encoder volume"),
        ({"source": {"nfs": None}}, "encoder volume"),
        ({"path": "/absolute"}, "encoder path"),
        ({"path": "up/../and/away"}, "encoder path"),
        ({"path": "a//b"}, "encoder path"),
        ({"path": "$(HOME)"}, "encoder path"),
        ({"path": "a" * 254}, "encoder path"),
        ({"cpu": "lots"}, "encoder cpu"),
        ({"memory": "lots"}, "encoder memory"),
        ({"memory": "63Mi"}, "encoder memory"),
        ({"budget_ms": 0}, "encoder budget"),
        ({"budget_ms": CHECK_TIMEOUT_MS}, "encoder budget"),
    ],
)
def test_what_cannot_be_is_refused_with_its_place_and_a_mend(changes, place) -> None:
    with pytest.raises(BadConfig) as error:
        Encoder(**changes)
    assert error.value.place == place
    assert error.value.mend


def test_a_claim_is_mounted_for_reading_and_takes_what_was_said_of_sizes() -> None:
    larger = Encoder(NFS, "en", memory="1Gi")
    claim = larger.from_claim("place", "team.encoders/en/v2")
    assert claim.source == {"persistentVolumeClaim": {"claimName": "team.encoders", "readOnly": True}}
    assert (claim.path, claim.memory) == ("en/v2", "1Gi")
    assert larger.from_claim("place", "team").path == ""
    assert larger.from_claim("place", "") == Encoder(memory="1Gi")


@pytest.mark.parametrize("text", ["/en", "No Name", "a" * 254, "claim/", "claim/../x", "claim//x", "claim/.hidden"])
def test_other_claims_are_refused(text) -> None:
    with pytest.raises(BadConfig) as error:
        Encoder().from_claim("place", text)
    assert error.value.place == "place"


def test_an_image_is_a_volume_from_kubernetes_1_33_on() -> None:
    image = Encoder({"image": {"reference": "registry.example/encoders:1"}})
    image.refuse_below((1, 33))
    Encoder(NFS).refuse_below((1, 25))
    with pytest.raises(BadConfig, match=r"1\.33"):
        image.refuse_below((1, 32))


def test_the_budgets_are_the_engines() -> None:
    engine = load({})
    assert (engine.encoder_budget_ms, engine.check_timeout_ms) == (BUDGET_MS, CHECK_TIMEOUT_MS)
    assert Settings(encoder_budget_ms=CHECK_TIMEOUT_MS - 1).encoder_budget_ms < CHECK_TIMEOUT_MS


def test_the_chart_knows_the_same_volumes_and_sizes() -> None:
    sentences = (CHART / "templates" / "_validate.tpl").read_text(encoding="utf-8")
    assert " ".join(json.dumps(kind) for kind in SOURCES) in sentences
    values = (CHART / "values.yaml").read_text(encoding="utf-8")
    assert f"cpu: {CPU_MORE}\n" in values
    assert f"memory: {MEMORY_MORE}\n" in values
