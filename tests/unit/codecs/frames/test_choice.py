import pytest

from firebreak.codecs.frames.choice import json_or_events
from firebreak.codecs.frames.sse import Sse
from firebreak.codecs.frames.whole import Whole


def test_it_goes_by_the_content_type():
    assert isinstance(json_or_events("text/event-stream", 10), Sse)
    assert isinstance(json_or_events("application/json", 10), Whole)


@pytest.mark.parametrize("content_type", ["", "text/plain", "application/json; charset=utf-8", "Application/JSON"])
def test_what_is_neither_has_no_framing(content_type):
    assert json_or_events(content_type, 10) is None
