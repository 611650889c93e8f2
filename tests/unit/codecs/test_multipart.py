import pytest
from hypothesis import given
from hypothesis import strategies as st

from firebreak.codecs.multipart import MAX_FIELDS, Field, fields
from firebreak.model.errors import BadInput
from firebreak.model.reason import Reason

TYPE = "multipart/form-data; boundary=xYz"


def part(name="a", data=b"1", head="", filename=None):
    named = f'; filename="{filename}"' if filename is not None else ""
    return f'Content-Disposition: form-data; name="{name}"{named}\r\n{head}\r\n'.encode() + data


def body(*parts, end=b"--\r\n"):
    return b"--xYz\r\n" + b"\r\n--xYz\r\n".join(parts) + b"\r\n--xYz" + end


def refused(raw, reason=Reason.NOT_MULTIPART, content_type=TYPE):
    with pytest.raises(BadInput) as caught:
        fields(raw, content_type)
    assert caught.value.reason is reason


def test_fields_and_files_come_in_order_with_their_bytes():
    raw = body(
        part("model", b"gpt-image-1"), part("image[]", b"\x89PNG\r\n--x", "Content-Type: image/png\r\n", "a b.png")
    )
    assert fields(raw, TYPE) == (
        Field("model", None, "", b"gpt-image-1"),
        Field("image[]", "a b.png", "image/png", b"\x89PNG\r\n--x"),
    )


def test_a_quoted_boundary_and_a_body_without_a_last_line_end():
    assert fields(body(part(), end=b"--"), 'multipart/form-data; boundary="xYz"') == (Field("a", None, "", b"1"),)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"--xYz",
        b"\r\n" + body(part()),
        b"preamble\r\n" + body(part()),
        body(part())[:-6],
        body(part()).replace(b"\r\n", b"\n"),
        b"--xYz\r\n" + part() + b"\r\n--xYzz\r\n" + part() + b"\r\n--xYz--",
        body(b"\r\nno headers"),
        body(part(head="X-Other: 1\r\n")),
        body(part(head="Content-Transfer-Encoding: base64\r\n")),
        body(part(head='Content-Disposition: form-data; name="b"\r\n')),
        body(part(head="Content-Type: a/b\r\nContent-Type: c/d\r\n")),
        body(part(head="Content-Type: text/plain; charset=utf-16\r\n")),
        body(b"Content-Disposition: form-data; name=\"a\"; filename*=utf-8''x\r\n\r\n1"),
        body(b'Content-Disposition: form-data; name="a\\"b"\r\n\r\n1'),
        body(b"Content-Disposition: form-data; name=a\r\n\r\n1"),
        body(b'Content-Disposition: attachment; name="a"\r\n\r\n1'),
    ],
)
def test_what_parsers_read_differently_is_refused(raw):
    refused(raw)


def test_text_after_the_end_is_refused():
    refused(body(part(), end=b"--\r\nmore"), Reason.TRAILING_DATA)


def test_without_a_boundary_there_is_no_form():
    refused(body(part()), Reason.CONTENT_TYPE, "multipart/form-data")


def test_there_are_only_so_many_fields():
    refused(body(*[part()] * (MAX_FIELDS + 1)), Reason.TOO_MANY_PARTS)


def test_a_value_that_is_no_text_says_where():
    with pytest.raises(BadInput, match="prompt"):
        Field("prompt", None, "", b"\xff").text()


@given(
    st.binary(max_size=200),
    st.lists(st.sampled_from([b"\r\n", b"--xYz", b"--", b"\r\n\r\n", part(), b"x"]), max_size=12),
)
def test_whatever_the_bytes_it_returns_or_raises_bad_input(noise, pieces):
    for raw in (noise, b"--xYz\r\n" + b"".join(pieces)):
        try:
            found = fields(raw, TYPE)
        except BadInput:
            continue
        assert all(isinstance(field, Field) for field in found)


def test_a_field_knows_where_its_bytes_begin():
    raw = body(part("a", b"one"), part("b", b"two"), part("c", b""))
    assert [raw[field.at : field.at + len(field.data)] for field in fields(raw, TYPE)] == [b"one", b"two", b""]
