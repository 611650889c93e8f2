"""Pods, options and a strategy for both, for the tests of the injector."""

import copy
from typing import Any

from hypothesis import strategies as st

from firebreak.cli.inject import destinations, prove_egress
from firebreak.kube.addition import END, Addition
from firebreak.kube.annotations import ASKED, STATUS
from firebreak.kube.options import Egress, InjectOptions, Reference
from firebreak.kube.sidecar import CHOSEN_VOLUMES, CONTAINERS, EGRESS_PORT, LOCK, PORTS, VOLUMES

APP = {"name": "app", "image": "registry.example/app:1"}


def options(**changes: Any) -> InjectOptions:
    return InjectOptions(
        image="registry.example/firebreak:1", read_providers=destinations, prove_egress=prove_egress, **changes
    )


def pod(spec: dict[str, Any] | None = None, annotations: dict[str, Any] | None = None) -> dict[str, Any]:
    """A pod that opts in."""
    marks = {"firebreak.dev/inject": "true", **(annotations or {})}
    return {"metadata": {"name": "p", "annotations": marks}, "spec": {"containers": [dict(APP)], **(spec or {})}}


def applied(document: Any, additions: tuple[Addition, ...]) -> Any:
    """What RFC 6902 makes of the additions; fails where one would replace something."""
    whole = copy.deepcopy(document)
    for addition in additions:
        *way, last = addition.path
        owner = whole
        for step in way:
            owner = owner[step]
        value = copy.deepcopy(addition.value)
        if isinstance(owner, dict):
            assert owner.get(last) is None, f"{addition.path} replaces"
            owner[last] = value
        else:
            owner.insert(len(owner) if last == END else last, value)
    return whole


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-2, 16000)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)
_names = st.sampled_from(["app", "worker", "web", *CONTAINERS, LOCK, *VOLUMES, *CHOSEN_VOLUMES])
_env = st.lists(
    st.fixed_dictionaries(
        {"name": st.sampled_from(["A", "OPENAI_BASE_URL", "ANTHROPIC_BASE_URL", "HTTP_PROXY", "NO_PROXY"])},
        optional={"value": st.sampled_from(["", "x", "127.0.0.1", "http://127.0.0.1:15080/openai/v1"])},
    ),
    max_size=3,
)
_containers = st.lists(
    st.fixed_dictionaries(
        {"name": _names},
        optional={
            "image": st.just("i"),
            "env": _env | st.none(),
            "envFrom": st.just([{"configMapRef": {"name": "c"}}]),
            "ports": st.lists(
                st.fixed_dictionaries({"containerPort": st.sampled_from([80, *PORTS, EGRESS_PORT])}), max_size=2
            ),
            "securityContext": st.fixed_dictionaries(
                {},
                optional={
                    "runAsUser": st.sampled_from([0, 1000, 1337]),
                    "allowPrivilegeEscalation": st.booleans(),
                    "capabilities": st.just({"add": ["NET_ADMIN"]}) | st.just({"drop": ["ALL"]}),
                },
            ),
            "volumeMounts": st.lists(st.fixed_dictionaries({"name": _names}), max_size=1),
        },
    ),
    min_size=1,
    max_size=3,
)
_annotations = st.dictionaries(
    st.sampled_from(["x/y", "firebreak.dev/injct", STATUS, *ASKED]),
    st.sampled_from(
        [
            "true",
            "false",
            "native",
            "containers",
            "openai",
            "debug",
            "500m",
            "256Mi",
            "team-policy",
            "locked",
            "any",
            "",
        ]
    ),
    max_size=3,
)
pods = st.fixed_dictionaries(
    {
        "spec": st.fixed_dictionaries(
            {"containers": _containers},
            optional={
                "initContainers": _containers | st.none() | st.just([]),
                "volumes": st.lists(st.fixed_dictionaries({"name": _names}), max_size=2) | st.none(),
                "restartPolicy": st.sampled_from(["Always", "Never"]),
                "hostNetwork": st.booleans(),
                "shareProcessNamespace": st.booleans(),
            },
        )
    },
    optional={
        "metadata": st.none()
        | st.fixed_dictionaries(
            {}, optional={"name": st.just("p"), "annotations": st.none() | _annotations, "labels": _annotations}
        )
    },
)
option_values = st.builds(
    options,
    everything=st.booleans(),
    kubernetes=st.sampled_from([(1, 28), (1, 29), (1, 34)]),
    egress=st.sampled_from(list(Egress)),
    events=st.booleans(),
    ca_bundle=st.sampled_from([None, Reference("ca", "ca.crt")]),
    providers=st.sampled_from(["openai", "openai,anthropic", "[{name: eu, api: azure_openai, host: h.example}]"]),
)
