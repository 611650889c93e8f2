import re

import pytest

from firebreak.model.possessive import possessive


def test_repeats_of_groups_are_plain_where_python_is_old():
    assert possessive(r"(?:ab)*+(?:c){2,}+x++\)++", mended=False) == r"(?:ab)*(?:c){2,}x++\)++"
    assert possessive(rb"(?:ab)++", mended=False) == rb"(?:ab)+"
    assert possessive(r"(?:ab)*+", mended=True) == r"(?:ab)*+"


@pytest.mark.parametrize(("text", "taken"), [("abBaba", "abB"), ("abbabb%", "abbabb"), ("", ""), ("ab", "")])
def test_what_a_failed_round_has_read_is_not_taken(text, taken):
    found = re.match(possessive("(?:a[bB]{2})*+"), text)
    assert found
    assert found[0] == taken
