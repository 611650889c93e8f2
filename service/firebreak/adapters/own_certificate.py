"""The webhook's own certificate: made, shared with the other replicas, and replaced long before it ends.

A replacement goes in steps, so that whoever trusts the bundle trusts every replica at every moment:
1. the next certificate is made and kept beside the current one; its authority joins the bundle
2. every replica puts the bundle into the webhook configuration
3. a while later, when the API servers have heard of it, the next certificate becomes the current one
4. the old authority leaves the bundle when it ends
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from firebreak.adapters import certificates
from firebreak.adapters.certificates import Pair
from firebreak.adapters.interface import Calls
from firebreak.adapters.kubernetes_api import ApiUnavailable
from firebreak.adapters.webhook_api import Kept, SharedSecret, place
from firebreak.model.errors import BadConfig

DAY_S = 86_400.0
TURNS = 6
"""Lost races before a round is given up until the next."""


@dataclass(frozen=True, slots=True)
class Times:
    """In seconds. `settle` is how long API servers may take to hear of a new authority."""

    lives: float = 90 * DAY_S
    renewed_before_end: float = 30 * DAY_S
    settle: float = 60.0


@dataclass(frozen=True, slots=True)
class Names:
    """`service` is the DNS name that the API server calls, in the form name.namespace.svc."""

    service: str
    secret: str
    configuration: str

    @property
    def namespace(self) -> str:
        return self.service.split(".")[1]


def turned(kept: Kept | None, name: str, now_s: float, times: Times, *, placed: bool) -> Kept:
    """What should be kept instead; the same value where nothing is to be done. `placed`: the bundle is in force."""
    if kept is None or _problem(kept.current, kept.bundle, name, now_s):
        pair, authority = certificates.make(name, now_s, times.lives)
        known = [kept.bundle] if kept is not None else []
        return Kept(pair, certificates.joined([authority, *known], now_s))
    if kept.next is not None and not _problem(kept.next, kept.bundle, name, now_s):
        settled = now_s - certificates.begins_s(kept.next.certificate) >= times.settle
        return replace(kept, current=kept.next, next=None) if settled and placed else kept
    if certificates.ends_s(kept.current.certificate) - now_s > times.renewed_before_end:
        return kept
    pair, authority = certificates.make(name, now_s, times.lives)
    return Kept(kept.current, certificates.joined([authority, kept.bundle], now_s), pair)


def _problem(pair: Pair, bundle: bytes, name: str, now_s: float) -> str:
    return certificates.problem(pair, name, now_s) or certificates.distrust(pair, bundle)


class OwnCertificate:
    """`refresh` it every few seconds. It asks for no more than two reads of the API when nothing is to be done."""

    def __init__(
        self,
        api: Calls,
        names: Names,
        use: Callable[[Pair], None],
        times: Times | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`use` is given each certificate that is to be served from now on."""
        self._api = api
        self._names = names
        self._use = use
        self._times = times or Times()
        self._clock = clock
        self._secret = SharedSecret(api, names.namespace, names.secret)
        self._kept: Kept | None = None
        self._served: Pair | None = None
        self._placed = b""
        self._problem = "no certificate yet"

    @property
    def ends_s(self) -> float:
        """When what is served ends; 0 without any."""
        return certificates.ends_s(self._served.certificate) if self._served else 0.0

    @property
    def not_ready(self) -> str:
        """Why the API server could not call this replica, or nothing."""
        if self._served is None or not self._placed:
            return self._problem
        return "" if self._clock() < self.ends_s else f"the certificate has ended; {self._problem}"

    @property
    def problem(self) -> str:
        """What is wrong now, though what was there before may still do."""
        return self._problem

    async def refresh(self) -> None:
        """One round. Never raises for what the API answers: `problem` says it, and the next round tries again."""
        try:
            self._problem = await self._round()
        except ApiUnavailable as error:
            self._problem = str(error)
            if error.status == 404:
                self._placed = b""
        except BadConfig as error:
            self._problem = str(error)

    async def _round(self) -> str:
        for _ in range(TURNS):
            stored = await self._secret.read()
            kept = self._soundest(stored)
            placed = kept is not None and kept.bundle == self._placed
            wanted = turned(kept, self._names.service, self._clock(), self._times, placed=placed)
            if wanted != stored and not await self._secret.write(wanted):
                continue
            self._kept = wanted
            if await place(self._api, self._names.configuration, wanted.bundle):
                self._placed = wanted.bundle
                self._serve(wanted.current)
                return ""
        return "other replicas were faster every time"

    def _soundest(self, stored: Kept | None) -> Kept | None:
        """A Secret that was deleted or damaged gets back what this replica serves: its authority is in force."""
        now_s, mine = self._clock(), self._kept
        for kept in (stored, mine):
            if kept is not None and not _problem(kept.current, kept.bundle, self._names.service, now_s):
                return kept
        return stored

    def _serve(self, pair: Pair) -> None:
        if pair != self._served:
            self._use(pair)
            self._served = pair
