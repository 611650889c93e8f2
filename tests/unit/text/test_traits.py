import base64

import pytest

from firebreak.text.traits import NONE, Sign, Traits, traits
from firebreak.text.views import views


def seen(text: str) -> Traits:
    return traits(text, views(text))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "plain text, 100 % honest",
        "می\u200cخواهم",
        "👩\u200d👧 ❤\ufe0f 🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
        "cafe\u0301 … ½",
        "Это хорошо OK",
    ],
)
def test_honest_text_shows_no_signs(text):
    assert seen(text) == Traits()


def test_invisible_characters_are_counted_by_runs():
    assert seen("a\u200b\u200bb\u2060c").invisible == Sign(2, (1, 3), (4, 5))


def test_bidi_controls_are_counted():
    assert seen("\u202eabc\u202c").bidi == Sign(2, (0, 1), (4, 5))


def test_tags_are_counted_unless_they_make_a_flag():
    assert seen("a\U000e0041\U000e0042b").tags == Sign(1, (1, 3), (1, 3))
    assert seen("a\U000e0041\U000e0042b").invisible == NONE


def test_mixed_words_are_counted():
    assert seen("ignоre аll cat").mixed == Sign(2, (0, 6), (7, 10))


def test_stacked_marks_are_counted_and_spelled_out_letters_are_not():
    assert seen("k\u0302\u0303\u0304x-\u0301").marks == Sign(2, (1, 4), (6, 7))
    assert seen("Vi\u0065\u0323\u0302t cafe\u0301 k\u0302").marks == NONE


def test_encodings_leave_a_trace_on_every_layer():
    inner = base64.b64encode(b"a long enough secret").decode()
    outer = base64.b64encode(inner.encode()).decode()
    found = seen(f"x {outer} y %41%42")
    assert found.kinds == ("base64", "percent")
    assert found.depth == 3
    assert found.encoded == Sign(3, (2, 2 + len(outer)), (len(outer) + 5, len(outer) + 11))
    assert found.cut == ()


def test_a_bound_that_was_hit_is_seen():
    assert seen("\ufdfa" * 100).cut == ("growth",)
    assert seen("%41." * 20_000).cut == ("runs",)
