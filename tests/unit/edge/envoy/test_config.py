import json

import pytest
from tests.tools.golden_envoy import CASES, GOLDEN

from firebreak.edge.envoy.config import HEADER, config, render
from firebreak.local import envoy_binary


@pytest.mark.parametrize("name", CASES)
def test_the_configuration_is_the_reviewed_one(name: str) -> None:
    """`make golden` writes the files anew; the difference is reviewed like code."""
    assert config(CASES[name]) == json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))


@pytest.mark.contract
@pytest.mark.parametrize(
    "name", [name for name, options in CASES.items() if not (options.credentials_dir or options.tls_dir)]
)
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
