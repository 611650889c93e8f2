import pytest

from firebreak.detect.language.scripts import NAMES, OTHER, RUNS, SOLE, language_of_run


def test_a_run_ends_before_a_letter_of_another_script():
    text = "Hello, мир! 12 你好 ok"
    assert [(run.lastgroup, run[0]) for run in RUNS.finditer(text)] == [
        ("latin", "Hello, "),
        ("cyrillic", "мир! 12 "),
        ("han", "你好 "),
        ("latin", "ok"),
    ]


def test_only_letters_of_other_scripts_are_other():
    assert not OTHER.search("naïve “quotes” — 😀 £5 №1")
    assert OTHER.search("α")


@pytest.mark.parametrize(
    ("script", "run", "language"),
    [
        ("cyrillic", "это", "ru"),
        ("cyrillic", "їжак", "uk"),
        ("cyrillic", "још", "sr"),
        ("cyrillic", "ўсе", "be"),
        ("cyrillic", "ъгъл", "bg"),
        ("cyrillic", "дом", "ru"),
        ("arabic", "گربه", "fa"),
        ("arabic", "ٹوپی", "ur"),
        ("arabic", "قطة", "ar"),
        ("han", "猫", "zh"),
        ("greek", "γάτα", "el"),
    ],
)
def test_letters_tell_the_language(script, run, language):
    assert language_of_run(script, run) == language


def test_every_script_but_latin_has_a_language():
    assert {*NAMES} == {"latin", "cyrillic", "arabic", "han", *SOLE}
