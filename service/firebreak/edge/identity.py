"""Who calls a gateway: what the caller proved to Envoy and by its token becomes the exchange's caller.

Rules:
1. A caller that proved nothing is refused, not taken for somebody. The gateway's own pod is never the caller.
2. Where certificates and tokens are both asked for, both must hold, and where both name a service account it is one.
3. The proofs go no further than here: the exchange that leaves has none of them.
"""

import re
from collections.abc import Awaitable, Callable
from dataclasses import replace

from firebreak.edge.envoy.identity import PROOF_HEADER, URI_HEADER
from firebreak.model.errors import BadInput, Unavailable
from firebreak.model.exchange import Caller, Exchange
from firebreak.model.reason import Reason

Review = Callable[[str], Awaitable[Caller]]
"""A token to the caller whose it is. Raises `BadInput` where it is nobody's, `Unavailable` where nobody can tell."""

MAX_SPIFFE_BYTES = 2048
_SPIFFE = re.compile(r"spiffe://[a-z0-9._-]{1,255}(/[A-Za-z0-9._-]+)+")
_SERVICE_ACCOUNT = re.compile(r"spiffe://[a-z0-9._-]+/ns/([a-z0-9-]{1,63})/sa/([a-z0-9.-]{1,253})")


class Identity:
    """`certificate`: Envoy asks for one. `review`: what checks tokens, or none where none are asked for."""

    def __init__(self, *, certificate: bool, review: Review | None) -> None:
        self._certificate = certificate
        self._review = review

    async def __call__(self, exchange: Exchange) -> Exchange:
        """The same exchange from the caller that has proved to be it, or with the fault that it has not."""
        headers = {name: value for name, value in exchange.headers.items() if name not in (URI_HEADER, PROOF_HEADER)}
        try:
            caller = await self._caller(exchange.headers.get(URI_HEADER, ""), exchange.headers.get(PROOF_HEADER, ""))
        except BadInput as error:
            return replace(exchange, headers=headers, caller=Caller(), fault=error.reason)
        except Unavailable:
            return replace(exchange, headers=headers, caller=Caller(), fault=Reason.CALLER_UNAVAILABLE)
        return replace(exchange, headers=headers, caller=caller)

    async def _caller(self, uri: str, token: str) -> Caller:
        certified = workload(uri) if self._certificate else Caller()
        if self._review is None:
            return certified
        bearer = await self._review(token)
        if certified.namespace and _account(certified) != _account(bearer):
            raise BadInput(Reason.CALLER_TOKEN, "token")
        return replace(bearer, spiffe_id=certified.spiffe_id)


def workload(uri: str) -> Caller:
    """The workload that a certificate names; with a path /ns/NS/sa/SA also its namespace and service account.

    Raises `BadInput` where `uri`, all URIs of the certificate, is not one SPIFFE id (SPIFFE-ID, section 2).
    """
    dots = {".", ".."} & set(uri.removeprefix("spiffe://").split("/"))
    if len(uri) > MAX_SPIFFE_BYTES or dots or not _SPIFFE.fullmatch(uri):
        raise BadInput(Reason.CALLER_CERTIFICATE, "certificate")
    account = _SERVICE_ACCOUNT.fullmatch(uri)
    if account is None:
        return Caller(spiffe_id=uri)
    return Caller(spiffe_id=uri, namespace=account[1], service_account=account[2])


def _account(caller: Caller) -> tuple[str, str]:
    return caller.namespace, caller.service_account
