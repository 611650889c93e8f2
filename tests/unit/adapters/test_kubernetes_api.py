"""The client of the Kubernetes API over real TLS: who it trusts, what it says, and every way an answer can be wrong."""

import asyncio
import logging
import sys
from contextlib import asynccontextmanager

import pytest
from cryptography import x509
from tests.unit.adapters.api_server import LOOPBACK, TOKEN, Authority, environment, mount, serving

from firebreak.adapters import kubernetes_api
from firebreak.adapters.kubernetes_api import MAX_ANSWER_BYTES, MERGE_PATCH, ApiUnavailable, KubernetesApi
from firebreak.model.errors import BadConfig, Unavailable

PATH = "/api/v1/namespaces/shop/pods/one"


@pytest.fixture(scope="module")
def authority():
    return Authority()


@asynccontextmanager
async def connected(folder, authority, *, names=(LOOPBACK,), trusted=None, **options):
    async with serving(folder, authority, list(names)) as server:
        account = mount(folder, trusted or authority)
        inside = KubernetesApi.in_cluster(str(account), environment(server.port))
        api = KubernetesApi(inside._url, account / "ca.crt", account / "token", **options) if options else inside
        try:
            yield api, server
        finally:
            await api.close()


async def test_a_request_carries_the_token_and_brings_the_object(tmp_path, authority):
    async with connected(tmp_path, authority) as (api, server):
        server.answers = [(201, {"kind": "Pod"})]
        assert await api.request("POST", PATH + "?dryRun=All", {"a": "ü"}) == {"kind": "Pod"}
        assert api.namespace == "shop"
        (seen,) = server.requests
        assert (seen.method, seen.path, seen.body) == ("POST", PATH + "?dryRun=All", {"a": "ü"})
        assert seen.headers["authorization"] == f"Bearer {TOKEN}"
        assert seen.headers["content-type"] == "application/json"
        assert seen.headers["accept"] == "application/json"


async def test_a_patch_says_its_content_type_and_a_get_has_no_body(tmp_path, authority):
    async with connected(tmp_path, authority) as (api, server):
        await api.request("PATCH", PATH, {}, MERGE_PATCH)
        await api.request("GET", PATH)
        assert [seen.headers["content-type"] for seen in server.requests] == [MERGE_PATCH, "application/json"]
        assert server.requests[1].body is None
        assert server.connections == 1


async def test_a_new_token_is_used_at_once(tmp_path, authority):
    async with connected(tmp_path, authority) as (api, server):
        await api.request("GET", PATH)
        (tmp_path / "account" / "token").write_text("the-second-token\n")
        await api.request("GET", PATH)
        assert [seen.headers["authorization"] for seen in server.requests] == [
            f"Bearer {TOKEN}",
            "Bearer the-second-token",
        ]


async def test_a_new_authority_is_trusted_at_once_and_the_old_no_more(tmp_path, authority):
    async with connected(tmp_path, authority) as (api, server):
        await api.request("GET", PATH)
        (tmp_path / "account" / "ca.crt").write_bytes(Authority("another").pem)
        with pytest.raises(ApiUnavailable, match="cannot be reached: ConnectError"):
            await api.request("GET", PATH)
        (tmp_path / "account" / "ca.crt").write_bytes(authority.pem)
        await api.request("GET", PATH)
        assert len(server.requests) == 2


async def test_a_replaced_client_lives_as_long_as_its_requests(tmp_path, authority):
    async with connected(tmp_path, authority) as (api, server):
        server.delay_s = 0.2
        slow = asyncio.create_task(api.request("GET", PATH))
        await server.asked.wait()
        (tmp_path / "account" / "ca.crt").write_bytes(authority.pem + Authority("next").pem)
        await api.request("GET", PATH)
        assert await slow == {}
        await api.request("GET", PATH)
        assert api._retired == []


@pytest.mark.parametrize("wrong", ["another name", "another authority"])
async def test_a_server_that_is_not_the_clusters_hears_no_token(tmp_path, authority, wrong):
    names = [x509.DNSName("evil.example")] if wrong == "another name" else [LOOPBACK]
    trusted = Authority("real") if wrong == "another authority" else None
    async with connected(tmp_path, authority, names=names, trusted=trusted) as (api, server):
        with pytest.raises(ApiUnavailable, match="cannot be reached: ConnectError") as caught:
            await api.request("GET", PATH)
        assert (caught.value.status, caught.value.reason) == (0, "")
        assert not server.requests


async def test_a_refusal_keeps_the_apis_reason_and_sentence(tmp_path, authority):
    async with connected(tmp_path, authority) as (api, server):
        said = 'Operation cannot be\nfulfilled on secrets "x": the object has been modified\x07'
        server.answers = [(409, {"kind": "Status", "reason": "Conflict", "message": said})]
        with pytest.raises(Unavailable) as caught:
            await api.request("PUT", PATH, {})
        assert isinstance(caught.value, ApiUnavailable)
        assert (caught.value.status, caught.value.reason) == (409, "Conflict")
        assert str(caught.value) == (
            'the Kubernetes API answered 409 Conflict: Operation cannot be fulfilled on secrets "x": '
            "the object has been modified?"
        )


