import pytest
from pydantic_core import PydanticUndefined

from firebreak.model.errors import BadConfig
from firebreak.policy import strict_yaml
from firebreak.settings import KNOWN_PROVIDERS, METRICS_VARIABLE, WORKER_VARIABLE, Settings, host_port, load


def config(tmp_path, text):
    path = tmp_path / "firebreak.yaml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_nothing_given_is_the_safe_default():
    settings = load({"HOME": "/root", "PATH": "/bin"})
    assert settings == Settings()
    assert settings.audit_sync == "fdatasync"
    assert settings.http_listen.startswith("127.0.0.1:")
    assert settings.envoy_listen.startswith("127.0.0.1:")


def test_every_option_has_a_default_and_a_description():
    for name, field in Settings.model_fields.items():
        assert field.description, name
        assert field.default is not PydanticUndefined, name


def test_the_environment_goes_before_the_file(tmp_path):
    file = config(tmp_path, "workers: 2\ndrain_s: 7\n")
    settings = load({"FIREBREAK_WORKERS": "3"}, file)
    assert (settings.workers, settings.drain_s) == (3, 7)


def test_the_file_may_be_named_in_the_environment(tmp_path):
    assert load({"FIREBREAK_CONFIG": config(tmp_path, "workers: 2\n")}).workers == 2


def test_events_need_to_know_which_pod_they_are_about():
    pod = {"FIREBREAK_POD_NAME": "web-1", "FIREBREAK_POD_NAMESPACE": "shop", "FIREBREAK_POD_UID": "u"}
    assert load({"FIREBREAK_KUBERNETES_EVENTS": "true", **pod}).kubernetes_events
    for name in pod:
        with pytest.raises(BadConfig, match="downward API"):
            load({"FIREBREAK_KUBERNETES_EVENTS": "true", **{key: pod[key] for key in pod if key != name}})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FIREBREAK_CALLER_TOKEN_HEADER", "authorization"),
        ("FIREBREAK_CALLER_TOKEN_HEADER", "X-Firebreak-Caller-Token"),
        ("FIREBREAK_CALLER_TOKEN_HEADER", "x-firebreak-a)%"),
        ("FIREBREAK_GATEWAY_TLS_DIR", "tls"),
        ("FIREBREAK_GATEWAY_TLS_DIR", "/tls/"),
    ],
)
def test_who_calls_is_asked_for_by_a_header_of_ours_and_a_folder(name, value):
    with pytest.raises(BadConfig, match=name):
        load({name: value})


def test_envoy_is_told_how_callers_prove_who_they_are():
    options = load(
        {"FIREBREAK_GATEWAY_TLS_DIR": "/tls", "FIREBREAK_CALLER_TOKEN_HEADER": "x-firebreak-caller-token"}
    ).envoy_options()
    assert (options.tls_dir, options.token_header) == ("/tls", "x-firebreak-caller-token")


