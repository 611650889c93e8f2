"""Service account tokens, checked by the Kubernetes API (TokenReview) and remembered for a minute by their digest.

Rules:
1. Only the API says whose a token is. Its own words shorten how long an answer is believed, and nothing else.
2. No token is kept, logged or part of an error: what is remembered is its SHA-256.
3. What is remembered, asked at once and asked in a second is bounded; beyond that nobody can tell, and that is a no.
"""

import asyncio
import base64
import hashlib
import json
import logging
import re
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from firebreak.adapters.interface import Api, Counts
from firebreak.adapters.kubernetes_api import ApiUnavailable
from firebreak.adapters.logs import event
from firebreak.model.errors import BadInput, Unavailable
from firebreak.model.exchange import Caller
from firebreak.model.reason import Reason

AUDIENCE = "firebreak"
MAX_TOKEN_BYTES = 16 * 1024
REMEMBER_S = 60.0
REMEMBER_NO_S = 10.0
MAX_REMEMBERED = 4096  # of good tokens, and as many of bad ones
MAX_WAITING = 64
CALLS_PER_S = 50.0
BURST = 100.0

PATH = "/apis/authentication.k8s.io/v1/tokenreviews"
POD_NAME = "authentication.kubernetes.io/pod-name"

_JWT = re.compile(r"[A-Za-z0-9_-]+\.([A-Za-z0-9_-]+)\.[A-Za-z0-9_-]+")
_USER = re.compile(r"system:serviceaccount:([a-z0-9-]{1,63}):([a-z0-9.-]{1,253})")

_Value = TypeVar("_Value")

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Clocks:
    """`monotonic` for how long an answer is believed, `wall` for the time of which a token speaks."""

    monotonic: Callable[[], float] = time.monotonic
    wall: Callable[[], float] = time.time


class TokenReviews:
    """Belongs to one event loop."""

    def __init__(self, api: Api, counts: Counts, clocks: Clocks | None = None) -> None:
        self._api = api
        self._counts = counts
        self._clocks = clocks or Clocks()
        self._known: OrderedDict[bytes, tuple[float, Caller]] = OrderedDict()
        self._wrong: OrderedDict[bytes, float] = OrderedDict()
        self._under_way: dict[bytes, asyncio.Task[Caller | None]] = {}
        self._calls_left = BURST
        self._filled_s = self._clocks.monotonic()
        self._failing = False

    async def caller(self, token: str) -> Caller:
        """Whose token this is. Raises `BadInput` where it is nobody's, `Unavailable` where nobody can tell."""
        expires_s = expiry(token)
        if expires_s is None or expires_s <= self._clocks.wall():
            raise BadInput(Reason.CALLER_TOKEN, "token")
        digest = hashlib.sha256(token.encode()).digest()
        now_s = self._clocks.monotonic()
        until_s, caller = self._known.get(digest, (now_s, None))
        if caller is not None and now_s < until_s:
            return caller
        if now_s < self._wrong.get(digest, now_s):
            raise BadInput(Reason.CALLER_TOKEN, "token")
        found = await self._asked(digest, token, expires_s)
        if found is None:
            raise BadInput(Reason.CALLER_TOKEN, "token")
        return found

    async def close(self) -> None:
        """End what is under way and the connections."""
        tasks = list(self._under_way.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._api.close()

    async def _asked(self, digest: bytes, token: str, expires_s: float) -> Caller | None:
        """The API's answer; several that ask about one token at once ask together."""
        task = self._under_way.get(digest)
        if task is None:
            self._spend()
            task = asyncio.create_task(self._ask(digest, token, expires_s))
            task.add_done_callback(_seen)
            self._under_way[digest] = task
        # `wait` leaves the task to the others when this one goes.
        await asyncio.wait({task})
        if task.cancelled():
            raise Unavailable("the token reviews were closed")
        return task.result()

    def _spend(self) -> None:
        now_s = self._clocks.monotonic()
        self._calls_left = min(BURST, self._calls_left + (now_s - self._filled_s) * CALLS_PER_S)
        self._filled_s = now_s
        if len(self._under_way) >= MAX_WAITING or self._calls_left < 1:
            self._counts.kubernetes_call("token_review", "spent")
            raise Unavailable("too many tokens to review")
        self._calls_left -= 1

    async def _ask(self, digest: bytes, token: str, expires_s: float) -> Caller | None:
        review = {
            "apiVersion": "authentication.k8s.io/v1",
            "kind": "TokenReview",
            "spec": {"token": token, "audiences": [AUDIENCE]},
        }
        try:
            caller = reviewed(await self._api.request("POST", PATH, review))
        except ApiUnavailable as error:
            self._failed(error)
            raise
        finally:
            self._under_way.pop(digest, None)
        self._counts.kubernetes_call("token_review", "ok")
        self._failing = False
        now_s = self._clocks.monotonic()
        if caller is None:
            _remember(self._wrong, digest, now_s + REMEMBER_NO_S)
        else:
            left_s = min(REMEMBER_S, expires_s - self._clocks.wall())
            _remember(self._known, digest, (now_s + left_s, caller))
        return caller

    def _failed(self, error: ApiUnavailable) -> None:
        """One warning for a row of failures. The API's own sentence might quote what it was sent."""
        self._counts.kubernetes_call("token_review", "failed")
        if not self._failing:
            problem = str(error.status or "not reached")
            event(logger, logging.WARNING, "kubernetes_unavailable", call="token_review", problem=problem)
        self._failing = True


def expiry(token: str) -> float | None:
    """When the token says it ends, in Unix time; none where it is not a token that says so."""
    form = _JWT.fullmatch(token) if len(token) <= MAX_TOKEN_BYTES else None
    if form is None:
        return None
    try:
        claims = json.loads(base64.urlsafe_b64decode(form[1] + "=" * (-len(form[1]) % 4)))
    except (ValueError, RecursionError):
        return None
    ends_s = claims.get("exp") if isinstance(claims, dict) else None
    if isinstance(ends_s, bool) or not isinstance(ends_s, int | float):
        return None
    return float(ends_s) if 0 < ends_s < 1e12 else None


def reviewed(answer: dict[str, Any]) -> Caller | None:
    """The service account that a TokenReview's status names; none where it says no, or another kind of user.

    An API server that knows no audiences answers without any: its yes is about another audience than ours.
    """
    status = answer.get("status")
    if not isinstance(status, dict) or status.get("authenticated") is not True:
        return None
    audiences, user = status.get("audiences"), status.get("user")
    if not isinstance(audiences, list) or AUDIENCE not in audiences or not isinstance(user, dict):
        return None
    name = user.get("username")
    account = _USER.fullmatch(name) if isinstance(name, str) else None
    if account is None:
        return None
    return Caller(namespace=account[1], service_account=account[2], pod=_pod(user.get("extra")))


def _pod(extra: object) -> str:
    """The pod that the token is bound to, which ends with it."""
    names = extra.get(POD_NAME) if isinstance(extra, dict) else None
    return names[0] if isinstance(names, list) and len(names) == 1 and isinstance(names[0], str) else ""


def _remember(memory: OrderedDict[bytes, _Value], digest: bytes, value: _Value) -> None:
    memory[digest] = value
    memory.move_to_end(digest)
    while len(memory) > MAX_REMEMBERED:
        memory.popitem(last=False)


def _seen(task: asyncio.Task[Caller | None]) -> None:
    """Take note of a failure that every asker has given up on, so that none is reported as lost."""
    if not task.cancelled():
        task.exception()
