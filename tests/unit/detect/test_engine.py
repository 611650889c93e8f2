import importlib
import threading

import pytest

from firebreak.detect import engine as engine_module
from firebreak.detect.engine import MAX_SPANS, Engine, Match, Pattern, shortest
from firebreak.model.errors import BadConfig


def test_a_match_has_its_exact_characters():
    found = Engine([Pattern(r"ab+c")]).scan("xx abbbc yy abc")
    assert found == [Match(0, 3, 8), Match(0, 12, 15)]


def test_places_count_characters_not_bytes():
    text = "é😀 ключ=abc ü ключ=abc"
    found = Engine([Pattern("ключ=(abc)", group=1)]).scan(text)
    assert [text[m.start : m.end] for m in found] == ["abc", "abc"]
    assert [m.start for m in found] == [8, 19]


def test_a_lone_surrogate_is_one_character():
    assert Engine([Pattern("abc")]).scan("\ud800é abc") == [Match(0, 3, 6)]


def test_letters_of_another_script_match_in_any_case():
    assert Engine([Pattern("забудь", ignore_case=True)]).scan("ЗаБуДь") == [Match(0, 0, 6)]


@pytest.mark.parametrize("escape", [r"\n", r"\r\n", r"\t", r"\\n", "\n"])
def test_a_word_begins_behind_the_escape_of_a_line_break_or_a_tab(escape):
    text = f"é{escape}key x{escape}key"
    found = Engine([Pattern(r"\bkey\b")]).scan(text)
    assert [(m.start, text[m.start : m.end]) for m in found] == [(1 + len(escape), "key"), (len(text) - 3, "key")]


def test_the_escape_of_a_line_break_is_blank():
    assert Engine([Pattern(r"key:\s{0,3}(\d+)", group=1)]).scan(r"key:\n12") == [Match(0, 6, 8)]


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        (r"say \"a/b\" now", 4, 11),
        (r"é \\\"a\\\/b\\\" now", 2, 16),
        (r'"a\/b\"', 0, 7),
        (r"\\\\\\ x\"a/b\"", 8, 15),
    ],
)
def test_quotation_marks_and_slashes_are_read_without_their_escapes(text, start, end):
    assert Engine([Pattern('"a/b"')]).scan(text) == [Match(0, start, end)]


def test_what_looks_like_an_escape_is_read_as_it_stands_too():
    assert Engine([Pattern(r"\\nc\.exe")]).scan(r"run .\nc.exe") == [Match(0, 5, 12)]


def test_past_the_limit_of_the_second_reading_nothing_is_lost_to_a_match_of_the_first():
    text = r"\nkey" * (MAX_SPANS + 5) + " key"
    found = Engine([Pattern(r"\bkey")]).scan(text)
    covered = {place for match in found for place in range(match.start, match.end)}
    assert all(at in covered for at in range(2, len(text), 5))
    assert len(found) == MAX_SPANS + 1


def test_what_both_readings_hold_is_found_once():
    text = r"\nab ab\nab"
    assert Engine([Pattern(r"\bab"), Pattern("ab")]).scan(text) == [
        *(Match(0, start, start + 2) for start in (2, 5, 9)),
        *(Match(1, start, start + 2) for start in (2, 5, 9)),
    ]


def test_neighbours_may_share_the_character_between_them():
    found = Engine([Pattern(r"[^0-9](\d{3})[^0-9]", group=1)]).scan(",123,456,789,")
    assert [(m.start, m.end) for m in found] == [(1, 4), (5, 8), (9, 12)]


def test_what_the_check_refuses_is_no_match():
    found = Engine([Pattern(r"\d+", check=lambda text: text != "12")]).scan("12 13")
    assert found == [Match(0, 3, 5)]


def test_a_refused_number_does_not_hide_the_one_inside_it():
    pattern = Pattern(r"\b(\d\d \d\d)\b", group=1, check=lambda text: text == "22 33", overlaps=True)
    assert Engine([pattern]).scan("11 22 33") == [Match(0, 3, 8)]


def test_an_empty_group_is_no_match_and_no_loop():
    assert Engine([Pattern(r"a(b*)", group=1)]).scan("a ab a") == [Match(0, 3, 4)]


def test_past_the_limit_the_last_match_reaches_to_the_end():
    text = "key " * (MAX_SPANS + 500)
    found = Engine([Pattern("key")]).scan(text)
    assert len(found) == MAX_SPANS
    assert found[-1].end == len(text)
    covered = {m.start for m in found[:-1]} | set(range(found[-1].start, found[-1].end))
    assert all(start in covered for start in range(0, len(text), 4))


