import json
import os
from pathlib import Path

import pytest

from firebreak.edge.envoy.config import HEADER, config, render
from firebreak.edge.envoy.options import EnvoyOptions, Overload, Provider
from firebreak.local import envoy_binary

GOLDEN = Path(__file__).parents[3] / "golden" / "envoy"
OPENAI = Provider("openai", "openai", "api.openai.com", "/openai")
LOCAL = Provider("local", "openai", "127.0.0.1", "/local", 8080, tls=False)
CASES = {
    "default": EnvoyOptions(providers=(OPENAI,)),
    "two_workers": EnvoyOptions(providers=(LOCAL,), engine=("/run/firebreak/0.sock", "/run/firebreak/1.sock")),
    "providers": EnvoyOptions(
        providers=(
            OPENAI,
            Provider("anthropic", "anthropic", "api.anthropic.com", "/anthropic"),
            Provider("azure", "azure_openai", "example.openai.azure.com", "/azure"),
            Provider(
                "gateway",
                "openai",
                "llm.internal",
                "/gateway",
                8443,
                "/compat/v2/",
                ca_file="/etc/ssl/certs/ca-certificates.crt",
            ),
        ),
        engine=("firebreak:9000",),
        listen_host="0.0.0.0",
        max_body_bytes=1024 * 1024,
        overload=Overload(max_heap_bytes=512 * 1024 * 1024, max_connections=64),
    ),
    "otlp": EnvoyOptions(providers=(LOCAL,), otlp="127.0.0.1:4317", access_log="/tmp/access.log", node_id="demo"),
}


@pytest.mark.parametrize("name", CASES)
def test_the_configuration_is_the_reviewed_one(name: str) -> None:
    """`FIREBREAK_GOLDEN=write` writes the files anew; the difference is reviewed like code."""
    file = GOLDEN / f"{name}.json"
    if os.environ.get("FIREBREAK_GOLDEN") == "write":
        file.write_text(json.dumps(config(CASES[name]), indent=1) + "\n")
    assert config(CASES[name]) == json.loads(file.read_text())


@pytest.mark.contract
@pytest.mark.parametrize("name", CASES)
def test_envoy_takes_it(name: str) -> None:
    envoy_binary.validate(render(CASES[name]))


@pytest.mark.parametrize("name", CASES)
def test_the_text_is_the_structure_and_always_the_same(name: str) -> None:
    text = render(CASES[name])
    assert text == render(CASES[name])
    assert text.startswith(HEADER)
    assert json.loads(text.removeprefix(HEADER)) == config(CASES[name])


@pytest.mark.parametrize("name", CASES)
def test_the_admin_interface_is_on_no_port(name: str) -> None:
    assert config(CASES[name])["admin"]["address"] == {"pipe": {"path": "/run/envoy/admin.sock", "mode": 0o600}}


@pytest.mark.parametrize("name", CASES)
def test_nothing_in_it_fails_open(name: str) -> None:
    text = render(CASES[name]).replace(" ", "")
    for word in (
        '"disabled"',
        '"failure_mode_allow":true',
        '"allow_partial_message":true',
        '"shadow_mode"',
        "upgrade_configs",
    ):
        assert word not in text
