"""Tokens and their callers: what is believed and for how long, and what happens when nobody can tell."""

import asyncio
import base64
import json
import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.adapters.api_server import LOOPBACK, Authority, environment, mount, serving

from firebreak.adapters.kubernetes_api import ApiUnavailable, KubernetesApi
from firebreak.adapters.token_review import BURST, MAX_REMEMBERED, MAX_WAITING, Clocks, TokenReviews, expiry, reviewed
from firebreak.model.errors import BadInput, Unavailable
from firebreak.model.exchange import Caller
from firebreak.model.reason import Reason

WEB = Caller(namespace="shop", service_account="web", pod="web-1")
WALL_S = 1_700_000_000.0


def encoded(value):
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def token(number=0, exp=WALL_S + 3600):
    return f"{encoded({'alg': 'RS256'})}.{encoded({'exp': exp, 'jti': number})}.c2ln"


def yes(**changes):
    status = {
        "authenticated": True,
        "audiences": ["firebreak"],
        "user": {
            "username": "system:serviceaccount:shop:web",
            "extra": {"authentication.kubernetes.io/pod-name": ["web-1"]},
        },
    }
    return {"kind": "TokenReview", "status": {**status, **changes}}


NO = {"kind": "TokenReview", "status": {"authenticated": False, "error": "[invalid bearer token]"}}


class FakeApi:
    def __init__(self):
        self.answer = yes()
        self.asked = []
        self.gate = asyncio.Event()
        self.gate.set()

    async def request(self, method, path, body=None, content_type="application/json"):
        self.asked.append((method, path, body))
        await self.gate.wait()
        if isinstance(self.answer, ApiUnavailable):
            raise self.answer
        return self.answer

    async def close(self):
        pass


class FakeCounts:
    def __init__(self):
        self.calls = []

    def kubernetes_call(self, call, result):
        assert call == "token_review"
        self.calls.append(result)

    def event_dropped(self):
        raise AssertionError


class Bench:
    def __init__(self):
        self.api, self.counts = FakeApi(), FakeCounts()
        self.now_s, self.wall_s = 50.0, WALL_S
        self.reviews = TokenReviews(self.api, self.counts, Clocks(lambda: self.now_s, lambda: self.wall_s))

    def pass_time(self, seconds):
        self.now_s += seconds
        self.wall_s += seconds

    async def refused(self, one):
        with pytest.raises(BadInput) as caught:
            await self.reviews.caller(one)
        return caught.value.reason is Reason.CALLER_TOKEN


async def test_the_api_says_whose_a_token_is():
    bench = Bench()
    assert await bench.reviews.caller(token()) == WEB
    ((method, path, body),) = bench.api.asked
    assert (method, path) == ("POST", "/apis/authentication.k8s.io/v1/tokenreviews")
    assert body["spec"] == {"token": token(), "audiences": ["firebreak"]}
    assert bench.counts.calls == ["ok"]


async def test_an_answer_is_believed_for_a_minute():
    bench = Bench()
    for _ in range(3):
        await bench.reviews.caller(token())
        bench.pass_time(19.9)
    assert len(bench.api.asked) == 1
    bench.pass_time(0.5)
    await bench.reviews.caller(token())
    assert len(bench.api.asked) == 2


async def test_an_answer_is_believed_no_longer_than_the_token_lasts():
    bench = Bench()
    one = token(exp=WALL_S + 10)
    await bench.reviews.caller(one)
    bench.pass_time(9)
    await bench.reviews.caller(one)
    bench.pass_time(1)
    assert await bench.refused(one)
    assert len(bench.api.asked) == 1


async def test_a_wall_clock_that_jumps_back_prolongs_nothing():
    bench = Bench()
    await bench.reviews.caller(token())
    bench.wall_s -= 86400
    bench.now_s += 61
    bench.api.answer = NO
    assert await bench.refused(token())


async def test_a_no_is_remembered_for_some_seconds():
    bench = Bench()
    bench.api.answer = NO
    assert await bench.refused(token())
    bench.api.answer = yes()
    bench.pass_time(9)
    assert await bench.refused(token())
    bench.pass_time(1)
    assert await bench.reviews.caller(token()) == WEB


@pytest.mark.parametrize(
    "one",
    ["", "opaque", "a.b", "a.b.c", "a.b.c.d", token() + "\n", token(exp=WALL_S), token(exp="never"), "x" * 20_000],
)
async def test_what_cannot_be_a_token_that_lasts_is_not_even_asked_about(one):
    bench = Bench()
    assert await bench.refused(one)
    assert not bench.api.asked


@pytest.mark.parametrize(
    "answer",
    [
        NO,
        {},
        {"status": None},
        yes(authenticated="true"),
        yes(audiences=[]),
        yes(audiences=["https://kubernetes.default.svc"]),
        yes(audiences=None),
        yes(user=None),
        yes(user={"username": "jane"}),
        yes(user={"username": "system:serviceaccount:shop"}),
        yes(user={"username": "system:serviceaccount:shop:web:x"}),
        yes(user={"username": "system:serviceaccount:sh/op:web"}),
        yes(user={"username": 3}),
    ],
)
def test_only_a_yes_for_our_audience_names_a_service_account(answer):
    assert reviewed(answer) is None


