import pytest
from tests.unit.kube.pods import APP, options

from firebreak.codecs.registry import APIS
from firebreak.kube.addition import Addition
from firebreak.kube.base_urls import VARIABLES, additions, notes, values
from firebreak.kube.options import Destination
from firebreak.kube.report import Remark

OPENAI = "http://127.0.0.1:15080/openai/v1"


def added(*containers):
    return additions({"containers": [{**APP, **each} for each in containers]}, options(providers="openai"))


def remarks(spec, providers="openai"):
    return [(note.remark, note.detail) for note in notes(spec, options(providers=providers))]


def test_every_api_has_a_variable() -> None:
    """The address of an MCP server, or of an API that nobody knows, is told to each client in its own way."""
    assert set(VARIABLES) == set(APIS) - {"mcp", "generic"}


def test_each_api_leads_to_its_provider_below_its_prefix() -> None:
    found = values(
        (
            Destination("openai", "openai", "/openai"),
            Destination("claude", "anthropic", "/models/claude"),
            Destination("eu", "azure_openai", "/eu"),
            *(Destination(api, api, f"/{api}") for api in ("gemini", "vertex", "ollama", "mistral", "cohere")),
        )
    )
    assert found == {
        "OPENAI_BASE_URL": OPENAI,
        "ANTHROPIC_BASE_URL": "http://127.0.0.1:15080/models/claude",
        "AZURE_OPENAI_ENDPOINT": "http://127.0.0.1:15080/eu",
        "GOOGLE_GEMINI_BASE_URL": "http://127.0.0.1:15080/gemini",
        "GOOGLE_VERTEX_BASE_URL": "http://127.0.0.1:15080/vertex",
        "OLLAMA_HOST": "http://127.0.0.1:15080/ollama",
        "MISTRAL_BASE_URL": "http://127.0.0.1:15080/mistral/v1",
        "CO_API_URL": "http://127.0.0.1:15080/cohere",
    }


def test_only_configured_providers_have_one() -> None:
    assert values(()) == {}


@pytest.mark.parametrize(
    ("names", "chosen"), [(("local", "openai"), "openai"), (("local", "other"), "local"), (("local",), "local")]
)
def test_of_several_the_one_named_like_its_api_or_the_first(names, chosen) -> None:
    destinations = tuple(Destination(name, "openai", f"/{name}") for name in names)
    assert values(destinations)["OPENAI_BASE_URL"] == f"http://127.0.0.1:15080/{chosen}/v1"


def test_several_of_one_api_are_noted() -> None:
    text = "[{name: a, api: openai, host: a.example}, {name: b, api: openai, host: b.example}]"
    assert remarks({}, text) == [(Remark.SEVERAL_PROVIDERS, "OPENAI_BASE_URL leads to a")]


def test_a_container_without_variables_gets_a_list_and_one_with_some_an_entry() -> None:
    entry = {"name": "OPENAI_BASE_URL", "value": OPENAI}
    assert added({}, {"env": [{"name": "A"}]}, {"env": None}) == [
        Addition(("spec", "containers", 0, "env"), [entry]),
        Addition(("spec", "containers", 1, "env", "-"), entry),
        Addition(("spec", "containers", 2, "env"), [entry]),
    ]


@pytest.mark.parametrize("own", [{"value": "https://x.example"}, {"valueFrom": {}}, {}])
def test_an_own_value_is_kept_and_noted(own) -> None:
    container = {**APP, "env": [{"name": "OPENAI_BASE_URL", **own}]}
    assert added(container) == []
    assert remarks({"containers": [container]}) == [(Remark.BASE_URL_KEPT, "container app, OPENAI_BASE_URL")]


def test_an_own_value_that_is_ours_is_no_news() -> None:
    container = {**APP, "env": [{"name": "OPENAI_BASE_URL", "value": OPENAI}]}
    assert added(container) == []
    assert remarks({"containers": [container]}) == []


def test_what_may_surprise_is_noted() -> None:
    spec = {
        "initContainers": [{"name": "first"}],
        "containers": [{**APP, "envFrom": [{"secretRef": {"name": "s"}}], "env": [{"name": "http_proxy"}]}],
    }
    assert remarks(spec) == [
        (Remark.ENV_FROM, "container app"),
        (Remark.HTTP_PROXY, "container app"),
        (Remark.INIT_CONTAINERS, ""),
    ]


def test_a_proxy_that_leaves_loopback_alone_is_no_news() -> None:
    env = [{"name": "HTTP_PROXY", "value": "http://p"}, {"name": "no_proxy", "value": "a,127.0.0.1"}]
    assert remarks({"containers": [{**APP, "env": env}]}) == []
