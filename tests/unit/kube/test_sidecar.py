import pytest
from tests.unit.kube.pods import options

from firebreak.edge.envoy.config import render
from firebreak.kube import sidecar
from firebreak.kube.encoder import Encoder
from firebreak.kube.options import LEAST_ENVOY_MEMORY, Egress, Mode, Reference, Resources
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


def test_the_lock_comes_first_and_alone_may_change_the_network() -> None:
    lock, *rest = sidecar.first(options(egress=Egress.LOCKED))
    assert [each["name"] for each in rest] == list(sidecar.CONTAINERS)
    assert (lock["name"], lock["args"]) == ("firebreak-lock", ["lock"])
    security = lock["securityContext"]
    assert (security["runAsUser"], security["runAsNonRoot"]) == (0, False)
    assert security["capabilities"] == {"drop": ["ALL"], "add": ["NET_ADMIN"]}
    assert security["readOnlyRootFilesystem"]
    assert security["allowPrivilegeEscalation"] is False
    assert [mount["name"] for mount in lock["volumeMounts"]] == ["firebreak-no-token"]
    assert not any("NET_ADMIN" in str(each["securityContext"]) for each in rest)


@pytest.mark.parametrize("allowed", ["", "pypi.org,*.debian.org", "any"])
def test_the_lock_the_proxy_and_the_engine_read_the_same_options(allowed) -> None:
    locked = options(egress=Egress.LOCKED, egress_allow=allowed)
    containers = sidecar.first(locked)[:3]
    assert len({str(each["env"]) for each in containers}) == 1
    settings = load(values(sidecar.environment(locked)))
    assert (settings.egress_listen, settings.egress_allow) == ("127.0.0.1:15083", allowed)
    assert settings.lock_options("nameserver 10.0.0.10").listen == (("127.0.0.1", 15083),)


@pytest.mark.parametrize(("networks", "refused"), [("", ""), ("10.1.0.0/16,[fd00::/8]:5432", "10.1.2.3/32")])
def test_the_lock_knows_which_networks_stay_open(networks, refused) -> None:
    locked = options(egress=Egress.LOCKED, egress_networks=networks, egress_refuse=refused)
    lock = sidecar.first(locked)[0]
    settings = load(values(lock["env"]))
    assert (settings.egress_networks, settings.egress_refuse) == (networks, refused)


def test_open_egress_says_nothing_of_it() -> None:
    assert not {name for name in values(sidecar.environment(options(egress_allow="any"))) if "EGRESS" in name}
    assert "--component-log-level" not in sidecar.sidecars(options())[1]["args"]
    assert "misc:error" in sidecar.sidecars(options(egress=Egress.LOCKED))[1]["args"]


def test_the_providers_keys_go_to_envoy_alone() -> None:
    chosen = options(credentials="provider-keys")
    config, engine, envoy = everyone(chosen)
    mount = {"name": "firebreak-credentials", "mountPath": "/etc/firebreak/credentials", "readOnly": True}
    assert envoy["volumeMounts"][-1] == mount
    assert mount not in [*config["volumeMounts"], *engine["volumeMounts"]]
    assert load(values(sidecar.environment(chosen))).credentials_dir == "/etc/firebreak/credentials"
    assert sidecar.volumes(chosen)[-1] == {
        "name": "firebreak-credentials",
        "secret": {"secretName": "provider-keys"},
    }


def test_a_judges_key_goes_to_the_engine_and_certificates_to_envoy() -> None:
    chosen = options(judge_secret=Reference("j", "k"), ca_bundle=Reference("c", "root.pem"))
    _, engine, envoy = everyone(chosen)
    key = {"name": "firebreak-judge", "mountPath": "/etc/firebreak/judge", "readOnly": True}
    authorities = {"name": "firebreak-ca", "mountPath": "/etc/firebreak/ca", "readOnly": True}
    assert [key in engine["volumeMounts"], key in envoy["volumeMounts"]] == [True, False]
    assert [authorities in engine["volumeMounts"], authorities in envoy["volumeMounts"]] == [False, True]
    settings = load(values(sidecar.environment(chosen)))
    assert (settings.judge_key_file, settings.ca_file) == ("/etc/firebreak/judge/k", "/etc/firebreak/ca/root.pem")
    assert sidecar.volumes(chosen)[4:] == [
        {"name": "firebreak-judge", "secret": {"secretName": "j", "items": [{"key": "k", "path": "k"}]}},
        {"name": "firebreak-ca", "configMap": {"name": "c"}},
    ]


