from random import Random

import pytest

from training import languages
from training.corpus import GRAMMARS
from training.grammar import Grammar
from training.languages import ATTACKS, DOCUMENTS, LANGUAGES, ORDERS, PROSE, REQUESTS, say


def echo(slot, rng):
    return f"{slot}{rng.randint(0, 9)}"


@pytest.fixture(scope="module")
def grammar():
    return Grammar(*GRAMMARS)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("patterns", [ATTACKS, DOCUMENTS, REQUESTS, PROSE])
def test_every_language_has_all_slots_and_is_varied(grammar, language, patterns):
    rng = Random(language)
    assert len({say(grammar.text, language, patterns, rng).text for _ in range(120)}) > 80


def test_what_stands_around_an_attack_is_no_part_of_it():
    for seed in range(300):
        said = say(echo, "de", ATTACKS, Random(seed))
        assert 0 <= said.start <= said.end <= len(said.text)
        assert "⟦" not in said.text
        assert "⟧" not in said.text
    assert all(say(echo, "de", DOCUMENTS, Random(seed)).end for seed in range(60))
    said = say(echo, "de", [("<q> ⟦<ask>⟧ <n>", 1)], Random(1))
    assert said.text[said.start : said.end].startswith("de_ask")
    assert all("⟦" not in pattern for pattern, _ in ORDERS)


def test_slots_of_no_language_words_and_full_stops(monkeypatch):
    monkeypatch.setattr(languages, "LOWERED", 0)
    monkeypatch.setattr(languages, "BARE_END", 0)
    assert say(echo, "hi", [("<ign><.> x", 1)], Random(1)).text[-3:] == "। x"
    assert say(echo, "hi", [("<=f_x>", 1)], Random(1)).text.startswith("f_x")
    said = say(echo, "hi", [("<word*>", 1)], Random(1)).text.split()
    assert len(set(said)) == 1
    assert 3 <= len(said) <= 14
    assert said[0].startswith("word")


def test_texts_are_read_folded_and_wide_marks_stand_with_and_without_blanks(monkeypatch):
    monkeypatch.setattr(languages, "LOWERED", 0)
    monkeypatch.setattr(languages, "BARE_END", 0)
    said = {say(lambda *_: "密码？", "zh", [("<q> ⟦<ask>⟧ x", 1)], Random(seed)) for seed in range(20)}
    assert {(one.text, one.text[one.start : one.end]) for one in said} == {
        ("密码? 密码? x", "密码?"),
        ("密码?密码? x", "密码?"),
    }


def test_small_letters_and_missing_last_marks(monkeypatch):
    monkeypatch.setattr(languages, "LOWERED", 1)
    monkeypatch.setattr(languages, "BARE_END", 1)
    assert say(lambda *_: "Was IST das?", "de", [("<q>", 1)], Random(1)).text == "was ist das"
