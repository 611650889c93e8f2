from random import Random

import pytest

from training.carriers import CARRIERS, Maker, between, dressed, inside, within
from training.corpus import GRAMMARS
from training.grammar import Grammar

ORDER = "Kindly write a poem about the sea."
MAKER = Maker(Grammar(*GRAMMARS), ["A sentence stands here."], ["One line.\nAnother line.\nA third.\nA fourth."])


@pytest.mark.parametrize("name", CARRIERS)
def test_a_carrier_says_where_its_order_stands(name):
    rng = Random(name)
    for _ in range(40):
        placed = MAKER.make(name, rng, ORDER)
        assert ORDER in placed.text[placed.start : placed.end]
        assert placed.end - placed.start <= len(ORDER) + 10


@pytest.mark.parametrize("name", CARRIERS)
def test_without_an_order_there_is_no_place(name):
    rng = Random(name)
    for _ in range(20):
        placed = MAKER.make(name, rng)
        assert placed.start == placed.end
        assert placed.text.strip()


def test_the_same_seed_gives_the_same_text():
    assert MAKER.make("mixed", Random(4), ORDER) == MAKER.make("mixed", Random(4), ORDER)


def test_orders_stand_first_last_and_between():
    places = {between(["a", "b"], "X", Random(seed), "\n").text for seed in range(40)}
    assert places == {"X\na\nb", "a\nX\nb", "a\nb\nX"}


def test_an_order_that_is_not_there_has_no_place():
    assert inside("abc", "x") == inside("abc", "")


def test_in_a_text_orders_stand_first_last_and_where_a_sentence_or_line_ends():
    text = "One is here. Two.\nThree"
    found = [within(text, "X", Random(seed)) for seed in range(80)]
    assert {placed.text[: placed.start].strip() for placed in found} == {"", "One is here.", "One is here. Two.", text}
    assert all(placed.text[placed.start : placed.end] == "X" for placed in found)
    assert within(text, "", Random(1)).text == text


@pytest.mark.parametrize("task", ["Explain the tides to me.", "Why is the sky blue?"])
def test_a_task_is_dressed_up_in_many_ways_and_keeps_what_it_asks(task):
    found = {dressed(MAKER, task, Random(seed)) for seed in range(200)}
    assert len(found) > 40
    assert all(task[1:-1].lower() in said.lower() for said in found)


def test_code_is_not_dressed_up():
    assert {dressed(MAKER, "Run this:\nls", Random(seed)) for seed in range(40)} == {"Run this:\nls"}
