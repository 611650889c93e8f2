import pytest

from firebreak.edge.envoy.access_log import FIELDS, access_logs
from firebreak.edge.envoy.options import EnvoyOptions, Provider

PROVIDERS = (Provider("openai", "openai", "api.openai.com", "/openai"),)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/dev/stdout", "envoy.access_loggers.stdout"),
        ("/dev/stderr", "envoy.access_loggers.stderr"),
        ("/var/log/access.log", "envoy.access_loggers.file"),
    ],
)
def test_the_log_goes_where_the_options_say(path: str, name: str) -> None:
    (log,) = access_logs(EnvoyOptions(providers=PROVIDERS, access_log=path))
    assert log["name"] == name
    assert log["typed_config"]["log_format"]["json_format"] == FIELDS
    assert log["typed_config"].get("path", path) == path


def test_a_collector_gets_the_same_fields() -> None:
    _, copy = access_logs(EnvoyOptions(providers=PROVIDERS, otlp="collector:4317"))
    values = [each["value"]["string_value"] for each in copy["typed_config"]["attributes"]["values"]]
    assert values == [text for field, text in FIELDS.items() if field != "ts"]


@pytest.mark.parametrize("field", ["decision", "rule", "record", "policy"])
def test_the_decision_is_in_every_line(field: str) -> None:
    assert FIELDS[field] == f"%DYNAMIC_METADATA(envoy.filters.http.ext_authz:{field})%"


def test_no_field_shows_a_body_a_query_or_a_credential() -> None:
    text = " ".join(FIELDS.values()).lower()
    for word in ("authorization", "cookie", "api-key", "body", "query", "%req(:path)%"):
        assert word not in text
    assert "(NQ:" in FIELDS["path"]