@pytest.mark.parametrize(
    ("answer", "status", "sentence"),
    [
        ((404, {"reason": 3, "message": []}), 404, "answered 404: no sentence"),
        ((403, {"reason": "No Word\n", "message": "x" * 1000}), 403, "answered 403: " + "x" * 300),
        ((500, []), 500, "answered 500: no sentence"),
        ((200, []), 0, "answered 200 with something that is not an object"),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\n{]}", 0, "not an object"),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n" + b"[" * 100_000, 0, "not an object"),
        (b"HTTP/1.1 302 Found\r\nlocation: https://evil.example/\r\ncontent-length: 0\r\n\r\n", 302, "answered 302"),
        (b"nonsense\r\n\r\n", 0, "cannot be reached: RemoteProtocolError"),
        (b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\n{}{}\r\nzz\r\n", 0, "RemoteProtocolError"),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 9000000\r\n\r\n" + b" " * (MAX_ANSWER_BYTES + 1), 0, "more than 4194304"),
    ],
)
async def test_whatever_is_wrong_with_an_answer_is_unavailable(tmp_path, authority, answer, status, sentence):
    async with connected(tmp_path, authority) as (api, server):
        server.answers = [answer]
        with pytest.raises(ApiUnavailable) as caught:
            await api.request("GET", PATH)
        assert caught.value.status == status
        assert sentence in str(caught.value)
        assert len(str(caught.value)) < 400


async def test_a_server_that_does_not_answer_costs_no_more_than_the_timeout(tmp_path, authority):
    async with connected(tmp_path, authority, timeout_s=0.2) as (api, server):
        server.delay_s = 30.0
        with pytest.raises(ApiUnavailable, match="did not answer in time"):
            await api.request("GET", PATH)


async def test_no_server_is_unavailable(tmp_path, authority):
    api = KubernetesApi.in_cluster(str(mount(tmp_path, authority)), environment(1))
    with pytest.raises(ApiUnavailable, match="cannot be reached: ConnectError"):
        await api.request("GET", PATH)
    await api.close()
    await api.close()


@pytest.mark.parametrize(
    ("file", "content", "sentence"),
    [
        ("token", None, "token cannot be read .FileNotFoundError."),
        ("token", b"", "token holds no token"),
        ("token", b"two words", "token holds no token"),
        ("token", b"x\r\nx-evil: 1", "token holds no token"),
        ("token", b"\xff", "token holds no token"),
        ("token", b"t" * 70_000, "token is larger than 65536 bytes"),
        ("ca.crt", None, "ca.crt cannot be read"),
        ("ca.crt", b"", "ca.crt holds no certificate"),
        ("ca.crt", b"\xff", "ca.crt holds no certificate"),
        ("ca.crt", b"-----BEGIN CERTIFICATE-----\nno\n-----END CERTIFICATE-----\n", "ca.crt holds no certificate"),
    ],
)
async def test_a_mount_that_cannot_be_used_is_unavailable(tmp_path, authority, file, content, sentence):
    async with connected(tmp_path, authority) as (api, server):
        path = tmp_path / "account" / file
        path.unlink() if content is None else path.write_bytes(content)
        with pytest.raises(ApiUnavailable, match=sentence):
            await api.request("GET", PATH)
        assert not server.requests


@pytest.mark.parametrize(
    "path", ["", "api/v1", "//evil.example/x", "/api/../x", "/api/v1/pods/a b", "/api\r\nx: 1", "/a@b", "/a/", "/a#b"]
)
async def test_no_other_path_is_asked_for(tmp_path, authority, path):
    async with connected(tmp_path, authority) as (api, server):
        with pytest.raises(ApiUnavailable, match="not a path"):
            await api.request("GET", path)
        assert not server.requests


async def test_no_log_line_holds_the_token(tmp_path, authority, caplog):
    caplog.set_level(logging.DEBUG)
    async with connected(tmp_path, authority) as (api, server):
        server.answers = [(200, {}), (401, {"reason": "Unauthorized", "message": "Unauthorized"}), b"no\r\n\r\n"]
        await api.request("GET", PATH)
        for _ in range(2):
            with pytest.raises(ApiUnavailable) as caught:
                await api.request("GET", PATH)
            assert TOKEN not in str(caught.value)
    assert TOKEN not in caplog.text


def test_outside_a_pod_there_is_no_api(tmp_path):
    with pytest.raises(BadConfig, match="this is no pod"):
        KubernetesApi.in_cluster(str(tmp_path), {})
    with pytest.raises(BadConfig, match="KUBERNETES_SERVICE_PORT"):
        KubernetesApi.in_cluster(
            str(tmp_path), {"KUBERNETES_SERVICE_HOST": "10.0.0.1", "KUBERNETES_SERVICE_PORT": "tcp"}
        )
    with pytest.raises(BadConfig, match="not https"):
        KubernetesApi("http://10.0.0.1", tmp_path / "ca.crt", tmp_path / "token")


def test_an_address_of_ipv6_is_put_in_brackets(tmp_path):
    api = KubernetesApi.in_cluster(str(tmp_path), environment(6443, "fd00::1"))
    assert api._url == "https://[fd00::1]:6443"
    assert api.namespace == ""


def test_without_the_extra_it_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "httpx", None)
    with pytest.raises(BadConfig, match=r"firebreak\[kubernetes\]"):
        KubernetesApi.in_cluster(str(tmp_path), environment(443))


def test_importing_the_client_does_not_import_the_library():
    assert "httpx" not in vars(kubernetes_api)
