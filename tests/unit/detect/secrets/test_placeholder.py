import pytest

from firebreak.detect.secrets.placeholder import is_key, is_login_password, is_passphrase, is_password, stands_for


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
