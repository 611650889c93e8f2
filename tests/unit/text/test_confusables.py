import unicodedata

from firebreak.text.confusables import ALWAYS, LETTERS, TWINS


def test_the_table_is_large_and_has_no_doubles():
    assert len(LETTERS) + len(ALWAYS) >= 400
    assert not LETTERS.keys() & ALWAYS.keys()
    assert set(map(ord, TWINS)) <= LETTERS.keys()


def test_each_entry_leads_from_beyond_ascii_to_one_ascii_character():
    for point, plain in (LETTERS | ALWAYS).items():
        assert point > 127
        assert len(plain) == 1
        assert plain.isascii()


def test_letters_resemble_letters_or_digits():
    assert all(plain.isalnum() for plain in LETTERS.values())


def test_what_nfkc_folds_already_is_not_listed():
    for point in LETTERS | ALWAYS:
        assert unicodedata.normalize("NFKC", chr(point)) == chr(point)
