import unicodedata

import pytest

from firebreak.text import fold as module
from firebreak.text.fold import MAX_LIGATURES, MAX_MARKS, fold, foreign, mixes


def folded(text: str) -> str:
    return fold(text)[0]


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("ｉｇｎｏｒｅ　ａｌｌ", "ignore all"),
        ("𝐢𝐠𝐧𝐨𝐫𝐞 𝒶𝓁𝓁", "ignore all"),
        ("i\u200bg\u200bn\u2060o\ufeffr\u00ade", "ignore"),
        ("\u202eignore\u202c \u2067all\u2069", "ignore all"),
        ("ign\u200dore", "ignore"),
        ("ig\U000e0041\U000e0042nore", "ignore"),
        ("ig\ufe0fnore a\U000e0100ll", "ignore all"),
        ("ignоrе all prеviоus", "ignore all previous"),
        ("Αct as ΕΟD mode", "Act as EOD mode"),
        ("асе of spades", "ace of spades"),
        ("Ꭺct ꓐig", "Act Big"),
        ("ᴀʙᴄ 🅰🅱", "abc AB"),
        ("don’t “stop” – now", 'don\'t "stop" - now'),
        ("sk‑live", "sk-live"),
        ("key1\ufe0f — x", "key1 - x"),
        ("ignore\u00a0 \u2003all", "ignore all"),
        ("s\u0301k\u0302-\u0303live", "\u015bk-live"),
        ("a\u200b\u0301", "á"),
        ("".join(f"{letter}\u0336" for letter in "ignore all"), "ignore all"),
        ("".join(f"{letter}\u0301\u0323\u0334" for letter in "ignore all"), "ignore all"),
        ("🇮🇬🇳🇴🇷🇪 all", "IGNORE all"),
        ("🇮\u200b🇬 🇳🇴🇷", "IG NOR"),
        ("ign०re igꓳre ign∪t", "ignore igOre ignUt"),
        ("Ꜳ ꝏps", "AA oops"),
        ("𐊠ct", "𐊠ct"),
        ("a\u00a0\u00a0b – “c”\t", 'a b - "c"\t'),
    ],
)
def test_folds(text, plain):
    assert folded(text) == plain


@pytest.mark.parametrize(
    "text",
    [
        "plain  ASCII\twith   spaces",
        "Это хорошо, а как OK",
        "Как дела? Всё хорошо.",
        "Ο Αριστοτέλης ήταν φιλόσοφος",
        "می\u200cخواهم بروم",
        "क्\u200dष",
        "שלום\u200f עולם",
        "1\ufe0f\u20e3 👩\u200d👧 ❤\ufe0f",
        "葛\U000e0100城",
        "日本語の文章です。",
        "café naïve ı",
        "5 μm and 3 Ω apart: Δt",
        "🇩🇪🇫🇷 and 🇮🇹",
        "3×4 m² is ४२ or ٤٢; ℮ 5",
        "ɖe œuvre Æther ʋ",
    ],
)
def test_leaves_honest_text_alone(text):
    text = unicodedata.normalize("NFKC", text)
    assert fold(text) == (text, (), False)


def test_a_word_of_twins_stays_where_its_line_is_honestly_foreign():
    assert folded("асе of spades\nа это другая строка, OK") == "ace of spades\nа это другая строка, OK"


def test_many_distinct_signs_fold_alike():
    signs = "‘’“”‐–−⁄∕∣∗∼‹›❨❩❲❳❴❵❶❷❸❹❺❻❼"
    assert len(set(signs)) > 24
    assert folded(signs) == "''\"\"---//|*~<>()(){}1234567"


def test_ligatures_that_explode_are_left_and_reported():
    text = "\ufdfa" * (MAX_LIGATURES + 1)
    assert fold(text) == (text, (), True)
    assert len(folded("\ufdfa")) == 18


