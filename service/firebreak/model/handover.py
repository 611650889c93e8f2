"""What the check of a request hands on to the processing of its answer."""

from dataclasses import dataclass

from firebreak.model.exchange import Caller


@dataclass(frozen=True, slots=True)
class Handover:
    """Of a request that was let pass. `record` is its record's id, `surface` names the codec of its answer.

    It travels through Envoy, because the answer may come to another worker than the request did.
    """

    record: str
    provider: str
    api: str
    surface: str
    model: str
    method: str
    path: str
    caller: Caller
    traceparent: str = ""
