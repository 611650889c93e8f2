"""Keys that Envoy puts in: the provider gets them, the service and the client do not, and without one nothing leaves."""

import contextlib
import dataclasses
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.contract.stub_engine import StubEngine
from tests.contract.upstream import Upstream
from tests.contract.wire import Answer, post

from firebreak.cli.envoy import run
from firebreak.edge.envoy.credentials import BY_API, CREDENTIAL_HEADERS
from firebreak.edge.envoy.options import EnvoyOptions, Provider
from firebreak.local.process import short_folder
from firebreak.local.stack import EnvoyProcess

KEY, NEXT, OWN = "sk-of-the-company", "sk-of-tomorrow", "sk-of-the-app"


@dataclasses.dataclass
class Keys:
    """A Secret as the kubelet mounts it: a folder that is swapped whole, and then links into it for what is new."""

    folder: Path
    swaps: int = 0

    def put(self, **keys: str) -> None:
        self.swaps += 1
        fresh = self.folder / f"..{self.swaps}"
        fresh.mkdir()
        for name, key in keys.items():
            (fresh / name).write_text(key, encoding="utf-8")
        link = self.folder / "..data_tmp"
        link.symlink_to(fresh.name)
        link.replace(self.folder / "..data")
        for name in keys:
            if not os.path.lexists(self.folder / name):
                (self.folder / name).symlink_to(f"..data/{name}")


@pytest.fixture(scope="module")
def keys() -> Iterator[Keys]:
    with short_folder() as folder:
        yield Keys(folder)


@contextlib.contextmanager
def started(options: EnvoyOptions, keys: Keys) -> Iterator[EnvoyProcess]:
    """With both files that `firebreak envoy --output` writes."""
    with short_folder() as own:
        changed = dataclasses.replace(
            options,
            providers=tuple(
                Provider(api, api, "127.0.0.1", f"/{api}", options.providers[0].port, tls=False) for api in BY_API
            ),
            admin_socket=str(own / "admin.sock"),
            credentials_dir=str(keys.folder),
        )
        assert run(changed, own / "written.yaml") == 0
        with EnvoyProcess(changed, own, config=(own / "written.yaml").read_text(encoding="utf-8")) as process:
            yield process


@pytest.fixture(scope="module")
def proxy(options: EnvoyOptions, keys: Keys, shared_engine: StubEngine) -> Iterator[EnvoyProcess]:
    keys.put(**dict.fromkeys(BY_API, KEY))
    with started(options, keys) as process:
        yield process


def ask(proxy: EnvoyProcess, api: str, *headers: str) -> Answer:
    return post(proxy.port, f"/{api}/v1/chat/completions", b"{}", *headers)


def until(proxy: EnvoyProcess, upstream: Upstream, holds: Callable[[Answer], bool], api: str = "openai") -> None:
    """Asks again until Envoy has noticed what happened in the folder."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        upstream.reset()
        if holds(ask(proxy, api)):
            return
        time.sleep(0.05)
    pytest.fail("Envoy did not notice")


@pytest.mark.parametrize(("api", "form"), [(api, f"{form[1]}{KEY}") for api, form in BY_API.items()])
def test_the_provider_gets_the_key_in_its_own_header(
    proxy: EnvoyProcess, engine: StubEngine, upstream: Upstream, api: str, form: str
) -> None:
    assert ask(proxy, api).status == 200
    assert upstream.requests[0].all(BY_API[api][0]) == [form]


@pytest.mark.parametrize("api", BY_API)
def test_what_the_application_sends_as_a_key_goes_no_further(
    proxy: EnvoyProcess, engine: StubEngine, upstream: Upstream, api: str
) -> None:
    sent = [f"{name}: {OWN}" for name in CREDENTIAL_HEADERS]
    assert ask(proxy, api, *sent, f"{BY_API[api][0]}: {OWN}-twice").status == 200
    assert OWN.encode() not in upstream.received
    kept = {name: upstream.requests[0].all(name) for name in CREDENTIAL_HEADERS if upstream.requests[0].all(name)}
    assert kept == {BY_API[api][0]: [BY_API[api][1] + KEY]}


def test_neither_the_service_nor_the_client_nor_a_log_sees_it(
    proxy: EnvoyProcess, engine: StubEngine, upstream: Upstream
) -> None:
    answer = ask(proxy, "openai")
    assert KEY.encode() not in engine.checks[0].SerializeToString()
    assert KEY not in str(answer.headers)
    line = proxy.wait_for_log(lambda it: it["request_id"] == answer.headers["x-request-id"])
    assert KEY not in str(line)
    assert KEY not in proxy.admin("/config_dump")


def test_a_request_that_is_refused_gets_no_key(proxy: EnvoyProcess, engine: StubEngine, upstream: Upstream) -> None:
    assert post(proxy.port, "/nowhere", b"{}").status == 403
    assert not upstream.received


def test_a_new_key_is_used_without_a_restart(
    proxy: EnvoyProcess, keys: Keys, engine: StubEngine, upstream: Upstream
) -> None:
    keys.put(**dict.fromkeys(BY_API, f"{NEXT}\n"))
    until(proxy, upstream, lambda _: upstream.requests[0].all("authorization") == [f"Bearer {NEXT}"])
    keys.put(**dict.fromkeys(BY_API, KEY))
    until(proxy, upstream, lambda _: upstream.requests[0].all("authorization") == [f"Bearer {KEY}"])


def test_an_empty_key_sends_nothing(proxy: EnvoyProcess, keys: Keys, engine: StubEngine, upstream: Upstream) -> None:
    keys.put(**dict.fromkeys(BY_API, ""))
    until(proxy, upstream, lambda answer: (answer.status, answer.reason) == (401, "no_credential"))
    assert not upstream.received
    keys.put(**dict.fromkeys(BY_API, KEY))
    until(proxy, upstream, lambda answer: answer.status == 200)


def test_a_provider_without_a_key_gets_nothing_until_it_has_one(
    options: EnvoyOptions, engine: StubEngine, upstream: Upstream
) -> None:
    with short_folder() as folder:
        own = Keys(folder)
        own.put(anthropic=KEY)
        with started(options, own) as proxy:
            answer = ask(proxy, "openai", f"authorization: Bearer {OWN}")
            assert (answer.status, answer.reason) == (401, "no_credential")
            assert answer.json["error"]["code"] == "no_credential"
            assert not upstream.received
            own.put(anthropic=KEY, openai=KEY, azure_openai=KEY)
            until(proxy, upstream, lambda answer: answer.status == 200)


def test_without_the_folder_nothing_is_sent(options: EnvoyOptions, engine: StubEngine, upstream: Upstream) -> None:
    with short_folder() as folder, started(options, Keys(folder / "absent")) as proxy:
        assert (ask(proxy, "openai").status, upstream.received) == (401, bytearray())
