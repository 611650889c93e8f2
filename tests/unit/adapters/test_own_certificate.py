import base64

import pytest
from tests.unit.adapters.kube_memory import CONFIGURATION, SECRET, KubeMemory

from firebreak.adapters import certificates
from firebreak.adapters.certificates import Pair, distrust, make, split
from firebreak.adapters.own_certificate import Names, OwnCertificate, Times, turned
from firebreak.adapters.webhook_api import Kept

NAME = "injector.firebreak.svc"
NAMES = Names(NAME, "certificate", "injector")
NOW_S, DAY_S = 1_790_000_000.0, 86_400.0
TIMES = Times()


def kept(age_days: float, following: float | None = None) -> Kept:
    """A certificate that was made so many days ago, and perhaps its successor, made so many seconds ago."""
    pair, authority = make(NAME, NOW_S - age_days * DAY_S, TIMES.lives)
    if following is None:
        return Kept(pair, authority)
    after, its_authority = make(NAME, NOW_S - following, TIMES.lives)
    return Kept(pair, its_authority + authority, after)


def turn(value: Kept | None, *, placed: bool = True) -> Kept:
    return turned(value, NAME, NOW_S, TIMES, placed=placed)


def test_the_first_certificate_is_made() -> None:
    made = turn(None)
    assert certificates.problem(made.current, NAME, NOW_S) == ""
    assert distrust(made.current, made.bundle) == ""
    assert made.next is None


@pytest.mark.parametrize("age", [0, 30, 59])
def test_a_young_one_stays(age) -> None:
    value = kept(age)
    assert turn(value) is value


def test_an_old_one_gets_a_successor_that_is_trusted_before_it_is_shown() -> None:
    value = kept(61)
    first = turn(value)
    assert first.current == value.current
    assert first.next is not None
    assert len(split(first.bundle)) == 2
    for pair in (first.current, first.next):
        assert distrust(pair, first.bundle) == ""
    assert turn(first) is first


@pytest.mark.parametrize(("age_s", "placed", "promoted"), [(59, True, False), (61, False, False), (61, True, True)])
def test_a_successor_waits_until_everybody_has_heard_of_it(age_s, placed, promoted) -> None:
    value = kept(61, age_s)
    result = turn(value, placed=placed)
    assert result == (Kept(value.next, value.bundle) if promoted and value.next else value)


def test_a_damaged_successor_is_made_anew() -> None:
    value = kept(61, 30)
    assert value.next is not None
    result = turn(Kept(value.current, value.bundle, Pair(value.next.certificate, b"x")))
    assert result.next not in (None, value.next)
    assert result.current == value.current


@pytest.mark.parametrize(
    "value",
    [
        kept(91),
        Kept(Pair(b"x", b"y"), kept(0).bundle),
        Kept(kept(0).current, kept(0).bundle),
        Kept(make("other.firebreak.svc", NOW_S, DAY_S)[0], b""),
    ],
)
def test_what_cannot_be_served_is_replaced_at_once(value) -> None:
    result = turn(value)
    assert result.current != value.current
    assert distrust(result.current, result.bundle) == ""


def test_authorities_that_have_ended_leave_and_others_stay() -> None:
    old = make(NAME, NOW_S - 91 * DAY_S, TIMES.lives)[1]
    value = kept(61)
    result = turn(Kept(value.current, value.bundle + old))
    assert old not in split(result.bundle)
    assert value.bundle in split(result.bundle)


class Replica:
    """One webhook's certificate over the shared API, at a time of its own."""

    def __init__(self, api: KubeMemory) -> None:
        self.used: list[Pair] = []
        self.now_s = NOW_S
        self.certificate = OwnCertificate(api, NAMES, self.used.append, clock=lambda: self.now_s)


def bundle(api: KubeMemory) -> bytes:
    (found,) = {each["clientConfig"].get("caBundle", "") for each in api.objects[CONFIGURATION]["webhooks"]}
    return base64.b64decode(found)


