import pytest
from tests.unit.pipeline.test_read import exchange

from firebreak.edge.envoy.identity import PROOF_HEADER, URI_HEADER
from firebreak.edge.identity import Identity, workload
from firebreak.model.errors import BadInput, Unavailable
from firebreak.model.exchange import Caller
from firebreak.model.reason import Reason

WEB = "spiffe://cluster.local/ns/shop/sa/web"
TOKENS = {
    "web": Caller(namespace="shop", service_account="web", pod="web-1"),
    "other": Caller(namespace="other", service_account="web"),
}


async def review(token):
    if token == "away":
        raise Unavailable("no API")
    if token not in TOKENS:
        raise BadInput(Reason.CALLER_TOKEN, "token")
    return TOKENS[token]


def asked(uri="", token=""):
    headers = {"content-type": "application/json", URI_HEADER: uri, PROOF_HEADER: token}
    return exchange(headers={name: value for name, value in headers.items() if value}, caller=Caller(pod="gateway"))


async def test_a_certificate_with_a_spiffe_id_is_the_caller():
    found = await Identity(certificate=True, review=None)(asked(WEB, "web"))
    assert found.caller == Caller(namespace="shop", service_account="web", spiffe_id=WEB)
    assert found.fault is None
    assert found.headers == {"content-type": "application/json"}


async def test_a_token_is_the_caller():
    found = await Identity(certificate=False, review=review)(asked(WEB, "web"))
    assert found.caller == TOKENS["web"]
    assert found.headers == {"content-type": "application/json"}


async def test_both_are_one_caller():
    found = await Identity(certificate=True, review=review)(asked(WEB, "web"))
    assert found.caller == Caller(pod="web-1", namespace="shop", service_account="web", spiffe_id=WEB)


async def test_a_workload_that_is_no_service_account_goes_with_any_token():
    found = await Identity(certificate=True, review=review)(asked("spiffe://vm.example/billing", "other"))
    assert found.caller == Caller(namespace="other", service_account="web", spiffe_id="spiffe://vm.example/billing")


@pytest.mark.parametrize(
    ("certificate", "uri", "token", "fault"),
    [
        (True, "", "", Reason.CALLER_CERTIFICATE),
        (True, "https://shop.example/", "", Reason.CALLER_CERTIFICATE),
        (True, "", "web", Reason.CALLER_CERTIFICATE),
        (True, WEB, "", Reason.CALLER_TOKEN),
        (True, WEB, "other", Reason.CALLER_TOKEN),
        (False, WEB, "", Reason.CALLER_TOKEN),
        (False, "", "wrong", Reason.CALLER_TOKEN),
        (False, "", "away", Reason.CALLER_UNAVAILABLE),
    ],
)
async def test_who_proves_nothing_is_nobody(certificate, uri, token, fault):
    found = await Identity(certificate=certificate, review=review)(asked(uri, token))
    assert found.fault is fault
    assert found.caller == Caller()
    assert found.headers == {"content-type": "application/json"}


async def test_what_was_wrong_already_stays_wrong():
    found = await Identity(certificate=True, review=None)(
        exchange(headers={URI_HEADER: WEB}, fault=Reason.BODY_TRUNCATED)
    )
    assert found.fault is Reason.BODY_TRUNCATED


@pytest.mark.parametrize(
    ("uri", "caller"),
    [
        (WEB, Caller(namespace="shop", service_account="web", spiffe_id=WEB)),
        ("spiffe://a/b", Caller(spiffe_id="spiffe://a/b")),
        ("spiffe://a/ns/shop/sa/web/x", Caller(spiffe_id="spiffe://a/ns/shop/sa/web/x")),
        ("spiffe://a/x/ns/shop/sa/web", Caller(spiffe_id="spiffe://a/x/ns/shop/sa/web")),
        ("spiffe://a/ns/Shop/sa/web", Caller(spiffe_id="spiffe://a/ns/Shop/sa/web")),
    ],
)
def test_only_the_path_of_a_service_account_names_one(uri, caller):
    assert workload(uri) == caller


@pytest.mark.parametrize(
    "uri",
    [
        "",
        "spiffe://",
        "spiffe://cluster.local",
        "spiffe://cluster.local/",
        "spiffe://cluster.local/ns/shop/sa/web/",
        "spiffe://cluster.local/ns//sa/web",
        "spiffe://cluster.local/ns/../sa/web",
        "spiffe://cluster.local/./ns/shop/sa/web",
        "spiffe://Cluster.local/ns/shop/sa/web",
        "spiffe://user@cluster.local/ns/shop/sa/web",
        "spiffe://cluster.local:80/ns/shop/sa/web",
        "SPIFFE://cluster.local/ns/shop/sa/web",
        f"{WEB}?x",
        f"{WEB}#x",
        f"{WEB},{WEB}",
        f"{WEB}\n",
        f"https://x,{WEB}",
        "spiffe://a/" + "b" * 2048,
    ],
)
def test_anything_else_names_no_workload(uri):
    with pytest.raises(BadInput) as caught:
        workload(uri)
    assert caught.value.reason is Reason.CALLER_CERTIFICATE
