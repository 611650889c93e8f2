from firebreak.detect.secrets.form import letters
from firebreak.detect.secrets.openai import RULES


def test_a_short_key_needs_letters_and_digits():
    (rule,) = (rule for rule in RULES if rule.id == "sk-api-key")
    assert rule.finds("sk-" + letters(16))
    assert not rule.finds("sk-abcdefghijklmnop")
    assert not rule.finds("sk-1234567890123")