async def test_a_replica_is_ready_once_it_is_trusted() -> None:
    api = KubeMemory()
    replica = Replica(api)
    assert replica.certificate.not_ready == "no certificate yet"
    await replica.certificate.refresh()
    assert replica.certificate.not_ready == ""
    (pair,) = replica.used
    assert distrust(pair, bundle(api)) == ""
    assert replica.certificate.ends_s == NOW_S + TIMES.lives
    before = len(api.calls)
    await replica.certificate.refresh()
    assert [method for method, _ in api.calls[before:]] == ["GET", "GET"]
    assert len(replica.used) == 1


async def test_all_replicas_serve_what_the_first_one_made() -> None:
    api = KubeMemory()
    one, two = Replica(api), Replica(api)

    async def first() -> None:
        await one.certificate.refresh()

    # The other reads that there is nothing, and loses the race.
    coroutine = first()
    api.meanwhile = lambda: drive(coroutine)
    await two.certificate.refresh()
    assert one.used == two.used
    assert two.certificate.not_ready == ""


def drive(coroutine) -> None:
    """Run what never waits for anything."""
    with pytest.raises(StopIteration):
        coroutine.send(None)


async def test_a_whole_rotation_leaves_no_moment_of_distrust() -> None:
    api = KubeMemory()
    replicas = [Replica(api), Replica(api)]
    seen = set()
    for hour in range(0, 24 * 200, 6):
        for number, replica in enumerate(replicas):
            replica.now_s = NOW_S + hour * 3600 + number
            await replica.certificate.refresh()
            assert replica.certificate.not_ready == ""
            for each in replicas:
                if each.used:
                    assert distrust(each.used[-1], bundle(api)) == ""
                    assert certificates.problem(each.used[-1], NAME, replica.now_s) == ""
                    seen.add(each.used[-1])
            assert len(split(bundle(api))) <= 2
    assert len(seen) == 4


@pytest.mark.parametrize(
    "harm", [None, {"data": {}}, {"data": {"tls.crt": "eA==", "tls.key": "eA==", "ca.crt": "eA=="}}]
)
async def test_a_harmed_secret_gets_back_what_is_served(harm) -> None:
    api = KubeMemory()
    replica = Replica(api)
    await replica.certificate.refresh()
    data = api.objects[SECRET]["data"]
    if harm is None:
        del api.objects[SECRET]
    else:
        api.put(SECRET, harm)
    await replica.certificate.refresh()
    assert api.objects[SECRET]["data"] == data
    assert len(replica.used) == 1


async def test_without_the_api_it_goes_on_and_says_so() -> None:
    api = KubeMemory()
    replica = Replica(api)
    api.down = 0
    await replica.certificate.refresh()
    assert "the API is down" in replica.certificate.not_ready
    api.down = None
    await replica.certificate.refresh()
    api.down = 500
    await replica.certificate.refresh()
    assert (replica.certificate.not_ready, replica.certificate.problem) == ("", "the API is down")
    replica.now_s += TIMES.lives
    assert "has ended" in replica.certificate.not_ready


async def test_a_configuration_that_is_gone_ends_readiness() -> None:
    api = KubeMemory()
    replica = Replica(api)
    await replica.certificate.refresh()
    del api.objects[CONFIGURATION]
    await replica.certificate.refresh()
    assert replica.certificate.not_ready == "it is not found"


async def test_who_loses_every_race_tries_again_next_time() -> None:
    api = KubeMemory()
    replica = Replica(api)

    def change() -> None:
        api.put(CONFIGURATION, api.objects[CONFIGURATION])
        api.meanwhile = change

    await replica.certificate.refresh()
    api.objects[CONFIGURATION]["webhooks"][0]["clientConfig"]["caBundle"] = ""
    api.meanwhile = change
    await replica.certificate.refresh()
    assert "faster" in replica.certificate.problem
    api.meanwhile = None
    await replica.certificate.refresh()
    assert replica.certificate.problem == ""
