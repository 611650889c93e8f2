import pytest

from firebreak.edge import replies
from firebreak.model.refusal import Rendered


@pytest.mark.parametrize("length", [1, replies.PIECE_BYTES, replies.PIECE_BYTES + 1, 3 * replies.PIECE_BYTES])
@pytest.mark.parametrize("last", [True, False])
def test_a_body_in_pieces_that_envoy_takes(length, last):
    streamed = [
        one.response_body.response.body_mutation.streamed_response for one in replies.body(b"x" * length, last=last)
    ]
    assert b"".join(one.body for one in streamed) == b"x" * length
    assert all(len(one.body) <= replies.PIECE_BYTES for one in streamed)
    assert [one.end_of_stream for one in streamed] == [*([False] * (len(streamed) - 1)), last]


def test_nothing_is_said_of_nothing_but_the_end():
    assert list(replies.body(b"", last=False)) == []
    (end,) = replies.body(b"", last=True)
    assert end.response_body.response.body_mutation.streamed_response.end_of_stream


def test_another_body_comes_with_its_length():
    response = replies.body_instead("\u00e9".encode()).request_body.response
    assert response.body_mutation.body == "\u00e9".encode()
    (option,) = response.header_mutation.set_headers
    assert (option.header.key, option.header.raw_value) == ("content-length", b"2")


def test_an_answer_in_the_place_of_the_providers():
    message = replies.instead(Rendered(400, "application/json", b"{}"), {"x-a": "b"}, "why").immediate_response
    assert (message.status.code, message.body, message.details) == (400, b"{}", "why")
    headers = {one.header.key: one.header.raw_value for one in message.headers.set_headers}
    assert headers == {"content-type": b"application/json", "x-a": b"b"}


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        (replies.request_headers_pass(), "request_headers"),
        (replies.headers_pass(), "response_headers"),
        (replies.trailers_go(), "response_trailers"),
    ],
)
def test_what_passes_as_it_is(message, kind):
    assert message.WhichOneof("response") == kind
