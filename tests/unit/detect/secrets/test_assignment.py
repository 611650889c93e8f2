import pytest

from firebreak.detect.secrets.assignment import RULES
from firebreak.detect.secrets.form import letters

BY_ID = {rule.id: rule for rule in RULES}


@pytest.mark.parametrize(
    "behind", [letters(10), f' = "{letters(32)}"', f": Optional[SomeVeryLongTypeName] = '{letters(12)}'"]
)
def test_a_name_is_read_where_a_key_may_follow(behind):
    near = BY_ID["key-assignment"].near
    assert near is not None
    data = f"api_key:{behind}".encode()
    assert near(data, len(b"api_key:"))


@pytest.mark.parametrize("behind", ["", " a word of the docs, and so on", f" {'a b ' * 40}{letters(32)}"])
def test_a_name_in_plain_prose_is_not(behind):
    near = BY_ID["key-assignment"].near
    assert near is not None
    assert not near(f"token:{behind}".encode(), len(b"token:"))


@pytest.mark.parametrize("rule", ["password-plain", "password-quoted"])
@pytest.mark.parametrize("sign", [" | ", "\t", "</td><td>", "</th>\n  <td class='x'>", ">", "：", " = "])
def test_a_value_stands_behind_a_sign_or_in_the_next_cell(rule, sign):
    value = '"S3cret-pw"' if rule == "password-quoted" else "S3cret-pw"
    assert BY_ID[rule].finds(f"password{sign}{value}")
    assert BY_ID[rule].compiled.triggers(f"password{sign}{value}")
