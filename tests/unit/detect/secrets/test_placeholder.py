import pytest

from firebreak.detect.secrets.placeholder import (
    is_framework_key,
    is_hash,
    is_key,
    is_login_password,
    is_name,
    is_passphrase,
    is_password,
    is_password_name,
    is_shuffled,
    stands_for,
)


@pytest.mark.parametrize(
    "value",
    [
        "<password>",
        "${TOKEN}",
        "{{ secret }}",
        "your-api-key",
        "xxxxxxxx",
        "****",
        "...",
        "$PASSWORD",
        "password",
        "admin_password",
        "aaaaaaaa",
        "changeme",
        "p@ssw0rd",
        "change-it",
        "op://vault/db/pw1",
        "ENC[AES256_GCM,data:x1]",
        "string",
    ],
)
def test_what_only_keeps_a_place(value):
    assert stands_for(value)
    assert not is_login_password(value)
    assert not is_password(value + "")


@pytest.mark.parametrize("value", ["hunter22", "S3cret-pw", "Tr0ub4dor&3", "p4ss-Word!"])
def test_what_a_person_chose(value):
    assert is_password(value)
    assert is_login_password(value)
    assert is_passphrase(value)


@pytest.mark.parametrize("behind", ["</td>", "</b></p>", ")", "),", "};"])
def test_what_only_follows_a_value_is_no_part_of_it(behind):
    assert is_password("hunter22" + behind)
    assert is_login_password("hunter22" + behind)
    assert is_framework_key("x7#kq&2m!vbt4-w3cr8h$nsy3p=d6gjf5" + behind)
    assert not is_password("get_password(user1" + behind)
    assert not is_password("user.password" + behind)


@pytest.mark.parametrize(
    "value", ["request.form2", "get_password(user1)", "config[2a]", "letters", "1234567", "self.x1"]
)
def test_code_and_plain_words_are_no_bare_password(value):
    assert not is_password(value)


def test_a_quoted_passphrase_makes_no_sentence():
    assert is_passphrase("correct horse battery staple")
    assert not is_passphrase("Password is required for all users")
    assert not is_passphrase("please enter the password again")
    assert not is_passphrase("two words")


def test_a_key_is_spread_wide():
    assert is_key("abcdef1234567890")
    assert not is_key("aaaaaaaaaaaa1")
    assert not is_key("onlyletterswithoutdigits")
    assert not is_key("settings.module2")


@pytest.mark.parametrize(
    "value", ["a2a-secret-key-1", "api_token_v2", "DB_PASSWORD_2", "accessTokenV2", "tests/unit/a1"]
)
def test_names_are_no_keys(value):
    assert is_name(value)
    assert not is_key(value)
    assert is_password_name(value)


def test_a_password_may_be_a_word_and_a_number():
    assert is_name("hunter-22")
    assert not is_password_name("hunter-22")
    assert is_password("hunter-22")
    assert is_passphrase("Gr33n.Tree")


def test_a_framework_signs_with_something_long():
    assert is_framework_key("x7#kq&2m!vbt4-w(cr8h$nsy3p=d6gjf5")
    assert not is_framework_key("short1")
    assert not is_framework_key("os.environ['SECRET_KEY_OF_THE_APP_1']")
    assert not is_framework_key("change-me-please-this-is-no-key-1")


def test_a_hash_is_spread_wide():
    assert is_hash("$2b$12$" + "k9Xq2LmZ7vBt4WcR8hNsY")
    assert not is_hash("$2b$12$" + "a" * 53)


@pytest.mark.parametrize("value", ["aDXLmcSeJVlaFN", "kQzWbRtYpLmN"])
def test_letters_in_no_order_are_machine_made(value):
    assert is_shuffled(value)
    assert is_password(value)


@pytest.mark.parametrize(
    "value", ["PasswordEncoderFactories", "MyVeryLongName", "HTMLParserXMLNode", "iOSAppPassword", "x1" * 9]
)
def test_names_in_capitals_are_not_shuffled(value):
    assert not is_shuffled(value)