def test_encoders_go_to_the_engine_alone_and_its_sizes_follow() -> None:
    nfs = {"server": "s", "path": "/encoders"}
    chosen = options(encoder=Encoder({"nfs": nfs}, "en/v2", memory="512Mi", budget_ms=300))
    config, engine, envoy = everyone(chosen)
    mount = {"name": "firebreak-encoder", "mountPath": "/etc/firebreak/encoder", "readOnly": True}
    assert [each["name"] for each in (config, engine, envoy) if mount in each["volumeMounts"]] == ["firebreak-engine"]
    assert sidecar.volumes(chosen)[4:] == [{"name": "firebreak-encoder", "nfs": nfs}]
    settings = load(values(engine["env"]))
    assert (settings.encoder_dir, settings.encoder_budget_ms) == ("/etc/firebreak/encoder/en/v2", 300)
    assert config["resources"] == chosen.engine.manifest()
    assert engine["resources"]["limits"] == {"memory": "896Mi"}


def test_without_encoders_nothing_of_them_is_said() -> None:
    assert not [name for name in values(sidecar.environment(options())) if "ENCODER" in name]
    at_the_top = options(encoder=Encoder().from_claim("place", "encoders"))
    said = {name: value for name, value in values(sidecar.environment(at_the_top)).items() if "ENCODER" in name}
    assert said == {"FIREBREAK_ENCODER_DIR": "/etc/firebreak/encoder"}


def test_a_token_goes_to_the_engine_alone() -> None:
    config, engine, envoy = everyone(options(events=True))
    mount = {"name": "firebreak-token", "mountPath": "/var/run/secrets/kubernetes.io/serviceaccount", "readOnly": True}
    assert [each["name"] for each in (config, engine, envoy) if mount in each["volumeMounts"]] == ["firebreak-engine"]
    assert {"name": "FIREBREAK_POD_UID", "valueFrom": {"fieldRef": {"fieldPath": "metadata.uid"}}} in engine["env"]
    assert values(engine["env"])["FIREBREAK_KUBERNETES_EVENTS"] == "true"
    (volume,) = sidecar.volumes(options(events=True))[4:]
    assert [name for source in volume["projected"]["sources"] for name in source] == [
        "serviceAccountToken",
        "configMap",
        "downwardAPI",
    ]


@pytest.mark.parametrize("changes", [{}, {"egress": Egress.LOCKED}, {"events": True}, {"mode": Mode.CONTAINERS}])
def test_the_api_server_finds_no_place_for_a_token_of_its_own(changes) -> None:
    """Its plug-in for service accounts comes by again after a webhook, and mounts one where nothing is mounted."""
    chosen = options(**changes)
    everybody = [*sidecar.first(chosen), *sidecar.sidecars(chosen)]
    for container in everybody:
        at_it = [each["name"] for each in container["volumeMounts"] if each["mountPath"] == sidecar.TOKEN_PATH]
        wanted = container["name"] == sidecar.ENGINE and chosen.events
        assert at_it == [sidecar.TOKEN if wanted else sidecar.NO_TOKEN]


@pytest.mark.parametrize(
    ("kubernetes", "grace_s", "seconds"),
    [
        ((1, 29), 30, None),
        ((1, 30), 30, 25),
        ((1, 30), 600, 25),
        ((1, 30), 15, 10),
        ((1, 30), 9, None),
        ((1, 28), 30, None),
    ],
)
def test_ordinary_containers_outlast_the_app_where_they_can(kubernetes, grace_s, seconds) -> None:
    chosen = options(mode=Mode.CONTAINERS, kubernetes=kubernetes)
    hook = {"preStop": {"sleep": {"seconds": seconds}}} if seconds else None
    assert [each.get("lifecycle") for each in sidecar.sidecars(chosen, grace_s)] == [hook, hook]
    assert not any("lifecycle" in each for each in everyone(options(kubernetes=(1, 30))))