@pytest.mark.parametrize(
    "extra",
    [None, [], {}, {"authentication.kubernetes.io/pod-name": []}, {"authentication.kubernetes.io/pod-name": [1]}],
)
def test_a_token_that_is_bound_to_no_pod_names_none(extra):
    found = reviewed(yes(user={"username": "system:serviceaccount:shop:web", "extra": extra}))
    assert found == Caller(namespace="shop", service_account="web")


async def test_without_the_api_nobody_can_tell_and_no_line_holds_the_token(caplog):
    caplog.set_level(logging.DEBUG)
    bench = Bench()
    bench.api.answer = ApiUnavailable(403, "Forbidden", f"may not review {token()}")
    for _ in range(3):
        with pytest.raises(Unavailable):
            await bench.reviews.caller(token())
    assert [line.getMessage() for line in caplog.records] == ["kubernetes_unavailable"]
    assert token() not in str([vars(line) for line in caplog.records])
    assert bench.counts.calls == ["failed"] * 3
    bench.api.answer = yes()
    assert await bench.reviews.caller(token()) == WEB


async def test_what_is_known_is_known_without_the_api():
    bench = Bench()
    await bench.reviews.caller(token())
    bench.api.answer = ApiUnavailable(0, "", "away")
    assert await bench.reviews.caller(token()) == WEB


async def test_several_that_ask_at_once_ask_together():
    bench = Bench()
    bench.api.gate.clear()
    asking = [asyncio.create_task(bench.reviews.caller(token())) for _ in range(20)]
    await asyncio.sleep(0)
    asking[0].cancel()
    await asyncio.sleep(0)
    bench.api.gate.set()
    assert await asyncio.gather(*asking[1:]) == [WEB] * 19
    assert len(bench.api.asked) == 1


async def test_no_more_than_so_many_wait():
    bench = Bench()
    bench.api.gate.clear()
    asking = [asyncio.create_task(bench.reviews.caller(token(number))) for number in range(MAX_WAITING)]
    await asyncio.sleep(0)
    with pytest.raises(Unavailable, match="too many"):
        await bench.reviews.caller(token(MAX_WAITING))
    assert bench.counts.calls == ["spent"]
    bench.api.gate.set()
    await asyncio.gather(*asking)
    assert await bench.reviews.caller(token(MAX_WAITING)) == WEB


async def test_a_flood_of_tokens_does_not_become_a_flood_of_calls():
    bench = Bench()
    bench.api.answer = NO
    for number in range(int(BURST)):
        assert await bench.refused(token(number))
    with pytest.raises(Unavailable):
        await bench.reviews.caller(token(int(BURST)))
    bench.pass_time(1)
    assert await bench.refused(token(int(BURST)))


async def test_bad_tokens_push_no_good_one_out_and_memory_is_bounded():
    bench = Bench()
    await bench.reviews.caller(token(-1, exp=WALL_S + 1e6))
    bench.api.answer = NO
    for number in range(MAX_REMEMBERED + 10):
        bench.pass_time(1e-5)
        bench.reviews._calls_left = BURST
        assert await bench.refused(token(number, exp=WALL_S + 1e6))
    assert len(bench.reviews._wrong) == MAX_REMEMBERED
    assert await bench.reviews.caller(token(-1, exp=WALL_S + 1e6)) == WEB


async def test_closing_ends_what_waits():
    bench = Bench()
    bench.api.gate.clear()
    asking = asyncio.create_task(bench.reviews.caller(token()))
    await asyncio.sleep(0)
    await bench.reviews.close()
    with pytest.raises(Unavailable, match="closed"):
        await asking


async def test_over_a_real_connection(tmp_path):
    authority, counts = Authority(), FakeCounts()
    async with serving(tmp_path, authority, [LOOPBACK]) as server:
        server.answers = [(201, yes())]
        api = KubernetesApi.in_cluster(str(mount(tmp_path, authority)), environment(server.port))
        reviews = TokenReviews(api, counts, Clocks(wall=lambda: WALL_S))
        assert await reviews.caller(token()) == WEB
        await reviews.close()


@given(st.one_of(st.text(), st.binary().map(encoded), st.builds(lambda claims: f"a.{encoded(claims)}.b", st.binary())))
def test_any_text_has_an_end_or_none(text):
    assert (expiry(text) or 1.0) > 0


@pytest.mark.parametrize(
    "claims", [b"{", b"[" * 100_000, [1], {"exp": True}, {"exp": -1}, {"exp": 1e300}, {"exp": None}]
)
def test_claims_that_say_no_end_have_none(claims):
    assert expiry(f"a.{encoded(claims)}.b") is None


@given(st.recursive(st.none() | st.booleans() | st.text(), lambda inner: st.dictionaries(st.text(), inner)))
def test_any_status_names_a_caller_or_none(status):
    assert reviewed({"status": status}) is None
