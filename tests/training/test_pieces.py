"""What the encoder learns from: each piece says what is known of it, and no more."""

from pathlib import Path

import pytest
from tests import encoders
from tokenizers import Tokenizer

from training import pieces, written
from training.example import Example
from training.pieces import CAPS, PIECES, Label, chosen, labels, rows

HARMLESS, ORDER, INJECTION, JAILBREAK = Label


@pytest.mark.parametrize(
    ("user", "data", "left"),
    [
        (True, True, {INJECTION}),
        (True, None, {INJECTION}),
        (False, False, {HARMLESS}),
        (False, True, {ORDER}),
        (False, None, {HARMLESS, ORDER}),
        (None, True, {ORDER, INJECTION}),
        (None, False, {HARMLESS}),
    ],
)
def test_two_answers_leave_some_labels(user, data, left):
    assert labels("f_override", user=user, data=data) == left


def test_jailbreaks_are_kept_apart_from_injections():
    assert labels("f_persona2", user=True, data=True) == {JAILBREAK}
    assert labels("w_attacks", user=True, data=True) == {INJECTION, JAILBREAK}
    assert labels("w_languages_attacks_amid", user=True, data=None) == {INJECTION, JAILBREAK}
    assert labels("w_framings", user=True, data=True) == {JAILBREAK}
    assert labels("f_persona2", user=False, data=None) == {HARMLESS, ORDER}


def test_the_encoder_learns_orders_told_by_their_place_alone_and_no_group_more_than_its_cap(monkeypatch):
    beside = [Example(f"text {number}", "w_beside", user=False, data=None) for number in range(CAPS["w_beside"] + 5)]
    monkeypatch.setattr(pieces, "examples", lambda path, seed, last: [*beside, *last])
    groups = [one.group for one in chosen(Path("train"))]
    assert groups.count("w_beside") == CAPS["w_beside"]
    assert len(groups) - CAPS["w_beside"] == len(list(written.odd()))


@pytest.fixture
def tokenizer(tmp_path):
    encoders.tokenizer(tmp_path)
    return Tokenizer.from_file(str(tmp_path / "tokenizer.json"))


def test_a_placed_attack_is_in_its_piece_and_no_piece_is_too_long(tokenizer):
    evil = encoders.WORDS.index("evil")
    text = "good " * 300 + "evil " + "sea " * 300
    one = Example(text, "g", user=True, data=True, start=1500, end=1504)
    made = list(rows([one] * 40, tokenizer))
    assert len(made) == 40
    for row in made:
        assert row.tokens.count(evil) == 1
        assert len(row.tokens) <= max(PIECES) + 2
        assert row.labels == {INJECTION}
        assert row.whole == 0


def test_of_a_long_attack_without_a_place_all_pieces_are_told_to_be_of_one(tokenizer):
    long, other = (Example("good " * 900, "g", user=True, data=True, weight=6.0) for _ in range(2))
    harmless = Example("good " * 900, "g", user=False, data=None, weight=6.0)
    short = Example("evil sea ship", "g", user=True, data=True)
    made = list(rows([long, harmless, other, short], tokenizer))
    wholes = [row.whole for row in made if row.labels == {INJECTION} and len(row.tokens) > 5]
    assert set(wholes) == {1, 3}
    assert all(wholes.count(number) > 1 for number in (1, 3))
    assert {row.whole for row in made if row.labels != {INJECTION} or len(row.tokens) == 5} == {0}
