"""Refusals as Amazon Bedrock gives errors: an exception's name and a sentence (AWS restJson1 protocol, "Operation error
serialization"). SDKs read the name from `__type` where no header says it.
"""

import json

from firebreak.codecs.frames.aws_event_stream import message, string_header
from firebreak.model.refusal import Refusal, Rendered

_JSON = "application/json"


def bedrock_error(refusal: Refusal) -> Rendered:
    error = {"__type": _exception(refusal), "message": refusal.message}
    return Rendered(refusal.status, _JSON, json.dumps(error).encode())


def bedrock_cut(refusal: Refusal) -> bytes:
    """How a stream ends with an error: a message that is an exception, of those that the streams define."""
    name = "validationException" if refusal.kind == "policy" else "modelStreamErrorException"
    headers = ((":exception-type", name), (":content-type", _JSON), (":message-type", "exception"))
    payload = json.dumps({"message": refusal.message}).encode()
    return message(b"".join(string_header(*header) for header in headers), payload)


def _exception(refusal: Refusal) -> str:
    if refusal.kind == "unavailable":
        return "ServiceUnavailableException"
    return "AccessDeniedException" if refusal.status == 403 else "ValidationException"
