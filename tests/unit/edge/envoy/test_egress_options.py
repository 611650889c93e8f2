import re

import pytest

from firebreak.edge.envoy.egress_options import NAME, Egress, pattern, read_allow, read_listen
from firebreak.edge.envoy.llm_hosts import LLM_HOSTS
from firebreak.model.errors import BadConfig

LISTEN = (("127.0.0.1", 15083),)


@pytest.mark.parametrize(
    "name", ["pypi.org", "*.example.com", "a-b.c_d.example", "xn--bcher-kva.example", "*.azure.com"]
)
def test_names_that_can_be_allowed(name: str) -> None:
    assert Egress(LISTEN, (name,)).names == (name,)


@pytest.mark.parametrize(
    "name",
    [
        *(
            "localhost",
            "10.0.0.1",
            "1.1",
            "0x7f.1",
            "::1",
            "example.com.",
            ".example.com",
            "*",
            "*.",
            "*.*.example.com",
        ),
        *(
            "a.*.example.com",
            "exam ple.com",
            "-a.com",
            "a..com",
            "https://example.com",
            "example.com:443",
            "b\u00fccher.example",
        ),
        *("*.com\n", "x" * 250 + ".com", "EXAMPLE.com"),
    ],
)
def test_what_is_no_full_name_is_said(name: str) -> None:
    with pytest.raises(BadConfig, match="egress_allow"):
        Egress(LISTEN, (name,))


@pytest.mark.parametrize(
    "name", ["api.openai.com", "x.openai.azure.com", "bedrock-runtime.eu-west-1.amazonaws.com", "llm.corp.example"]
)
def test_a_host_of_models_cannot_be_allowed(name: str) -> None:
    with pytest.raises(BadConfig, match="serves models"):
        Egress(LISTEN, (name,), refused=("llm.corp.example",))


def test_a_host_of_models_under_an_allowed_suffix_stays_refused() -> None:
    assert "api.openai.com" in Egress(LISTEN, ("*.openai.com",)).llm_hosts


def test_there_is_an_end_to_names() -> None:
    with pytest.raises(BadConfig, match="more than"):
        Egress(LISTEN, tuple(f"a{number}.example" for number in range(257)))


def test_the_allowed_names_are_read_in_lower_case_and_once() -> None:
    assert read_allow(" PyPI.org, pypi.org,, *.Example.com ") == (("pypi.org", "*.example.com"), False)
    assert read_allow("any, pypi.org") == (("pypi.org",), True)
    assert read_allow("") == ((), False)


def test_listening_addresses_are_read() -> None:
    assert read_listen("127.0.0.1:15083, [::1]:15084") == (("127.0.0.1", 15083), ("::1", 15084))


@pytest.mark.parametrize(
    "text",
    ["", "15083", "0.0.0.0:1", "[::]:1", "::1:15083", "127.0.0.1:0", "127.0.0.1:65536", "127.0.0.1:1,127.0.0.1:2"],
)
def test_it_listens_on_loopback_only(text: str) -> None:
    with pytest.raises(BadConfig, match="egress_listen"):
        read_listen(text)


@pytest.mark.parametrize(
    "host",
    [
        *("eu.api.openai.com", "api.anthropic.com", "corp.openai.azure.com", "us-central1-aiplatform.googleapis.com"),
        *("generativelanguage.googleapis.com", "bedrock-runtime.us-east-1.amazonaws.com", "api.mistral.ai"),
        *("vpce-1.bedrock-runtime.us-east-1.vpce.amazonaws.com", "bedrock-runtime-fips.us-gov-west-1.amazonaws.com"),
        *("abc.us-east-1.aws.endpoints.huggingface.cloud", "openrouter.ai", "cloudflare-ech.com"),
    ],
)
def test_hosts_that_serve_models_are_known(host: str) -> None:
    assert any(re.fullmatch(pattern(name), host) for name in LLM_HOSTS)


@pytest.mark.parametrize(
    "host",
    ["openai.com", "s3.us-east-1.amazonaws.com", "storage.googleapis.com", "evil-api.openai.com.example", "pypi.org"],
)
def test_others_are_not_taken_for_one(host: str) -> None:
    assert not any(re.fullmatch(pattern(name), host) for name in LLM_HOSTS)


def test_the_list_has_each_host_once_in_the_form_that_is_compared() -> None:
    assert len(set(LLM_HOSTS)) == len(LLM_HOSTS)
    for name in LLM_HOSTS:
        assert re.fullmatch(NAME, name.replace("*", "x")), name