def test_a_file_that_is_too_long_is_refused_not_cut(tmp_path):
    with pytest.raises(BadConfig, match="characters"):
        load({}, config(tmp_path, "workers: 2\n" + "# padding\n" * (strict_yaml.MAX_CHARACTERS // 10)))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FIREBREAK_PORT", "tcp://10.0.0.1:15080"),
        ("FIREBREAK_SERVICE_HOST", "10.0.0.1"),
        ("FIREBREAK_SERVICE_PORT_PROXY", "15080"),
        ("FIREBREAK_PORT_15080_TCP_ADDR", "10.0.0.1"),
        ("FIREBREAK_TEAM_A_SERVICE_PORT", "15080"),
        ("FIREBREAK_TEAM_A_PORT_15080_TCP", "tcp://10.0.0.1:15080"),
    ],
)
def test_what_kubernetes_sets_for_a_service_of_our_name_is_no_option(name, value):
    assert load({name: value}) == Settings()


@pytest.mark.parametrize("name", ["FIREBREAK_PORTS", "FIREBREAK_PORT", "FIREBREAK_ENVOY_PORT", "FIREBREAK_LISTEN_PORT"])
def test_what_only_looks_like_a_services_address_is_an_error(name):
    with pytest.raises(BadConfig, match="unknown option"):
        load({name: "15080"})


def test_what_the_supervisor_tells_its_workers_is_not_an_option():
    assert load({WORKER_VARIABLE: "1", METRICS_VARIABLE: "/tmp/x"}) == Settings()


@pytest.mark.parametrize(
    ("environment", "place", "words"),
    [
        ({"FIREBREAK_WORKES": "2"}, "FIREBREAK_WORKES", "did you mean 'workers'"),
        ({"FIREBREAK_WORKERS": "zero"}, "FIREBREAK_WORKERS", "integer"),
        ({"FIREBREAK_WORKERS": "0"}, "FIREBREAK_WORKERS", "greater"),
        ({"FIREBREAK_AUDIT_SYNC": "never"}, "FIREBREAK_AUDIT_SYNC", "fdatasync"),
        ({"FIREBREAK_PROVIDERS": "openai,nobody"}, "FIREBREAK_PROVIDERS", "known: openai, anthropic"),
        ({"FIREBREAK_PROVIDERS": "[{name: x, api: openai}]"}, "FIREBREAK_PROVIDERS", "host"),
        ({"FIREBREAK_PROVIDERS": "[]"}, "FIREBREAK_PROVIDERS", "at least 1"),
        ({"FIREBREAK_LISTEN": "127.0.0.1:99999"}, "FIREBREAK_LISTEN", "listen"),
        ({"FIREBREAK_LISTEN": "garbage"}, "FIREBREAK_LISTEN", "neither host:port nor"),
        ({"FIREBREAK_LISTEN": "unix:e.sock"}, "FIREBREAK_LISTEN", "absolute"),
        ({"FIREBREAK_LISTEN": "unix:/", "FIREBREAK_WORKERS": "2"}, "FIREBREAK_LISTEN", "absolute"),
        ({"FIREBREAK_LISTEN": "/run/e.sock"}, "FIREBREAK_LISTEN", "write unix:/run/e.sock"),
        ({"FIREBREAK_LISTEN": "unix:/" + "s" * 105, "FIREBREAK_WORKERS": "2"}, "FIREBREAK_WORKERS", "107"),
        ({"FIREBREAK_HTTP_LISTEN": "x"}, "FIREBREAK_HTTP_LISTEN", "host:port"),
        ({"FIREBREAK_HTTP_LISTEN": "127.0.0.1:\u0661"}, "FIREBREAK_HTTP_LISTEN", "host:port"),
        ({"FIREBREAK_OTLP_ENDPOINT": "http://collector:4317"}, "FIREBREAK_OTLP_ENDPOINT", "host:port"),
        ({"FIREBREAK_ENVOY_ADMIN": "admin.sock"}, "FIREBREAK_ENVOY_ADMIN", "envoy_admin"),
        ({"FIREBREAK_PROVIDERS": "[{name: a, api: openai, host: 'h:80'}]"}, "FIREBREAK_PROVIDERS", "host name"),
        ({"FIREBREAK_PROVIDERS": "[{name: unknown, api: openai, host: h}]"}, "FIREBREAK_PROVIDERS", "unknown"),
        ({"FIREBREAK_MAX_BODY_BYTES": "99999999999"}, "FIREBREAK_MAX_BODY_BYTES", "less"),
    ],
)
def test_a_wrong_variable_is_named(environment, place, words):
    with pytest.raises(BadConfig) as error:
        load(environment)
    assert error.value.place == place
    assert words in str(error.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("workers: 2\nworkes: 3\n", ":2: unknown option 'workes'"),
        ("workers: 2\nworkers: 3\n", ":2"),
        ("- workers\n", "not a mapping"),
        ("workers: [1]\n", ":1: workers"),
        ("providers: [{name: Bad Name, api: openai, host: h}]\n", "providers.0.name"),
        ("providers: [{name: a, api: openai, host: h, tsl: true}]\n", "providers.0.tsl"),
    ],
)
def test_a_wrong_file_is_named_by_line(tmp_path, text, words):
    with pytest.raises(BadConfig) as error:
        load({}, config(tmp_path, text))
    assert words in str(error.value)


def test_a_file_that_is_not_there_is_bad_config(tmp_path):
    with pytest.raises(BadConfig):
        load({}, str(tmp_path / "none.yaml"))


def test_providers_by_name():
    assert load({"FIREBREAK_PROVIDERS": "anthropic"}).providers == (KNOWN_PROVIDERS[1],)


