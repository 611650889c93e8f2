import pytest

from firebreak.pipeline.sealed import fixed

BODY = b'{"to":"ada@example.com","n":12,"note":"Zo\\u00eb"}'
MAIL = (7, 22, b"[EMAIL_ADDRESS_1]")
NAME = (BODY.index(b"Zo"), BODY.index(b"Zo") + 8, b"[NAME_1]")


@pytest.mark.parametrize(
    "name",
    ["x-amz-date", "x-amz-content-sha256", "content-digest", "repr-digest", "digest", "content-md5", "signature-input"],
)
def test_a_signature_or_a_digest_holds_for_the_body_as_it_is(name):
    assert fixed({name: "x"}, BODY, [MAIL])


def test_without_one_the_body_may_be_changed():
    assert not fixed({"content-type": "application/json", "mcp-name": "send"}, BODY, [MAIL])


@pytest.mark.parametrize(
    ("value", "change"),
    [("ada@example.com", MAIL), ("to ada@example.com now", MAIL), ("=?base64?Wm/Dqw==?=", NAME), ("12", (28, 30, b'"x"'))],
)  # fmt: skip
def test_what_stands_in_a_header_too_cannot_be_taken_out(value, change):
    assert fixed({"mcp-param-to": value}, BODY, [change])
    assert not fixed({"x-other": value}, BODY, [change])


def test_odd_headers():
    assert not fixed({"mcp-param-to": "=?base64?!?="}, BODY, [MAIL])
    assert not fixed({"mcp-param-to": ""}, BODY, [(7, 7, b"x")])
    assert fixed({"mcp-param-to": "a\\"}, b'"a\\"', [(1, 3, b"x")])
