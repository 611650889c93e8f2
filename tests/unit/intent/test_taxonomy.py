"""The built-in categories are complete, and a policy's own add to them."""

import pytest

from firebreak.intent.taxonomy import BACKGROUND, BROAD, BUILT_IN, HARM, HARMLESS, SURFACE_TASKS, completed, missing
from firebreak.model.category import Category


@pytest.mark.parametrize("category", BUILT_IN.values(), ids=lambda category: category.name)
def test_a_built_in_category_has_a_description_and_a_dozen_examples(category):
    assert category.description
    assert len(set(category.examples)) == len(category.examples) >= 12
    assert not set(category.examples) & set(category.counterexamples)


def test_no_example_stands_in_two_places():
    texts = [text for category in BUILT_IN.values() for text in category.examples] + list(BACKGROUND)
    texts += [text for group in HARMLESS for text in group]
    assert len(texts) == len(set(texts))


def test_what_nobody_allows_is_built_in():
    assert set(BUILT_IN) > HARM


def test_everyday_work_is_built_in_and_no_harm():
    assert set(BUILT_IN) > BROAD
    assert not BROAD & HARM


def test_no_line_is_empty_or_has_space_around_it():
    texts = [text for category in BUILT_IN.values() for text in category.examples]
    texts += [text for group in HARMLESS for text in group]
    assert all(text and text == text.strip() for text in texts)


def test_a_name_with_nothing_to_go_by_is_missing():
    names = [Category("summarization"), Category("frobnication"), Category("blank", "  ", (" ",))]
    assert missing(names) == ("frobnication", "blank")


def test_a_described_or_exemplified_name_is_not_missing():
    assert missing([Category("a", "Sort mail"), Category("b", examples=("Sort my mail",))]) == ()


@pytest.mark.parametrize("name", [*SURFACE_TASKS, "unknown"])
def test_a_category_that_no_text_decides_is_not_missing(name):
    assert missing([Category(name)]) == ()


def test_a_policys_examples_add_to_the_built_in_ones():
    own = Category("translation", "Ours", ("Vertaal dit",), ("Name a language",))
    full = completed(own)
    assert full.description == "Ours"
    assert full.examples == ("Vertaal dit", *BUILT_IN["translation"].examples)
    assert full.counterexamples[0] == "Name a language"
    assert set(BUILT_IN["translation"].counterexamples) <= set(full.counterexamples)


def test_a_policys_own_category_stays_as_it_is():
    own = Category("triage", "Sort patients")
    assert completed(own) is own