def test_envoy_gets_the_same_limits_and_sockets():
    settings = load(
        {
            "FIREBREAK_PROVIDERS": "[{name: local, api: openai, host: llm.internal, port: 8443, ca_file: /ca.pem}]",
            "FIREBREAK_MAX_BODY_BYTES": "2048",
            "FIREBREAK_CHECK_TIMEOUT_MS": "700",
            "FIREBREAK_LISTEN": "unix:/run/x/engine.sock",
            "FIREBREAK_WORKERS": "2",
            "FIREBREAK_ENVOY_LISTEN": "127.0.0.1:9999",
        }
    )
    options = settings.envoy_options()
    assert options.max_body_bytes == 2048
    assert options.engine_timeout_s == 0.7
    assert options.engine == ("unix:/run/x/engine-0.sock", "unix:/run/x/engine-1.sock")
    assert options.listen_port == 9999
    (provider,) = options.providers
    assert (provider.prefix, provider.host, provider.port, provider.ca_file) == (
        "/local",
        "llm.internal",
        8443,
        "/ca.pem",
    )


@pytest.mark.parametrize(
    ("listen", "workers", "addresses"),
    [
        ("unix:/run/engine.sock", 1, ("unix:/run/engine.sock",)),
        ("unix:/run/engine.sock", 2, ("unix:/run/engine-0.sock", "unix:/run/engine-1.sock")),
        ("unix:/run.d/engine", 2, ("unix:/run.d/engine-0", "unix:/run.d/engine-1")),
        ("127.0.0.1:9000", 2, ("127.0.0.1:9000",)),
    ],
)
def test_each_worker_has_an_address(listen, workers, addresses):
    assert Settings(listen=listen, workers=workers).engine_addresses() == addresses


def test_the_caller_comes_from_the_downward_api():
    caller = load(
        {"FIREBREAK_POD_NAME": "p", "FIREBREAK_POD_NAMESPACE": "n", "FIREBREAK_SERVICE_ACCOUNT": "s"}
    ).caller()
    assert (caller.pod, caller.namespace, caller.service_account) == ("p", "n", "s")


@pytest.mark.parametrize(("text", "parsed"), [("127.0.0.1:80", ("127.0.0.1", 80)), ("[::1]:80", ("::1", 80))])
def test_host_and_port(text, parsed):
    assert host_port("x", text) == parsed


@pytest.mark.parametrize("text", ["80", ":80", "host", "host:", "host:port", "host:99999"])
def test_not_a_host_and_port(text):
    with pytest.raises(BadConfig):
        host_port("http_listen", text)


EGRESS = {"FIREBREAK_EGRESS_LISTEN": "127.0.0.1:15083"}


def test_without_a_listener_there_is_no_egress_lock() -> None:
    assert load({"FIREBREAK_EGRESS_ALLOW": "pypi.org"}).envoy_options().egress is None


def test_the_egress_lock_knows_what_the_proxy_leads_to() -> None:
    settings = load(EGRESS | {"FIREBREAK_EGRESS_ALLOW": "pypi.org, any"})
    egress = settings.envoy_options().egress
    assert egress is not None
    assert (egress.listen, egress.names, egress.anywhere) == ((("127.0.0.1", 15083),), ("pypi.org",), True)
    assert set(egress.refused) == {"api.openai.com", "api.anthropic.com"}
    locked = settings.lock_options("nameserver 10.96.0.10\n")
    assert (locked.listen, locked.intercepted, locked.public) == (egress.listen, (443,), (80, 443))
    assert [str(network) for network in locked.resolvers] == ["10.96.0.10/32"]


def test_name_servers_can_be_closed_to_the_application() -> None:
    locked = load(EGRESS | {"FIREBREAK_EGRESS_DNS": "false"}).lock_options("nameserver 10.96.0.10\n")
    assert locked.resolvers == ()


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("LISTEN", "0.0.0.0:15083"),
        ("ALLOW", "api.openai.com"),
        ("ALLOW", "localhost"),
        ("NETWORKS", "10.0.0.1/8"),
        ("REFUSE", "nowhere"),
        ("PORTS", "http"),
        ("DNS", "perhaps"),
    ],
)
def test_a_wrong_option_of_the_egress_lock_is_named(option: str, value: str) -> None:
    with pytest.raises(BadConfig) as caught:
        load(EGRESS | {f"FIREBREAK_EGRESS_{option}": value})
    assert caught.value.place == f"FIREBREAK_EGRESS_{option}"
