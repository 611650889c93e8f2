import base64

from firebreak.detect.secrets.packages import is_checked, is_macaroon, is_npmrc


def macaroon(place):
    return (
        "pypi-"
        + base64.urlsafe_b64encode(b"\x02\x01\x01" + bytes([len(place)]) + place + b"\x02\x24" + b"x" * 99).decode()
    )


def test_a_token_of_pypi_names_its_index():
    assert is_macaroon(macaroon(b"pypi.org"))
    assert is_macaroon(macaroon(b"test.pypi.org"))
    assert not is_macaroon(macaroon(b"acme.org"))
    assert not is_macaroon("pypi-x")


def test_a_token_of_npm_ends_with_its_check():
    assert is_checked("npm_" + "zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ" + "0mLq17")
    assert not is_checked("npm_" + "a" * 36)


def test_a_login_of_npm_is_machine_made():
    assert is_npmrc("_auth = YW5uOlMzY3JldC1wdw==")
    assert not is_npmrc("_auth=true")
