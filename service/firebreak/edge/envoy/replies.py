"""What a client sees when Envoy itself answers: the error form that both SDK families read, with a reason.

The reason travels in a response header, from which the access log takes it.
"""

import json
from dataclasses import dataclass

from firebreak.edge.envoy.extension import Json, extension
from firebreak.edge.envoy.filters import CHECK
from firebreak.edge.envoy.processing import WITHHELD

REASON_HEADER = "x-firebreak-reason"


@dataclass(frozen=True, slots=True)
class Reply:
    """One row: the status and, where it is needed to tell two apart, Envoy's response flags."""

    reason: str
    status: int
    kind: str
    message: str
    flags: tuple[str, ...] = ()


INVALID_ANSWER = Reply(
    "engine_answer", 500, "api_error", "the policy service's answer was not valid; nothing was sent", ("UAEX",)
)
NO_ANSWER = Reply(
    "engine_unavailable", 503, "api_error", "the policy service gave no answer; nothing was sent", ("UAEX",)
)
UNCHECKED = Reply("unchecked", 403, "permission_error", "no recorded decision lets this request pass; nothing was sent")
REPLIES = (
    Reply("overloaded", 503, "overloaded_error", "the sidecar is overloaded; nothing was sent", ("OM",)),
    Reply("provider_unreachable", 503, "api_error", "the provider could not be reached", ("UF", "UH", "UO", "URX")),
    Reply("provider_closed", 503, "api_error", "the provider closed the connection", ("UC", "UR", "LR")),
    Reply("bad_request", 400, "invalid_request_error", "the request is not well-formed"),
    Reply("no_credential", 401, "authentication_error", "the sidecar has no key for this provider; nothing was sent"),
    Reply("unknown_destination", 403, "permission_error", "no provider is configured for this path"),
    Reply("unknown_destination", 404, "not_found_error", "no provider is configured for this path"),
    Reply("request_timeout", 408, "timeout_error", "the request did not arrive in time"),
    Reply("too_large", 413, "request_too_large", "the body is larger than the limit"),
    Reply("content_encoding", 415, "invalid_request_error", "the body has a content-encoding; send it plain"),
    Reply("headers_too_large", 431, "invalid_request_error", "the headers are larger than the limit"),
    Reply("not_supported", 501, "invalid_request_error", "the request's transfer-encoding is not supported"),
    Reply("bad_response", 502, "api_error", "the provider's answer is not well-formed"),
    Reply("response_timeout", 504, "timeout_error", "the provider fell silent"),
)
OTHER = Reply("proxy", 500, "api_error", "the sidecar could not complete the exchange")


def local_reply_config() -> Json:
    """The first mapper that matches wins; the service's own refusals pass as they are.

    Only a service that gave no answer leaves no metadata. Status 500 is Envoy's word for an answer that broke the
    rules of `filters`; the service never refuses with it.
    """
    refused = {"response_flag_filter": {"flags": ["UAEX"]}}
    own = {"and_filter": {"filters": [refused, _recorded(wanted=True)]}}
    withheld = _details(WITHHELD)
    service = [_as_it_is(withheld), _mapper(INVALID_ANSWER), _as_it_is(own), _mapper(NO_ANSWER), _as_it_is(refused)]
    return {
        "mappers": [*service, _mapper(UNCHECKED, _recorded(wanted=False)), *map(_mapper, REPLIES)],
        "body_format": _body(OTHER),
    }


def error_body(reply: Reply) -> str:
    """OpenAI's SDKs read `error`, Anthropic's read `type` beside it; neither minds the other's fields."""
    error = {"type": reply.kind, "message": reply.message, "param": None, "code": reply.reason}
    return json.dumps({"type": "error", "error": error}, separators=(",", ":"))


def _as_it_is(chosen: Json) -> Json:
    return {"filter": chosen, "body_format_override": _format("%LOCAL_REPLY_BODY%")}


def _recorded(*, wanted: bool) -> Json:
    """Whether the service's answer had the id of a record."""
    matcher = {"filter": CHECK, "path": [{"key": "record"}], "value": {"present_match": wanted}}
    return {"metadata_filter": {"matcher": matcher, "match_if_key_not_found": not wanted}}


def _details(word: str) -> Json:
    """What the service gave as the reason of an answer in the place of the provider's."""
    expression = f'response.code_details == "{word}"'
    filter_ = extension(
        "envoy.access_loggers.extension_filters.cel",
        "access_loggers.filters.cel.v3.ExpressionFilter",
        expression=expression,
    )
    return {"extension_filter": filter_}


def _mapper(reply: Reply, *more: Json) -> Json:
    status = {"comparison": {"op": "EQ", "value": {"default_value": reply.status, "runtime_key": "unused"}}}
    conditions: list[Json] = [{"status_code_filter": status}, *more]
    if reply.flags:
        conditions.append({"response_flag_filter": {"flags": list(reply.flags)}})
    chosen = {"and_filter": {"filters": conditions}} if len(conditions) > 1 else conditions[0]
    header = {"header": {"key": REASON_HEADER, "value": reply.reason}, "append_action": "OVERWRITE_IF_EXISTS_OR_ADD"}
    return {"filter": chosen, "headers_to_add": [header], "body_format_override": _body(reply)}


def _body(reply: Reply) -> Json:
    return _format(error_body(reply))


def _format(text: str) -> Json:
    return {"text_format_source": {"inline_string": text}, "content_type": "application/json"}
