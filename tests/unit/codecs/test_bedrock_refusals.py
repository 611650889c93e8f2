import json

import pytest
from tests.unit.codecs.frames.framing import frames

from firebreak.codecs.bedrock_refusals import bedrock_cut, bedrock_error
from firebreak.codecs.frames.aws_event_stream import AwsEventStream
from firebreak.model.refusal import Refusal


@pytest.mark.parametrize(
    ("status", "kind", "name"),
    [
        (400, "policy", "ValidationException"),
        (403, "invalid", "AccessDeniedException"),
        (413, "invalid", "ValidationException"),
        (503, "unavailable", "ServiceUnavailableException"),
    ],
)
def test_an_error_names_an_exception(status, kind, name):
    rendered = bedrock_error(Refusal(status, "c", "no — never", kind))
    assert (rendered.status, rendered.content_type) == (status, "application/json")
    assert json.loads(rendered.body) == {"__type": name, "message": "no — never"}


@pytest.mark.parametrize(("kind", "name"), [("policy", "validationException"), ("x", "modelStreamErrorException")])
def test_a_stream_ends_with_an_exception(kind, name):
    (frame,) = frames(AwsEventStream(4096), [bedrock_cut(Refusal(400, "c", "no", kind))])
    assert (frame.event, json.loads(frame.data)) == (name, {"message": "no"})
