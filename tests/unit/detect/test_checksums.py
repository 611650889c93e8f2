import pytest

from firebreak.detect.checksums import (
    IBAN_LENGTHS,
    any_card,
    base58_check,
    bech32,
    british_nino,
    crc32_base62,
    german_document,
    german_pension,
    hong_kong_id,
    hungarian_taj,
    iban,
    icao_9303,
    luhn,
    mod_97_10,
    passport_zone,
    payment_card,
    russian_snils,
    singaporean_id,
    taiwanese_id,
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


def test_a_card_by_its_name_may_be_grouped_anyhow():
    assert any_card("4111.1111.1111.1111")
    assert any_card("4222222222222")
    assert any_card("6304 0000 0000 0000")
    assert not any_card("4111 1111 1111 1112")


def test_the_zone_of_a_passport_is_that_of_icao_9303():
    line = "L898902C36UTO7408122F1204159ZE184226B<<<<<10"
    assert icao_9303("520727", "3")
    assert passport_zone("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<" + line)
    for i in (0, 9, 14, 19, 22, 27, 43):
        assert not passport_zone(line[:i] + ("3" if line[i] != "3" else "4") + line[i + 1 :])


@pytest.mark.parametrize(
    ("check", "right", "wrong"),
    [
        (german_document, "T22000129 3", "T220001294"),
        (german_document, "L01X00T471", "ABCDEFGHJ1"),
        (german_pension, "15 070649 C 103", "15070649C104"),
        (hungarian_taj, "111 111 110", "111111111"),
        (hungarian_taj, "037 687 210", "000 000 000"),
        (russian_snils, "112-233-445 95", "112-233-445 96"),
        (taiwanese_id, "A123456789", "A123456788"),
        (hong_kong_id, "A123456(3)", "A123456(4)"),
        (hong_kong_id, "AB987654(3)", "AB987654(2)"),
        (hong_kong_id, "A1234563", "A1234564"),
        (singaporean_id, "S1234567D", "S1234567E"),
        (singaporean_id, "T1234567J", "T1234567A"),
        (singaporean_id, "F1234567N", "F1234567P"),
        (singaporean_id, "G1234567X", "G1234567Y"),
        (singaporean_id, "M1234567K", "M1234567A"),
        (british_nino, "AB123456C", "GB123456C"),
    ],
)
def test_a_number_of_a_state(check, right, wrong):
    assert check(right)
    assert not check(wrong)
