from random import Random

import pytest

from training import grammar
from training.corpus import GRAMMARS
from training.grammar import Grammar


@pytest.fixture
def written(tmp_path, monkeypatch):
    monkeypatch.setattr(grammar, "GRAMMARS", tmp_path)

    def write(text):
        (tmp_path / "g.txt").write_text(text)
        return Grammar("g")

    return write


def said(one, slot="a"):
    return {one.text(slot, Random(seed)) for seed in range(60)}


def test_slots_choices_and_breaks(written):
    one = written("# a comment\n[a]\n{b} {red|green}{?!}\\n\\{x\\}\n\n[b]\nfox\nowl\n")
    assert said(one) == {
        f"{animal} {colour}{mark}\n{{x}}"
        for animal in ("fox", "owl")
        for colour in ("red", "green")
        for mark in ("", "!")
    }


def test_a_choice_of_names_is_one_of_slots_and_a_word_stays_a_word(written):
    one = written("[a]\n{b|c_d|}-{b|word}-{word|c_d}\n[b]\nB\n[c_d]\nCD\n")
    assert {text.split("-")[0] for text in said(one)} == {"B", "CD", ""}
    assert {text.split("-")[1] for text in said(one)} == {"b", "word"}
    assert {text.split("-")[2] for text in said(one)} == {"word", "CD"}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[a]\n{b}\n", "names `b`, which is not there"),
        ("[a]\n[b]\nx\n", "slot `a` is empty"),
        ("[a]\nx\n[a]\ny\n", "there twice"),
        ("[a]\n{x|y\n", "not closed"),
        ("[a]\nx}\n", "a brace too many"),
        ("[a]\n{no slot}\n", "is no slot"),
    ],
)
def test_mistakes_are_told(written, text, problem):
    with pytest.raises(ValueError, match=problem):
        written(text)


def test_slots_that_never_end_are_told(written):
    with pytest.raises(ValueError, match="without end"):
        written("[a]\n{a}\n").text("a", Random(1))


def test_the_grammars_say_something_everywhere():
    every = Grammar(*GRAMMARS)
    rng = Random(3)
    for slot in every.slots:
        texts = {every.text(slot, rng) for _ in range(20)}
        assert any(texts), slot
        assert not any("{" in text and "}" in text and "|" in text for text in texts if slot.startswith("h_")), slot
