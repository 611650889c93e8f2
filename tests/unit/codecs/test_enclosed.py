import pytest

from firebreak.codecs import enclosed
from firebreak.codecs.enclosed import Enclosed, placed
from firebreak.model.conversation import Conversation, Origin, Part, PartKind, Role, Segment
from firebreak.model.errors import BadInput
from firebreak.model.finding import Span
from firebreak.model.reason import Reason


def part(text, *path):
    return Part(PartKind.TEXT, Role.USER, Origin.USER, text, (Segment(0, path),))


def request(model="m", **more):
    return Conversation("s", model, (part("hello", "messages", 0),), **more)


def test_a_request_has_its_places_in_the_whole():
    several = Enclosed()
    several.add(request(), ("requests", 0, "params"), [part("one", "requests", 0, "custom_id")])
    whole = several.finish("batches", [part("around", "x")], [Span(1, 2)])
    assert [one.segments[0].path for one in whole.parts] == [
        ("x",),
        ("requests", 0, "params", "messages", 0),
        ("requests", 0, "custom_id"),
    ]
    assert whole.requests[0].parts == whole.parts[1:]
    assert (whole.surface, whole.documents) == ("batches", (Span(1, 2),))


def test_what_they_have_in_common_is_the_wholes():
    several = Enclosed()
    several.add(request(tools=("a", "b")), ())
    several.add(request(tools=("b",), stream=True), ())
    whole = several.finish("batches", [])
    assert (whole.model, whole.stream, whole.tools) == ("m", True, ("a", "b"))
    several.add(request("other"), ())
    assert several.finish("batches", []).model == ""
    assert [one.model for one in several.finish("batches", []).requests] == ["m", "m", "other"]


@pytest.mark.parametrize("limit", ["MAX_PARTS", "MAX_PIECES"])
def test_all_together_have_no_more_parts_than_one_request_may(monkeypatch, limit):
    monkeypatch.setattr(enclosed, limit, 2)
    several = Enclosed()
    several.add(request(), ())
    several.add(request(), ())
    with pytest.raises(BadInput) as caught:
        several.add(request(), ())
    assert caught.value.reason is Reason.TOO_MANY_PARTS


def test_an_error_says_in_which_request():
    def broken():
        raise BadInput(Reason.FIELD_TYPE, "/messages")

    with pytest.raises(BadInput) as caught:
        placed("line 3", broken)
    assert (caught.value.reason, caught.value.where) == (Reason.FIELD_TYPE, "line 3/messages")
    assert placed("line 3", lambda: 1) == 1
