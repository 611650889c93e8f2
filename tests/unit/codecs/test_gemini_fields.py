import pytest

from firebreak.codecs.gemini_fields import spelt
from firebreak.model.errors import BadInput
from firebreak.model.reason import Reason


@pytest.mark.parametrize(
    ("members", "key"),
    [
        ({}, "systemInstruction"),
        ({"systemInstruction": 1}, "systemInstruction"),
        ({"system_instruction": 1}, "system_instruction"),
    ],
)
def test_a_field_stands_under_either_spelling(members, key):
    assert spelt(members, "systemInstruction") == key


def test_both_spellings_are_two_fields_for_one():
    with pytest.raises(BadInput) as caught:
        spelt({"systemInstruction": 1, "system_instruction": 2}, "systemInstruction")
    assert caught.value.reason is Reason.DUPLICATE_KEY
    assert spelt({"text": 1}, "text") == "text"
