import pytest

from firebreak.policy.diagnostic import BadDocument
from firebreak.policy.strict_yaml import MAX_CHARACTERS, MAX_DEPTH, MAX_VALUES, nearest, read, to_plain


def problems(text):
    with pytest.raises(BadDocument) as caught:
        read(text, "p.yaml")
    return [(diagnostic.line, diagnostic.code) for diagnostic in caught.value.diagnostics]


def plain(text):
    return to_plain(read(text, "p.yaml"))


def test_every_value_knows_the_line_of_its_key():
    root = read("a: 1\nb:\n  - x\n  - c: 2\n    d:\n      - 3\n", "p.yaml")
    assert [nearest(root, place).line for place in [("a",), ("b",), ("b", 0), ("b", 1, "c"), ("b", 1, "d")]] == [
        *(1, 2, 3, 4, 5)
    ]


def test_the_nearest_value_stands_in_for_a_missing_one():
    root = read("a:\n  b: 1\n", "p.yaml")
    assert nearest(root, ("a", "zzz", 3)).line == 1
    assert nearest(root, ("a", "b", "c")).line == 2
    assert nearest(read("- 1\n", "p.yaml"), (5,)).line == 1


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("on", "on"),
        ("yes", "yes"),
        ("no", "no"),
        ("off", "off"),
        ("true", True),
        ("False", False),
        ("null", None),
        ("~", None),
        ("12", 12),
        ("-3", -3),
        ("0.5", 0.5),
        ("1e2", 100.0),
        ("010", "010"),
        ("0o17", "0o17"),
        ("0x1f", "0x1f"),
        ("1_000", "1_000"),
        ("12:30", "12:30"),
        ("2026-02-28", "2026-02-28"),
        (".inf", ".inf"),
        (".nan", ".nan"),
        ("1e999", "1e999"),
        ("9" * 5000, "9" * 5000),
        ('"12"', "12"),
        ("'true'", "true"),
    ],
)
def test_plain_words_mean_what_the_core_schema_says(source, value):
    found = plain(f"k: {source}\n")
    assert found == {"k": value}
    assert type(found["k"]) is type(value)


def test_on_is_an_ordinary_key():
    assert plain("match: {on: [request]}\n") == {"match": {"on": ["request"]}}


def test_text_fields_keep_the_source_of_a_number():
    root = read("policy: {version: 1.10, n: 2.0, none: ~, more: {x: 010, y: true}}\n", "p.yaml")
    paths = frozenset({("policy", "version"), ("policy", "none"), ("policy", "more", "*")})
    assert to_plain(root, paths) == {
        "policy": {"version": "1.10", "n": 2.0, "none": None, "more": {"x": "010", "y": "true"}}
    }


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", [(1, "empty")]),
        ("# only a remark\n", [(1, "empty")]),
        ("a: 1\nb: 2\na: 3\n", [(3, "duplicate-key")]),
        ("a: {b: 1, b: 2}\n", [(1, "duplicate-key")]),
        ('a: 1\n"a": 2\n', [(2, "duplicate-key")]),
        ("a: &x 1\n", [(1, "anchor")]),
        ("a: &x [1]\nb: *x\n", [(1, "anchor"), (2, "alias")]),
        ("a:\n  <<: {b: 1}\n", [(2, "merge")]),
        ("a: !!str 1\n", [(1, "tag")]),
        ("a: !x {b: 1}\n", [(1, "tag")]),
        ("%YAML 1.1\n---\na: 1\n", [(1, "directive")]),
        ("a: 1\n---\nb: 2\n", [(2, "documents")]),
        ("1: a\n", [(1, "key")]),
        ("true: a\n", [(1, "key")]),
        ("~: a\n", [(1, "key")]),
        ("? {x: 1}\n: a\n", [(1, "key")]),
        ("a: [1\nb: 2\n", [(2, "syntax")]),
        ("a: '\n", [(2, "syntax")]),
        ("\ta: 1\n", [(1, "syntax")]),
        ("a: 1\nb: \x00\n", [(2, "character")]),
        ("a: \u202ex\n", [(1, "character")]),
        ("\ufeffa: 1\n", [(1, "character")]),
        ("a: x\u2028b: 2\n", [(1, "character")]),
        ("a: \ud800\n", [(1, "character")]),
        ("a: 1\rb: 2\n", [(1, "character")]),
        ('a: "\\0"\n', [(1, "character")]),
        ('a: "\\u202e"\n', [(1, "character")]),
        ("a: \x7f\n", [(1, "character")]),
    ],
)
def test_what_two_readers_could_take_differently_is_refused_with_its_line(text, found):
    assert problems(text) == found


def test_all_mistakes_are_told_at_once():
    assert problems("a: 1\na: 2\nb: &x 1\nc: !t 2\n") == [(2, "duplicate-key"), (3, "anchor"), (4, "tag")]


def test_windows_line_ends_and_foreign_letters_are_fine():
    assert plain("a: نی\u200cرو\r\nb: ü\r\n") == {"a": "نی\u200cرو", "b": "ü"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("#" * (MAX_CHARACTERS + 1), "too-large"),
        ("[" * (MAX_DEPTH + 1), "too-deep"),
        ("[" * 200_000, "too-deep"),
        ("- " * (MAX_DEPTH + 1) + "a", "too-deep"),
        ("[" + "a," * (MAX_VALUES + 1) + "]", "too-many"),
    ],
)
def test_size_is_bounded(text, code):
    assert problems(text)[-1][1] == code


def test_depth_up_to_the_bound_is_read():
    assert read("[" * MAX_DEPTH + "]" * MAX_DEPTH, "p.yaml").line == 1


@pytest.mark.parametrize("char", ["\u00ad", "\u200e", "\u061c", "\u2062", "\u3164", "\U000e0041", "\u200b", "\ufeff"])
def test_no_character_that_is_not_seen_gets_in_raw_or_escaped(char):
    assert problems(f"a: 1\nb: x{char}y\n") == [(2, "character")]
    assert problems(f'a: 1\nb: "x\\U{ord(char):08x}y"\n') == [(2, "character")]


@pytest.mark.parametrize("escape", ["\\x7f", "\\N", "\\x9b", "\\0"])
def test_no_control_gets_in_by_an_escape(escape):
    assert problems(f'a: "{escape}"\n') == [(1, "character")]


def test_what_scripts_and_emoji_are_written_with_stays():
    text = "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645 \u2764\ufe0f \U0001f468\u200d\U0001f469"
    assert plain(f"a: {text}\n") == {"a": text}
