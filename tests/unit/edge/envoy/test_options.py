import dataclasses

import pytest

from firebreak.edge.envoy.options import Address, EnvoyOptions, Overload, Provider, parse_address
from firebreak.model.errors import BadConfig

OPENAI = Provider("openai", "openai", "api.openai.com", "/openai")
OPTIONS = EnvoyOptions(providers=(OPENAI,))


@pytest.mark.parametrize(
    "change",
    [
        {"name": ""},
        {"name": "Open AI"},
        {"api": "teapot"},
        {"host": "https://api.openai.com"},
        {"host": "a b"},
        {"host": ""},
        {"prefix": "openai"},
        {"prefix": "/"},
        {"prefix": "/openai/"},
        {"prefix": "/../x"},
        {"path_rewrite": ""},
        {"path_rewrite": "/v1"},
        {"path_rewrite": "/../"},
        {"path_rewrite": "//"},
        {"port": 0},
        {"port": 65536},
        {"ca_file": ""},
    ],
)
def test_a_provider_that_cannot_be_reached_safely_is_refused(change: dict) -> None:
    with pytest.raises(BadConfig):
        dataclasses.replace(OPENAI, **change)


def test_a_provider_without_tls_needs_no_authorities() -> None:
    assert dataclasses.replace(OPENAI, tls=False, ca_file="").ca_file == ""


@pytest.mark.parametrize(
    "change",
    [
        {"providers": ()},
        {"providers": (OPENAI, OPENAI)},
        {"providers": (OPENAI, dataclasses.replace(OPENAI, name="other"))},
        {"engine": ()},
        {"engine": ("nonsense",)},
        {"engine": ("/" + "x" * 107,)},
        {"admin_socket": "relative.sock"},
        {"otlp": "http://collector:4317"},
        {"listen_host": "all of them"},
        {"listen_port": -1},
        {"max_body_bytes": 0},
        {"max_body_bytes": (1 << 30) + 1},
        {"engine_timeout_s": 0},
        {"engine_timeout_s": float("nan")},
        {"request_timeout_s": 1e9},
        {"access_log": "access.log"},
    ],
)
def test_options_that_would_open_or_break_the_sidecar_are_refused(change: dict) -> None:
    with pytest.raises(BadConfig):
        dataclasses.replace(OPTIONS, **change)


@pytest.mark.parametrize("change", [{"max_heap_bytes": 1024}, {"max_connections": 0}])
def test_limits_that_stop_envoy_itself_are_refused(change: dict) -> None:
    with pytest.raises(BadConfig):
        Overload(**change)


def test_an_error_names_the_place_and_the_mend() -> None:
    with pytest.raises(BadConfig, match=r"provider 'x': no such api 'y'; use one of openai"):
        Provider("x", "y", "h", "/x")


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("/run/a.sock", Address(path="/run/a.sock")),
        ("unix:/run/a.sock", Address(path="/run/a.sock")),
        ("unix:///run/a.sock", Address(path="/run/a.sock")),
        ("localhost:9000", Address(host="localhost", port=9000)),
        ("[::1]:9000", Address(host="::1", port=9000)),
    ],
)
def test_addresses_are_read_as_grpc_writes_them(text: str, address: Address) -> None:
    assert parse_address(text) == address


@pytest.mark.parametrize("text", ["", "a", "a:", ":1", "a:b", "a:0", "a:99999", "unix:relative", "/a\0b", "a:1:2:x"])
def test_other_addresses_are_refused(text: str) -> None:
    with pytest.raises(BadConfig):
        parse_address(text)


def test_a_socket_path_fits_up_to_the_kernels_limit() -> None:
    assert parse_address("/" + "x" * 106).path


def test_the_service_takes_messages_as_large_as_envoy_may_send() -> None:
    headers_bytes = 64 * 1024
    assert OPTIONS.engine_message_bytes > OPTIONS.max_body_bytes + headers_bytes


def test_the_defaults_listen_to_nobody_else() -> None:
    assert (OPTIONS.listen_host, OPTIONS.listen_port) == ("127.0.0.1", 15080)
    assert OPTIONS.max_body_bytes == 8 * 1024 * 1024
