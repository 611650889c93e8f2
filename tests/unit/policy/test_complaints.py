import pytest

from firebreak.policy.complaints import Complaint, explain
from firebreak.policy.diagnostic import MAX_DIAGNOSTICS
from firebreak.policy.strict_yaml import read

TEXT = """\
policy: {name: p}
rules:
  - id: r
    decison: BLOCK
    audit: high
"""


def explained(*complaints):
    return explain(
        complaints,
        read(TEXT, "p.yaml"),
        "p.yaml",
        lambda place: ("id", "decision", "audit") if place == ("rules", 0) else (),
    )


def one(place, kind, found=None, message="Some message", **details):
    diagnostic = explained(Complaint(place, kind, message, found, details))[0]
    return diagnostic.line, diagnostic.code, diagnostic.problem, diagnostic.mend


def test_a_text_that_is_too_short_is_told_how_long_it_must_be():
    assert one(("rules", 0, "id"), "string_too_short", "", min_length=1)[2] == "`id` is empty"
    assert one(("rules", 0, "id"), "string_too_short", "ab", min_length=8)[1:] == (
        "string-too-short",
        "`id` is shorter than 8 characters",
        "take a longer one",
    )


def test_a_missing_field_is_placed_at_what_lacks_it():
    assert one(("rules", 0, "decision"), "missing") == (
        3,
        "missing-field",
        "`decision` is missing in `rules[0]`",
        "add `decision:`",
    )
    assert one(("categories",), "missing")[2] == "`categories` is missing"


def test_an_unknown_field_is_placed_at_itself_with_the_nearest_known_one():
    assert one(("rules", 0, "decison"), "extra_forbidden") == (
        4,
        "unknown-field",
        "`decison` is not a field of `rules[0]`",
        "did you mean `decision`?",
    )


def test_an_unknown_field_like_none_is_told_what_there_is():
    assert one(("rules", 0, "zzz"), "extra_forbidden")[3] == "the fields are id, decision, audit"
    assert one(("zzz",), "extra_forbidden")[2:] == ("`zzz` is not a field", "delete it")


@pytest.mark.parametrize("word", ["when", "limit", "approval", "effects"])
def test_words_of_later_versions_are_not_taken_for_slips(word):
    assert one(("rules", 0, word), "extra_forbidden")[2:] == (f"`{word}` is not known to this version", "delete it")


def test_a_wrong_word_is_told_the_right_ones():
    expected = "'standard', 'enhanced' or 'critical'"
    assert one(("rules", 0, "audit"), "literal_error", "critcal", expected=expected) == (
        5,
        "unknown-word",
        "`audit`: `critcal` is not one of standard, enhanced, critical",
        "did you mean `critical`?",
    )
    assert one(("rules", 0, "audit"), "literal_error", 3, expected=expected)[2:] == (
        "`audit` must be one of standard, enhanced, critical",
        "put it in quotes",
    )


@pytest.mark.parametrize(
    ("kind", "found", "problem", "mend"),
    [
        ("string_type", None, "`audit` must be text", "give it a value, or leave the field out"),
        ("string_type", 3, "`audit` must be text", "put it in quotes"),
        ("list_type", "a", "`audit` must be a list", "write it as a list: `[...]`"),
        ("bool_type", "yes", "`audit` must be true or false", "write true or false, without quotes"),
        ("int_type", [], "`audit` must be a whole number", "write it in plain digits: `60`"),
        ("model_type", [], "`audit` must be a mapping", "write its fields: `{...}`"),
        ("no_value", None, "`audit` has no value", "give it a value, or leave the field out"),
    ],
)
def test_a_wrong_type_is_told_the_right_one(kind, found, problem, mend):
    assert one(("rules", 0, "audit"), kind, found)[2:] == (problem, mend)


def test_a_sentence_of_our_own_keeps_its_mend():
    assert one(("rules", 0, "audit"), "glob", message="only `*` works", mend="use `*`") == (
        5,
        "glob",
        "only `*` works",
        "use `*`",
    )


def test_any_other_message_is_led_by_the_field():
    assert one(("rules", 0, "audit"), "finite_number", message="Should be finite") == (
        5,
        "finite-number",
        "`audit`: should be finite",
        "",
    )
    assert one(("rules", 0, "id"), "string_pattern_mismatch")[1] == "name"


def test_the_whole_file_has_a_name_too():
    assert one((), "model_type", [])[2] == "the file must be a mapping"


def test_complaints_come_in_the_order_of_the_file_and_have_a_bound():
    late, early = (
        Complaint(("rules", 0, "audit"), "missing", "", None, {}),
        Complaint(("zzz",), "missing", "", None, {}),
    )
    assert [diagnostic.line for diagnostic in explained(late, early)] == [1, 5]
    assert len(explained(*[early] * (MAX_DIAGNOSTICS + 1))) == MAX_DIAGNOSTICS


@pytest.mark.parametrize(
    ("kind", "bound", "problem", "mend"),
    [
        ("less_than_equal", {"le": 9}, "`audit` must be 9 or less", "write 9 or less"),
        ("greater_than_equal", {"ge": 1}, "`audit` must be 1 or more", "write 1 or more"),
        ("too_short", {"min_length": 1}, "`audit` is an empty list", "put something into it"),
        ("too_long", {"max_length": 9}, "`audit` has more than 9 entries", "shorten it"),
        ("string_too_short", {"min_length": 1}, "`audit` is empty", "give it a value, or leave it out"),
        ("string_too_long", {"max_length": 9}, "`audit` is longer than 9 characters", "shorten it"),
    ],
)
def test_a_bound_is_told_with_its_mend(kind, bound, problem, mend):
    assert one(("rules", 0, "audit"), kind, **bound)[2:] == (problem, mend)
