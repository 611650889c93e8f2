import pytest
from tests.unit.kube.pods import options

from firebreak.edge.envoy.config import render
from firebreak.kube import sidecar
from firebreak.kube.options import LEAST_ENVOY_MEMORY, Mode, Resources
from firebreak.local import envoy_binary
from firebreak.settings import load


def values(environment) -> dict[str, str]:
    """As the container sees them, without what only a cluster knows."""
    return {each["name"]: each["value"].replace("$$", "$") for each in environment if "value" in each}


def everyone(chosen):
    return [sidecar.setup(chosen), *sidecar.sidecars(chosen)]


def test_the_engine_and_its_envoy_get_the_same_options() -> None:
    config, engine, envoy = everyone(options())
    assert config["env"] == engine["env"]
    assert "env" not in envoy


@pytest.mark.parametrize(
    "providers", ["openai", "[{name: a, api: openai, host: a.example, ca_file: /etc/$(FIREBREAK_POD_NAME)/$$/ca.pem}]"]
)
def test_the_engine_reads_them_as_they_were_meant(providers) -> None:
    settings = load(values(sidecar.environment(options(providers=providers))))
    assert settings.listen == "unix:/run/firebreak/engine.sock"
    assert settings.envoy_options().providers == load({"FIREBREAK_PROVIDERS": providers}).envoy_options().providers
    assert {each["name"] for each in sidecar.environment(options()) if "valueFrom" in each} == {
        "FIREBREAK_POD_NAME",
        "FIREBREAK_POD_NAMESPACE",
        "FIREBREAK_SERVICE_ACCOUNT",
    }


@pytest.mark.contract
def test_envoy_takes_what_the_init_container_writes() -> None:
    settings = load(values(sidecar.environment(options())))
    envoy_binary.validate(render(settings.envoy_options()))


@pytest.mark.parametrize(
    ("limit", "heap"), [("320Mi", 256 << 20), ("1Gi", (1 << 30) * 8 // 10), (str(LEAST_ENVOY_MEMORY), 64 << 20)]
)
def test_envoy_sheds_load_below_its_limit(limit, heap) -> None:
    chosen = options(envoy=Resources("50m", "64Mi", limit))
    assert load(values(sidecar.environment(chosen))).envoy_memory_bytes == heap


def test_every_container_is_as_restricted_as_can_be() -> None:
    for container in everyone(options()):
        context = container["securityContext"]
        assert (context["runAsUser"], context["runAsGroup"], context["runAsNonRoot"]) == (1337, 1337, True)
        assert context["readOnlyRootFilesystem"]
        assert context["allowPrivilegeEscalation"] is False
        assert context["capabilities"] == {"drop": ["ALL"]}
        assert context["seccompProfile"] == {"type": "RuntimeDefault"}


def test_only_native_sidecars_restart_by_themselves() -> None:
    assert [each.get("restartPolicy") for each in everyone(options())] == [None, "Always", "Always"]
    ordinary = everyone(options(mode=Mode.CONTAINERS))
    assert not any("restartPolicy" in each for each in ordinary)
    assert [each["name"] for each in ordinary] == list(sidecar.CONTAINERS)


def test_every_mount_has_its_volume_and_the_policy_is_a_whole_directory() -> None:
    volumes = sidecar.volumes(options(policy="team"))
    assert [each["name"] for each in volumes] == list(sidecar.VOLUMES)
    assert volumes[1]["configMap"] == {"name": "team"}
    mounts = [mount for each in everyone(options()) for mount in each["volumeMounts"]]
    assert {mount["name"] for mount in mounts} == set(sidecar.VOLUMES)
    assert not any("subPath" in mount for mount in mounts)


def test_a_dollar_stays_a_dollar() -> None:
    assert sidecar.literal("$(A) $$ $") == "$$(A) $$$$ $$"