def test_a_trigger_stands_in_for_the_pattern_in_the_first_pass_only():
    assert Engine([Pattern("ab(cd)?e", trigger="ab")]).scan("ab abcde") == [Match(0, 3, 8)]


def test_a_trigger_that_opens_the_pattern_finds_the_same():
    text = "7:88 x " * 20 + "1.22.3.4, 5:66:7" + " y 7:88" * 20
    told, untold = (
        Engine([Pattern(r" ([0-9.]{7,9}|[0-9:]{6,9})", trigger=r" \d[.:]\d", group=1, opens=opens)]).scan(text)
        for opens in (True, False)
    )
    assert [text[m.start : m.end] for m in told] == ["1.22.3.4", "5:66:7"]
    assert told == untold


@pytest.mark.parametrize("pattern", [("(", 0), ("a", 1), ("a(?=b)", 0)])
def test_a_wrong_pattern_is_refused(pattern):
    source, group = pattern
    with pytest.raises(ValueError, match=r"regular expression|group"):
        Engine([Pattern(source, group=group)])


def test_no_hyperscan_is_a_configuration_error(monkeypatch):
    def absent(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr(importlib, "import_module", absent)
    with pytest.raises(BadConfig, match="platform"):
        Engine([Pattern("a")])


def test_a_pattern_hyperscan_cannot_compile_is_a_configuration_error():
    with pytest.raises(BadConfig, match="refuses"):
        Engine([Pattern("a*")])


def test_threads_scan_at_the_same_time():
    engine = Engine([Pattern(r"needle\d")])
    text = "hay " * 5000 + "needle7"
    results: list[list[Match]] = []
    threads = [threading.Thread(target=lambda: results.extend(engine.scan(text) for _ in range(20))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 80
    assert all(found == [Match(0, 20000, 20007)] for found in results)


def test_no_text_waits_for_a_rule_of_a_warm_engine(monkeypatch):
    engine = Engine([Pattern(r"first\d"), Pattern(r"second\d")])
    assert len(list(engine.warm())) == 2

    def late(source: str, *_: object, **__: object) -> None:
        pytest.fail(f"{source} was not compiled")

    monkeypatch.setattr("re2.compile", late)
    monkeypatch.setattr(engine_module, "width", late)
    assert engine.scan("first1 second2") == [Match(0, 0, 6), Match(1, 7, 14)]


def test_past_the_limit_of_refusals_the_rest_is_one_span(monkeypatch):
    monkeypatch.setattr(engine_module, "MAX_REFUSED", 3)
    numbers = Pattern(r"\d\d", check=lambda text: text == "99", overlaps=True)
    assert Engine([numbers]).scan("11 22 99") == [Match(0, 6, 8)]
    assert Engine([numbers]).scan("11 22 33 44 5") == [Match(0, 6, 13)]


def test_patterns_with_one_head_are_each_found():
    found = Engine([Pattern("ab(c)", group=1, trigger="ab"), Pattern("abd", trigger="ab")]).scan("abc abd")
    assert found == [Match(0, 2, 3), Match(1, 4, 7)]


def test_a_long_run_ends_a_head_once():
    assert shortest(r"(k_[a-z]{8,})") == r"(k_[a-z]{8})"
    assert shortest(r"k_[a-z]{8,90}={0,2}") == r"k_[a-z]{8}"
    assert shortest(r"\bk_[a-z]{8,}\b") == r"k_[a-z]{8}"


def test_a_match_far_longer_than_its_head_is_whole():
    text = "x" * 5000 + "key=" + "v" * 9000 + "!"
    assert Engine([Pattern(r"key=v+!", trigger="key=")]).scan(text) == [Match(0, 5000, 14005)]
    assert Engine([Pattern(r"key=v{1,900}!", trigger="key=")]).scan("key=" + "v" * 900 + "!") == [Match(0, 0, 905)]


PATTERNS = [Pattern("ab+c"), Pattern("ABC", ignore_case=True), Pattern(r"ключ\d")]


def test_a_database_of_another_process_finds_the_same():
    text = "xx abbbc abc ключ7"
    fresh = Engine(PATTERNS)
    assert Engine(PATTERNS, fresh.serialised()).scan(text) == fresh.scan(text) != []


@pytest.mark.parametrize("spoil", [lambda data: data[:-1], lambda data: data[:900] + b"!" + data[901:], lambda _: b"?"])
def test_a_database_that_is_none_is_made_again(spoil):
    fresh = Engine(PATTERNS)
    assert Engine(PATTERNS, spoil(fresh.serialised())).scan("abc") == fresh.scan("abc") != []
