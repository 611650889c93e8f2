import base64
import hashlib
import hmac

from firebreak.detect.examples import DOCUMENTED, is_documented


def token(key, said="{}"):
    front = ".".join(
        base64.urlsafe_b64encode(part).decode().rstrip("=") for part in (b'{"alg":"HS256"}', said.encode())
    )
    signature = hmac.digest(key, front.encode(), hashlib.sha256)
    return front + "." + base64.urlsafe_b64encode(signature).decode().rstrip("=")


def test_what_is_listed_is_documented_exactly():
    assert all(is_documented(value) for value in DOCUMENTED)
    assert not any(is_documented(value + "x") or is_documented(value[1:]) for value in DOCUMENTED)


def test_ids_in_amazons_documentation_end_in_example():
    assert is_documented("AKIA" + "IOSFODNN7EXAMPLE")
    assert is_documented("AKIA" + "222222222EXAMPLE")
    assert not is_documented("AKIA" + "IOSFODNN7EXAMPLF")
    assert not is_documented("AKIA" + "IOSFODNN7SAMPLEX")


def test_a_token_signed_with_the_key_of_jwt_io():
    assert is_documented(token(b"your-256-bit-secret"))
    assert is_documented(token(b"a-string-secret-at-least-256-bits-long", '{"name":"John Doe"}'))
    assert is_documented(token(b"secret", '{"sub":"1234567890","name":"John Doe","iat":1516239022}'))
    assert not is_documented(token(b"secret", '{"sub":"1234567890","name":"John Doe","iat":1516239023}'))
    assert not is_documented(token(b"secret"))
    assert not is_documented("eyJ.eyJ.x")
