"""What a check tells about a request that passes, in Envoy's dynamic metadata, and back.

Envoy keeps the metadata of a request and sends it along with its answer. No client or provider can write there.
"""

from collections.abc import Mapping
from typing import Any

from firebreak.model.exchange import Caller
from firebreak.model.handover import Handover

NAMESPACE = "envoy.filters.http.ext_authz"
KEY = "handover"

_CALLER = ("pod", "namespace", "service_account", "spiffe_id", "user", "session")
_FIELDS = ("record", "provider", "api", "surface", "model", "method", "path", "traceparent")


def to_metadata(handover: Handover) -> dict[str, str]:
    """Texts only; what is empty is left out."""
    values = {name: getattr(handover, name) for name in _FIELDS}
    values |= {f"caller.{name}": getattr(handover.caller, name) for name in _CALLER}
    return {name: value for name, value in values.items() if value}


def from_metadata(values: Mapping[str, Any]) -> Handover | None:
    """None where it does not say which record and which codec: no check has let this request pass."""
    texts = {name: value for name, value in values.items() if isinstance(value, str)}
    if not texts.get("record") or not texts.get("surface"):
        return None
    caller = Caller(**{name: texts.get(f"caller.{name}", "") for name in _CALLER})
    return Handover(caller=caller, **{name: texts.get(name, "") for name in _FIELDS})
