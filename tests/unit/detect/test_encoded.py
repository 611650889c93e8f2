import base64
import json

import pytest

from firebreak.detect.encoded import MAX_PART_CHARS, decoded, json_object, login


def encoded(text):
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


@pytest.mark.parametrize("text", ["", "a", "ab", "abc", "abcd", "ÿ~?>"])
def test_either_alphabet_is_decoded_padded_or_not(text):
    data = text.encode()
    for form in (base64.b64encode(data).decode(), base64.urlsafe_b64encode(data).decode()):
        assert decoded(form) == decoded(form.rstrip("=")) == data


@pytest.mark.parametrize("text", ["a", "ab!d", "é", "ab d", "=====a"])
def test_what_is_not_base64_is_empty(text):
    assert decoded(text) == b""


def test_a_part_of_a_token_is_an_object_or_nothing():
    assert json_object(encoded('{"alg": "none"}')) == {"alg": "none"}
    assert not json_object(encoded('["alg"]'))
    assert not json_object(encoded('{"alg"'))
    assert not json_object(encoded("[" * 1400))
    assert not json_object(encoded(json.dumps({"x": "y" * MAX_PART_CHARS})))


def test_a_login_has_a_colon():
    assert login(base64.b64encode(b"ann:S3cret:pw").decode()) == ("ann", "S3cret:pw")
    assert login(base64.b64encode(b"ann").decode()) is None
    assert login(base64.b64encode(b"\xff\x00:a").decode()) is None
