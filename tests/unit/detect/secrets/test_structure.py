import base64

from firebreak.detect.secrets.structure import is_basic, is_bearer, is_jwt


def encoded(text):
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def test_a_jwt_names_an_algorithm_in_its_header():
    assert is_jwt(encoded('{"alg":"none"}') + ".a.b")
    assert not is_jwt(encoded('{"typ":"JWT"}') + ".a.b")
    assert not is_jwt(encoded('["alg"]') + ".a.b")
    assert not is_jwt("eyJ!!!.a.b")


def test_a_long_header_is_read_as_far_as_its_limit():
    assert is_jwt(encoded('{"alg":"RS256","x":"' + "a" * 9000 + '"}') + ".a.b")


def test_basic_holds_a_name_and_a_password():
    assert is_basic(base64.b64encode(b"ann:hunter22").decode())
    assert not is_basic(base64.b64encode(b"ann:<password>").decode())
    assert not is_basic(base64.b64encode(b"no colon here").decode())
    assert not is_basic("understanding")


def test_bearer_is_more_than_a_word():
    assert is_bearer("Ab3dEf6hIj9kLm2n")
    assert not is_bearer("responsibilities")
    assert not is_bearer("YOUR_TOKEN_HERE_1")
