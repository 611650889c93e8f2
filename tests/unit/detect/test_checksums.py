import pytest

from firebreak.detect.checksums import (
    IBAN_LENGTHS,
    base58_check,
    bech32,
    crc32_base62,
    iban,
    luhn,
    mod_97_10,
    payment_card,
    us_ssn,
)


@pytest.mark.parametrize("number", ["4111111111111111", "378282246310005", "79927398713", "0"])
def test_luhn_holds(number):
    assert luhn(number)


@pytest.mark.parametrize("digit", range(16))
def test_luhn_sees_any_one_changed_digit(digit):
    number = "4111111111111111"
    other = str((int(number[digit]) + 1) % 10)
    assert not luhn(number[:digit] + other + number[digit + 1 :])


@pytest.mark.parametrize("text", ["DE89370400440532013000", "GB82WEST12345698765432", "FR1420041010050500013M02606"])
def test_iban_holds_and_each_changed_digit_breaks_it(text):
    assert iban(text)
    assert mod_97_10(text)
    for i in range(2, len(text)):
        if text[i].isdigit():
            assert not iban(text[:i] + str((int(text[i]) + 1) % 10) + text[i + 1 :])


def test_iban_needs_the_length_of_its_country():
    assert iban("GB82 WEST 1234 5698 7654 32")
    assert not iban("XX89370400440532013000")
    assert all(15 <= length <= 34 for length in IBAN_LENGTHS.values())


@pytest.mark.parametrize(
    "number",
    [
        "4111 1111 1111 1111",
        "5500-0000-0000-0004",
        "378282246310005",
        "30569309025904",
        "6011111111111117",
        "2223003122003222",
    ],
)
def test_a_card_of_each_network(number):
    assert payment_card(number)


@pytest.mark.parametrize("number", ["4111111111111112", "411111111111111", "1234567890123452", "9999999999999995"])
def test_no_card(number):
    assert not payment_card(number)


@pytest.mark.parametrize(
    ("number", "possible"),
    [
        ("123-45-6789", True),
        ("000-45-6789", False),
        ("666-45-6789", False),
        ("900-45-6789", False),
        ("123-00-6789", False),
        ("123-45-0000", False),
    ],
)
def test_us_ssn(number, possible):
    assert us_ssn(number) is possible


def test_a_crc_in_base_62_is_githubs():
    assert crc32_base62("zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ" + "0mLq17")
    assert not crc32_base62("zQWBuTSOoRi4A9spHcVY5ncnsDkxkK" + "0mLq17")
    assert not crc32_base62("0mLq17")


@pytest.mark.parametrize("text", ["A12UEL5L", "a12uel5l", "abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw"])
def test_bech32_of_bip_173(text):
    assert bech32(text)


@pytest.mark.parametrize("text", ["A12UEL5M", "A12uEL5L", "1nwldj5", "abc1b", "x", ""])
def test_no_bech32(text):
    assert not bech32(text)


def test_base58_with_its_check():
    assert base58_check("5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqv" + "bTLvyTJ")
    assert not base58_check("5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqv" + "bTLvyTK")
    assert not base58_check("0")
    assert not base58_check("")
