"""The messages by which an answer is let go, changed, cut or refused (ext_proc v3)."""

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from envoy.service.ext_proc.v3 import external_processor_pb2

from firebreak.model.refusal import Rendered

Message: TypeAlias = external_processor_pb2.ProcessingResponse

PIECE_BYTES = 60 * 1024
"""Of one message. Envoy takes at most 64 KiB at once from a processor."""


def request_headers_pass() -> Message:
    message = Message()
    message.request_headers.response.SetInParent()
    return message


def body_instead(data: bytes) -> Message:
    """The request's body as it goes on, with its length: a header that is wrong would make two requests of one."""
    message = Message()
    response = message.request_body.response
    response.body_mutation.body = data
    option = response.header_mutation.set_headers.add()
    option.header.key = "content-length"
    option.header.raw_value = str(len(data)).encode()
    return message


def headers_pass() -> Message:
    message = Message()
    message.response_headers.response.SetInParent()
    return message


def trailers_go() -> Message:
    """Trailers are dropped by the listener's settings; what comes all the same is let pass without a change."""
    message = Message()
    message.response_trailers.SetInParent()
    return message


def body(data: bytes, *, last: bool) -> Iterator[Message]:
    """The bytes in pieces; `last` ends the answer, with an empty piece if there is nothing else to say."""
    pieces = [data[at : at + PIECE_BYTES] for at in range(0, len(data), PIECE_BYTES)] or ([b""] if last else [])
    for number, piece in enumerate(pieces, 1):
        message = Message()
        streamed = message.response_body.response.body_mutation.streamed_response
        streamed.body = piece
        streamed.end_of_stream = last and number == len(pieces)
        yield message


def instead(rendered: Rendered, headers: Mapping[str, str], details: str) -> Message:
    """Another answer, while nothing of the provider's has left."""
    message = Message()
    immediate = message.immediate_response
    immediate.status.code = rendered.status
    immediate.body = rendered.body
    immediate.details = details
    for name, value in {"content-type": rendered.content_type, **headers}.items():
        option = immediate.headers.set_headers.add()
        option.header.key = name
        option.header.raw_value = value.encode()
    return message
