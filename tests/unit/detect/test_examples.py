import base64
import json

from firebreak.detect.examples import DOCUMENTED, is_documented


def token(said):
    parts = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in ({"alg": "x"}, said)]
    return ".".join([*parts, "c2ln"])


def test_what_is_listed_is_documented_exactly():
    assert all(is_documented(value) for value in DOCUMENTED)
    assert not any(is_documented(value + "x") or is_documented(value[1:]) for value in DOCUMENTED)


def test_ids_in_amazons_documentation_end_in_example():
    assert is_documented("AKIA" + "IOSFODNN7EXAMPLE")
    assert is_documented("AKIA" + "222222222EXAMPLE")
    assert not is_documented("AKIA" + "IOSFODNN7EXAMPLF")
    assert not is_documented("AKIA" + "IOSFODNN7SAMPLEX")


def test_the_token_that_everybody_starts_from():
    assert is_documented(token({"sub": "1234567890", "name": "x"}))
    assert is_documented(token({"name": "John Doe"}))
    assert not is_documented(token({"sub": "u-77"}))
    assert not is_documented("eyJ.eyJ.x")
