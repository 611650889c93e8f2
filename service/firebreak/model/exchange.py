"""One HTTP request as Envoy saw it, and who sent it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from firebreak.model.reason import Reason


@dataclass(frozen=True, slots=True)
class Caller:
    """Who sent the exchange. An empty string is an unknown value; a rule that asks for it never matches."""

    pod: str = ""
    namespace: str = ""
    service_account: str = ""
    spiffe_id: str = ""
    user: str = ""
    session: str = ""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request. `path` starts at the provider's root (the sidecar's route prefix is gone) and has no query.

    `headers` has lower-case names and never a credential: Envoy keeps those from the service.
    `provider` is the configured destination's name, `api` the family of its wire format (`openai`,
    `azure_openai`, `anthropic`, `gemini`, ...). `fault` is what the edge already found wrong, such as a body that
    came in part.
    """

    id: str
    method: str
    path: str
    query: str = field(repr=False)
    host: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    provider: str
    api: str
    caller: Caller
    traceparent: str = ""
    fault: Reason | None = None
