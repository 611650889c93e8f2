import json

import pytest

from firebreak.codecs.registry import APIS
from firebreak.edge.envoy.credentials import BY_API, CREDENTIAL_HEADERS, credential_filters, secret_files
from firebreak.edge.envoy.options import EnvoyOptions, Provider

OPENAI = Provider("openai", "openai", "api.openai.com", "/openai")
CLAUDE = Provider("claude", "anthropic", "api.anthropic.com", "/claude")
WITHOUT = EnvoyOptions(providers=(OPENAI, CLAUDE), admin_socket="/run/firebreak/admin.sock")
WITH = EnvoyOptions(
    providers=(OPENAI, CLAUDE), admin_socket="/run/firebreak/admin.sock", credentials_dir="/etc/firebreak/credentials"
)


def test_every_api_has_the_header_that_its_key_stands_in() -> None:
    assert BY_API.keys() == set(APIS)
    assert {header for header, _ in BY_API.values()} <= set(CREDENTIAL_HEADERS)


def test_where_the_application_has_its_keys_nothing_is_changed() -> None:
    assert credential_filters(OPENAI, WITHOUT) == []


@pytest.mark.parametrize(
    ("provider", "header", "prefix"), [(OPENAI, "authorization", "Bearer "), (CLAUDE, "x-api-key", "")]
)
def test_the_clients_credentials_go_before_the_key_comes(provider: Provider, header: str, prefix: str) -> None:
    taken, put = credential_filters(provider, WITH)
    removed = [each["remove"] for each in taken["typed_config"]["mutations"]["request_mutations"]]
    assert removed == list(CREDENTIAL_HEADERS)
    generic = put["typed_config"]["credential"]["typed_config"]
    assert (generic["header"], generic["header_value_prefix"]) == (header, prefix)
    assert generic["credential"]["name"] == f"credential_{provider.name}"


def test_without_a_key_nothing_is_sent() -> None:
    put = credential_filters(OPENAI, WITH)[1]["typed_config"]
    assert put["allow_request_without_credential"] is False
    assert put["overwrite"] is True


def test_a_key_is_read_again_every_second() -> None:
    generic = credential_filters(OPENAI, WITH)[1]["typed_config"]["credential"]["typed_config"]
    assert generic["credential"]["sds_config"]["path_config_source"] == {
        "path": "/run/firebreak/credential_openai.json",
        "poll_interval": "1s",
    }


def test_a_file_for_each_provider_says_where_its_key_lies() -> None:
    """Envoy takes one secret a file."""
    listed = {file: json.loads(text)["resources"] for file, text in secret_files(WITH).items()}
    assert [(file, it["name"], it["generic_secret"]["secret"]) for file, (it,) in listed.items()] == [
        (
            "/run/firebreak/credential_openai.json",
            "credential_openai",
            {"filename": "/etc/firebreak/credentials/openai"},
        ),
        (
            "/run/firebreak/credential_claude.json",
            "credential_claude",
            {"filename": "/etc/firebreak/credentials/claude"},
        ),
    ]
    assert secret_files(WITHOUT) == {}