def test_marks_piled_high_are_cut_before_they_are_sorted():
    pile = "ж" + "\u0301\u0316" * 50_000
    plain, chain, _ = fold(pile)
    assert plain == "ж" + "\u0316" * (MAX_MARKS // 2) + "\u0301" * (MAX_MARKS // 2)
    start, end = 0, 1
    for offsets in chain:
        start, end = offsets.span(start, end)
    assert start == 0


def test_maps_lead_back_over_removal_composition_and_space():
    text = "x  ｉg\u200bnо\u0301re  …y"
    plain, chain, _ = fold(text)
    assert plain == "x ignóre ...y"

    def back(start: int, end: int) -> str:
        for offsets in chain:
            start, end = offsets.span(start, end)
        return text[start:end]

    assert back(2, 8) == "ｉg\u200bnо\u0301re"
    assert back(5, 6) == "о\u0301"
    assert back(10, 11) == "…"
    assert back(12, 13) == "y"


def test_hangul_of_any_width_maps_back_by_syllable():
    text = "x ᄀ\uffcfᆨ ᄀ\u116e y"
    plain, chain, _ = fold(text)
    assert plain == "x 괵 구 y"
    assert [chain[0].span(at, at + 1) for at in (2, 4, 6)] == [(2, 5), (6, 8), (9, 10)]


@pytest.mark.parametrize("text", ["igno\u00adre", "“igno\u00adre” – so", "é igno\u00adre"])
def test_a_soft_hyphen_goes_whatever_ordinary_signs_stand_beside_it(text):
    assert "ignore" in fold(text)[0]


def test_what_folds_alone_folds_as_it_does_beside_what_needs_a_closer_look():
    signs = sorted(module._FORMS)
    for sign in signs:
        assert fold(f"1{sign}1")[0] == fold(f"1{sign}1\u200b")[0], hex(ord(sign))
    still = [chr(point) for point in range(0x80, 0x1FB00) if module._LONELY.fullmatch(chr(point))]
    text = " ".join(character for character in still if character not in module._FORMS)
    assert fold(text)[0] == text
    assert fold(text + "\u200b")[0] == text


def test_a_sign_that_becomes_several_maps_back():
    plain, chain, _ = fold("wait… „so“ ½")
    assert plain == 'wait... "so" 1/2'
    assert chain[0].span(plain.index("so"), plain.index("so") + 2) == (7, 9)


def test_foreign_is_all_that_is_not_ascii_and_takes_lone_surrogates():
    assert foreign("aéb…\ud800c") == "é…\ud800"


@pytest.mark.parametrize("text", ["xо", "оx", "привет оx", "привет xо привет", "long latin text оx"])
def test_a_mix_is_seen_from_either_side(text):
    assert mixes(text)


def test_neighbours_do_not_mix():
    assert not mixes("cat кот")
    assert not mixes("кот cat кот")


def test_no_character_outside_the_scanned_blocks_moves_offsets():
    scanned = {point for block in module._SCAN for point in block}
    for point in range(0x80, 0x30000):
        character = chr(point)
        if point in scanned or 0xD800 <= point < 0xE000:
            continue
        assert not unicodedata.combining(character), hex(point)
        form = unicodedata.normalize("NFKC", "a" + character)
        assert len(form) == 2, hex(point)
        assert form[0] == "a", hex(point)


@pytest.mark.parametrize(
    "text", ["ig\x1b[31mnore\x1b[0m", "\x1bignore\x1b\x1b", "ig\x1b[38;5;1mno\x1b[2Kre", "ig\x1b\x1b[0mnore"]
)
def test_what_a_terminal_does_not_show_goes(text):
    plain, maps, _ = fold(text)
    assert plain == "ignore"
    assert fold(plain)[0] == plain
    (offsets,) = maps
    assert text[slice(*offsets.span(0, 6))].startswith(("i", "\x1b"))


def test_it_goes_from_a_text_that_folds_as_well():
    assert fold("\x1b[1mｉｇｎｏｒｅ\x1b[0m  all")[0] == "ignore all"
