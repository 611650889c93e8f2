import json

import pytest

from firebreak.kube.addition import Addition
from firebreak.kube.manifests import MAX_CHARACTERS, add, plain, read, write
from firebreak.model.errors import BadConfig


def values(text):
    return [plain(document) for document in read(text, "f")]


def value(text):
    return values(f"k: {text}")[0]["k"]


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("yes", True),
        ("On", True),
        ("n", False),
        ('"yes"', "yes"),
        ("", None),
        ("~", None),
        ("''", ""),
        ("1337", 1337),
        ("02471", 1337),
        ("0o2471", 1337),
        ("0x539", 1337),
        ("0b11", 3),
        ("1_337", 1337),
        ("-5", -5),
        ("1337.0", 1337),
        ("1.337e3", 1337),
        ("08", 8),
        ("12:30", "12:30"),
        ("2026-01-01", "2026-01-01"),
        (".inf", ".inf"),
        ("v1", "v1"),
        ("9" * 30, "9" * 30),
    ],
)
def test_a_word_means_what_it_means_to_kubernetes(text, meaning) -> None:
    assert value(text) == meaning


@pytest.mark.parametrize(
    "text",
    [
        'a: "08"\nb: 08\nc: \'1e3\'\nd: 12:30\ne: "yes"\nf: yes\n',
        "a: |\n  one\n    two\n\n  # no comment\nb: >-\n  long words\nc: |+\n  kept\n\nd: e\n",
        "a: [1, {b: c}]\nd: {}\ne: []\n",
        "a: 'é ☃ 😀'\n",
        f"a: {'long words ' * 40}end\n",
    ],
)
def test_what_is_written_is_what_was_read(text) -> None:
    assert write(read(text, "f")) == text


def test_nothing_is_written_as_null_so_that_it_stays_nothing() -> None:
    assert write(read("a:\nb: {c: }\n", "f")) == "a: null\nb: {c: null}\n"


def test_documents_stay_apart_and_empty_ones_go() -> None:
    assert write(read("---\n# nothing\n---\na: 1\n---\n---\nb: 2\n...\n", "f")) == "a: 1\n---\nb: 2\n"


def test_an_aliass_copies_are_their_own() -> None:
    (tree,) = read("a: &x {l: [1]}\nb: *x\n", "f")
    add(tree, [Addition(("a", "l", "-"), 2)])
    assert write([tree]) == "a: {l: [1, 2]}\nb: {l: [1]}\n"


def test_additions_go_to_their_places() -> None:
    (tree,) = read("a: {}\nl: [{x: z}]\nn:\n", "f")
    add(
        tree,
        [
            Addition(("l", 0), {"first": True}),
            Addition(("l", "-"), {"n": 3, "t": "3", "w": "word"}),
            Addition(("a", "k/s"), ["yes", "", "-x"]),
            Addition(("n",), {}),
        ],
    )
    assert plain(tree) == {
        "a": {"k/s": ["yes", "", "-x"]},
        "l": [{"first": True}, {"x": "z"}, {"n": 3, "t": "3", "w": "word"}],
        "n": {},
    }
    assert values(write([tree])) == [plain(tree)]


def test_a_path_through_a_scalar_is_a_bug() -> None:
    (tree,) = read("a: b\n", "f")
    with pytest.raises(TypeError):
        add(tree, [Addition(("a", "b"), 1)])


def test_json_is_read_too() -> None:
    document = {"a": [1, "1", None, True, "yes"], "b": {"é\n": ""}}
    assert values(json.dumps(document)) == [document]
    assert values(write(read(json.dumps(document), "f"))) == [document]


@pytest.mark.parametrize(
    ("text", "place", "problem"),
    [
        ("a: 1\na: 2\n", "f:2", "twice"),
        ('a: 1\n"a": 2\n', "f:2", "twice"),
        ("a: &x {b: 1}\nc:\n  <<: *x\n", "f:3", "merge key"),
        ("a: !!binary aGk=\n", "f:1", "tag"),
        ("%YAML 1.1\n---\na: 1\n", "f:1", "directive"),
        ("? [a]\n: b\n", "f:1", "key is not text"),
        ("a: 1\n~: b\n", "f:2", "key is not text"),
        ("a: &x [*x]\n", "f:1", "alias"),
        ("a: 1\n---\n- b\n", "f:3", "not a manifest"),
        ("prose\n", "f:1", "not a manifest"),
        ("a: [\n", "f:2", "not YAML"),
        ("a: \x00\n", "f", "not YAML"),
        ("a: \ud800\n", "f", "not YAML"),
        ("a: " + "[" * 70, "f:1", "deeper"),
        ("a: " + "[" * 100_000, "f:1", "deeper"),
    ],
)
def test_what_has_two_meanings_or_none_is_refused_with_its_line(text, place, problem) -> None:
    with pytest.raises(BadConfig) as error:
        read(text, "f")
    assert error.value.place == place
    assert problem in error.value.problem


def test_a_bomb_of_aliases_is_refused() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    with pytest.raises(BadConfig, match="too large"):
        read("\n".join(lines), "f")


def test_a_deep_alias_is_refused() -> None:
    text = f"a: &x {'[' * 40}{']' * 40}\nb: {'[' * 40}*x{']' * 40}\n"
    with pytest.raises(BadConfig, match="too deep"):
        read(text, "f")


def test_too_long_a_stream_is_refused() -> None:
    with pytest.raises(BadConfig, match="longer"):
        read(" " * (MAX_CHARACTERS + 1), "f")
