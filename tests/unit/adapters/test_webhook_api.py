import base64

import pytest
from tests.unit.adapters.kube_memory import CONFIGURATION, SECRET, KubeMemory

from firebreak.adapters.certificates import Pair
from firebreak.adapters.kubernetes_api import ApiUnavailable
from firebreak.adapters.webhook_api import Kept, SharedSecret, place

KEPT = Kept(Pair(b"certificate", b"key"), b"bundle")
NEXT = Kept(Pair(b"certificate", b"key"), b"bundle", Pair(b"c2", b"k2"))


def shared(api):
    return SharedSecret(api, "firebreak", "certificate")


async def test_a_secret_is_made_read_and_changed() -> None:
    api = KubeMemory()
    secret = shared(api)
    assert await secret.read() is None
    assert await secret.write(KEPT)
    assert api.objects[SECRET]["type"] == "kubernetes.io/tls"
    assert await secret.read() == KEPT
    assert await secret.write(NEXT)
    assert await shared(api).read() == NEXT
    assert await secret.read() == NEXT
    assert await secret.write(KEPT)
    assert await secret.read() == KEPT


async def test_the_chart_s_empty_secret_is_filled_and_keeps_its_labels() -> None:
    api = KubeMemory()
    api.put(SECRET, {"type": "Opaque", "metadata": {"name": "certificate", "labels": {"a": "b"}}})
    secret = shared(api)
    assert await secret.read() is None
    assert await secret.write(KEPT)
    assert (api.objects[SECRET]["type"], api.objects[SECRET]["metadata"]["labels"]) == ("Opaque", {"a": "b"})


@pytest.mark.parametrize("data", [{}, [], {"tls.crt": "YQ=="}, {"tls.crt": "%", "tls.key": "YQ==", "ca.crt": 7}])
async def test_what_is_not_all_of_it_is_nothing(data) -> None:
    api = KubeMemory()
    api.put(SECRET, {"data": data})
    assert await shared(api).read() is None


async def test_who_is_slower_is_told() -> None:
    api = KubeMemory()
    one, two = shared(api), shared(api)
    assert await one.read() is None
    assert await two.read() is None
    assert await one.write(KEPT)
    assert not await two.write(NEXT)
    assert await two.read() == KEPT
    await one.read()
    assert await two.write(NEXT)
    assert not await one.write(KEPT)
    del api.objects[SECRET]
    assert not await two.write(KEPT)


@pytest.mark.parametrize("status", [0, 403, 500])
async def test_other_answers_are_for_the_caller(status) -> None:
    api = KubeMemory()
    api.down = status
    for call in (shared(api).read(), shared(api).write(KEPT), place(api, "injector", b"b")):
        with pytest.raises(ApiUnavailable) as error:
            await call
        assert error.value.status == status


def bundles(api):
    return [
        base64.b64decode(each["clientConfig"].get("caBundle", "")) for each in api.objects[CONFIGURATION]["webhooks"]
    ]


async def test_every_webhook_trusts_the_bundle_and_only_that_changes() -> None:
    api = KubeMemory()
    assert await place(api, "injector", b"bundle")
    assert bundles(api) == [b"bundle", b"bundle"]
    assert api.objects[CONFIGURATION]["webhooks"][1]["clientConfig"]["service"] == {"name": "s"}
    before = len(api.calls)
    assert await place(api, "injector", b"bundle")
    assert api.calls[before:] == [("GET", CONFIGURATION)]


async def test_a_configuration_that_changed_meanwhile_is_left_alone() -> None:
    api = KubeMemory()
    changed = {**api.objects[CONFIGURATION], "webhooks": [{"name": "new"}]}
    api.meanwhile = lambda: api.put(CONFIGURATION, changed)
    assert not await place(api, "injector", b"bundle")
    assert api.objects[CONFIGURATION]["webhooks"] == [{"name": "new"}]
    assert await place(api, "injector", b"bundle")


async def test_a_refused_change_is_for_the_caller() -> None:
    api = KubeMemory()

    def deny():
        api.down = 403

    class Denying(KubeMemory):
        async def request(self, method, path, body=None, content_type="application/json"):
            if method == "PATCH":
                raise ApiUnavailable(403, "Forbidden", "no")
            return await super().request(method, path, body, content_type)

    with pytest.raises(ApiUnavailable):
        await place(Denying(), "injector", b"bundle")
