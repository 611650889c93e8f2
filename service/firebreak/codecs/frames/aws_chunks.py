"""Event stream messages that carry a document in base64: `{"bytes": "..."}`, as Bedrock's InvokeModel streams.

A frame's data is the document within; when it is changed, it goes back the same way.
"""

import base64
import binascii
import json
from dataclasses import replace
from typing import Any

from firebreak.codecs.flatten import Flat
from firebreak.codecs.frames.aws_event_stream import AwsEventStream
from firebreak.codecs.frames.frame import WHERE, Frame
from firebreak.codecs.strict_json import parse
from firebreak.model.errors import BadInput
from firebreak.model.reason import Reason

_EVENT = "chunk"
_MEMBER = "bytes"
_PADDING_MEMBER = "p"
_PADDING = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


def chunks(limit: int) -> AwsEventStream:
    """A framer of such messages."""
    return AwsEventStream(limit, _inner)


def is_padding(key: str, value: Any) -> bool:
    """Bedrock fills messages up, so that their sizes tell nothing: always with the beginning of the same string."""
    return key == _PADDING_MEMBER and isinstance(value, str) and _PADDING.startswith(value)


def _inner(frame: Frame) -> Frame:
    """What else than the document stands in the message is text to be read; other events stay as they are."""
    if frame.event != _EVENT:
        return frame
    members = parse(frame.data)
    carried = members.get(_MEMBER) if isinstance(members, dict) else None
    if not isinstance(carried, str):
        raise BadInput(Reason.RESPONSE_FRAMING, WHERE)
    try:
        data = base64.b64decode(carried, validate=True)
    except (binascii.Error, ValueError):
        raise BadInput(Reason.RESPONSE_FRAMING, WHERE) from None
    flat = Flat()
    flat.members({key: value for key, value in members.items() if key != _MEMBER and not is_padding(key, value)}, ())

    def write(changed: bytes) -> bytes:
        return frame.write(json.dumps({**members, _MEMBER: base64.b64encode(changed).decode()}).encode())

    return replace(frame, data=data, at=-1, write=write, other=f"{frame.other}\n{flat.text}")
