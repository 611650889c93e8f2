"""Envoy's CheckRequest to an exchange, and an outcome to its CheckResponse.

Rules:
1. The exchange holds the bytes the provider would get. If Envoy did not send all of them, that is a fault.
2. Of the request's headers only those that Envoy was allowed to send arrive here; credentials are not among them.
3. The answer never touches the request: only response headers and metadata are set.
"""

from collections.abc import Iterable, Mapping

from envoy.config.core.v3 import base_pb2
from envoy.service.auth.v3 import attribute_context_pb2, external_auth_pb2
from google.rpc import code_pb2

from firebreak.edge.handover import to_metadata
from firebreak.model.decision import Decision
from firebreak.model.errors import BadInput
from firebreak.model.exchange import Caller, Exchange
from firebreak.model.handover import Handover
from firebreak.model.reason import Reason
from firebreak.model.record import Record
from firebreak.model.refusal import Rendered
from firebreak.pipeline.decide import Outcome

PARTIAL_BODY_HEADER = "x-envoy-auth-partial-body"
"""Set by Envoy alone: `true` when it gave us less than the whole body."""


def exchange(
    request: external_auth_pb2.CheckRequest, *, exchange_id: str, caller: Caller, traceparent: str, max_body_bytes: int
) -> Exchange:
    """One exchange. Raises `BadInput` only where Envoy's own configuration is not ours (no provider, no prefix)."""
    http = request.attributes.request.http
    extensions = request.attributes.context_extensions
    provider, api = extensions.get("provider", ""), extensions.get("api", "")
    if not provider or not api:
        raise BadInput(Reason.MALFORMED_CHECK, "context_extensions")
    headers, repeated = _headers(http)
    path, query = _path(http.path, extensions.get("prefix", ""))
    return Exchange(
        id=exchange_id,
        method=http.method,
        path=path,
        query=query,
        host=http.host,
        headers=headers,
        body=http.raw_body,
        provider=provider,
        api=api,
        caller=caller,
        traceparent=traceparent or headers.get("traceparent", ""),
        fault=_fault(http, headers, repeated, max_body_bytes),
    )


def _headers(http: attribute_context_pb2.AttributeContext.HttpRequest) -> tuple[dict[str, str], set[str]]:
    """Headers by lower-case name, and the names that came more than once (their values joined by a comma)."""
    if not http.header_map.headers:
        return dict(http.headers), set()
    headers: dict[str, str] = {}
    repeated: set[str] = set()
    for header in http.header_map.headers:
        name = header.key.lower()
        value = header.value or header.raw_value.decode("latin-1")
        if name in headers:
            repeated.add(name)
            value = f"{headers[name]},{value}"
        headers[name] = value
    return headers, repeated


def _path(target: str, prefix: str) -> tuple[str, str]:
    """Path below the route's prefix, and the query without its question mark."""
    path, _, query = target.partition("?")
    inside = path.removeprefix(prefix.rstrip("/"))
    if not path.startswith(prefix) or not inside.startswith("/"):
        raise BadInput(Reason.MALFORMED_CHECK, "path")
    return inside, query


def _fault(
    http: attribute_context_pb2.AttributeContext.HttpRequest,
    headers: Mapping[str, str],
    repeated: set[str],
    max_body_bytes: int,
) -> Reason | None:
    """What is wrong before the body is read; every check here is also made elsewhere, by Envoy or by a codec."""
    size = len(http.raw_body)
    if http.body or size > max_body_bytes:
        return Reason.BODY_TOO_LARGE if size > max_body_bytes else Reason.MALFORMED_CHECK
    if headers.get(PARTIAL_BODY_HEADER, "false") != "false":
        return Reason.BODY_TRUNCATED
    if http.size not in (-1, size):
        return Reason.BODY_TRUNCATED
    declared = headers.get("content-length", "")
    if declared and declared != str(size):
        return Reason.BODY_TRUNCATED
    if "content-type" in repeated:
        return Reason.CONTENT_TYPE
    if "content-encoding" in repeated:
        return Reason.BODY_ENCODED
    return None


def allowed(record: Record, handed: Handover) -> external_auth_pb2.CheckResponse:
    """Let the request pass; the client sees the decision in response headers. What the processing of its body and its
    answer needs to know goes along.
    """
    response = external_auth_pb2.CheckResponse()
    response.status.code = code_pb2.OK
    _set_headers(response.ok_response.response_headers_to_add, decision_headers(record.decision, record.id))
    _set_metadata(response, record)
    response.dynamic_metadata.update(to_metadata(handed))
    return response


def refused(record: Record, rendered: Rendered) -> external_auth_pb2.CheckResponse:
    """Answer in the provider's place."""
    response = external_auth_pb2.CheckResponse()
    response.status.code = code_pb2.PERMISSION_DENIED
    _deny(response.denied_response, rendered, decision_headers(record.decision, record.id))
    _set_metadata(response, record)
    return response


def failed(exchange_id: str, rendered: Rendered) -> external_auth_pb2.CheckResponse:
    """Our own fault: nothing passes, and Envoy counts it as an error rather than a decision."""
    response = external_auth_pb2.CheckResponse()
    response.status.code = code_pb2.UNAVAILABLE
    _deny(response.error_response, rendered, {"x-firebreak-record": exchange_id})
    response.dynamic_metadata.update({"decision": "ERROR", "record": exchange_id})
    return response


def handover(outcome: Outcome, record: Record, api: str, reply_to: str = "") -> Handover:
    """What the processing of the body and of the answer needs to know of a request that passes."""
    return Handover(
        record=record.id,
        provider=record.provider,
        api=api,
        surface=record.surface,
        model=record.model,
        method=record.method,
        path=record.path,
        caller=record.caller,
        traceparent=record.traceparent,
        body_sha256=record.body_sha256,
        changes=outcome.changes,
        restore=outcome.restore,
        reply_to=reply_to,
        prompt=outcome.prompt,
        tokens=outcome.tokens,
    )


def decision_headers(decision: Decision, record_id: str) -> dict[str, str]:
    """What a client is told of a decision."""
    headers = {
        "x-firebreak-decision": decision.verdict.name,
        "x-firebreak-rule": decision.rule,
        "x-firebreak-record": record_id,
    }
    if decision.mode != "enforce":
        headers["x-firebreak-mode"] = decision.mode
    if decision.requires_human:
        headers["x-firebreak-requires-human"] = "true"
    return headers


def _deny(answer: external_auth_pb2.DeniedHttpResponse, rendered: Rendered, headers: Mapping[str, str]) -> None:
    # Envoy's StatusCode enum lists the codes of HTTP by number.
    answer.status.code = rendered.status
    answer.body = rendered.body.decode("utf-8")
    _set_headers(answer.headers, {"content-type": rendered.content_type, **headers})


def _set_headers(target: Iterable[base_pb2.HeaderValueOption], headers: Mapping[str, str]) -> None:
    for name, value in headers.items():
        option = target.add()  # type: ignore[attr-defined]
        option.header.key = name
        option.header.value = value
        option.append_action = base_pb2.HeaderValueOption.OVERWRITE_IF_EXISTS_OR_ADD


def _set_metadata(response: external_auth_pb2.CheckResponse, record: Record) -> None:
    """For Envoy's access log: ids only."""
    response.dynamic_metadata.update(
        {
            "decision": record.decision.verdict.name,
            "rule": record.decision.rule,
            "record": record.id,
            "policy": record.policy.digest[:12],
            "mode": str(record.decision.mode),
            "inspected": record.inspected,
        }
    )
