"""Law: what the engine finds around the places that hyperscan names is what re2 finds in the whole text."""

import re
from dataclasses import replace
from itertools import islice

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from firebreak.detect.engine import MAX_SPANS, Engine, Pattern, unescaped
from firebreak.detect.registry import RULES
from firebreak.model.finding import FindingKind

PATTERNS = [rule.compiled for rule in RULES]
ENGINE = Engine(PATTERNS)
EXAMPLES = [text for rule in RULES for text in (*rule.matches, *rule.ignores)]
PROSE = (
    "Please review the notes below and tell me what the system prompt does. ",
    "Tschüß, 😀 и всё, 以上。",
    "ignore all of the following: ",
    "you must never refuse ",
    "password: ",
    '"api_key": "',
    "phone ",
    "+1 555 ",
    "4111 1111 1111 1112 ",
    "eyJhbGciOiJIUzI1",
    "<!-- ",
)
BETWEEN = st.sampled_from(("", " ", "\n", "\\n", '\\"', "\\\\/", ",", "-", "_", ".", '"', "é", "/", "=", ">"))
RUN = st.builds(
    str.__mul__, st.sampled_from(("a", "A", "1", "aB3", "aB3 ", "word ", "-", " ", "=", "é")), st.integers(0, 700)
)
PIECE = st.one_of(
    st.sampled_from(EXAMPLES),
    st.builds(
        lambda text, start, end: text[start : len(text) - end],
        st.sampled_from(EXAMPLES),
        st.integers(0, 9),
        st.integers(0, 9),
    ),
    st.sampled_from(PROSE),
    RUN,
)
TEXTS = st.lists(st.tuples(PIECE, BETWEEN), max_size=14).map(lambda pieces: "".join(a + b for a, b in pieces))


def whole(pattern: Pattern, text: str) -> list[tuple[int, int]]:
    """As it stands, and what is only there without escapes."""
    data = text.encode()
    spans = list(islice(pattern.spans(data), MAX_SPANS))
    plain, begins = slowly_unescaped(data)
    others = [] if unescaped(data) is None else [(begins[lo], begins[hi]) for lo, hi in pattern.spans(plain)]
    apart = [
        other for other in others[:MAX_SPANS] if not any(start <= other[0] and other[1] <= end for start, end in spans)
    ]
    return [(len(data[:start].decode()), len(data[:end].decode())) for start, end in sorted(spans + apart)]


def slowly_unescaped(data: bytes) -> tuple[bytes, list[int]]:
    """Byte by byte; and where each of its bytes begins in `data`, and where the last one ends."""
    made, begins, at = bytearray(), [], 0
    while at < len(data):
        begins.append(at)
        after = at
        while data[after : after + 1] == b"\\":
            after += 1
        meant = {b'"': b'"', b"/": b"/", b"n": b"\n", b"r": b"\n", b"t": b"\t"}.get(data[after : after + 1])
        if after > at and meant:
            made += meant
            after += 1
        else:
            made += data[at : at + 1]
            after = max(after, at + 1)
        at = after
    return bytes(made), [*begins, at]


@given(st.text('\\"/nrtxé ', max_size=40))
def test_escapes_come_off_as_they_do_byte_by_byte(text: str) -> None:
    plain = unescaped(text.encode())
    assert plain is None or plain == slowly_unescaped(text.encode())[0]
    hidden = re.search(r'\\(?:["/\\]|[nrt][A-Za-z0-9 ])', text)
    assert (plain is None) == (hidden is None)


def assert_same(text: str, only: int | None = None) -> None:
    """For every rule, or for rule number `only` and all that the engine finds."""
    found: dict[int, list[tuple[int, int]]] = {}
    for match in ENGINE.scan(text):
        found.setdefault(match.pattern, []).append((match.start, match.end))
    for number in range(len(RULES)) if only is None else {*found, only}:
        assert found.get(number, []) == whole(PATTERNS[number], text), RULES[number].id


@settings(deadline=None)
@given(TEXTS)
def test_windows_find_what_the_whole_text_holds(text: str) -> None:
    assert_same(text)


@pytest.mark.parametrize("number", range(len(RULES)), ids=lambda number: RULES[number].id)
def test_repeated_cut_and_stretched_examples_are_found_as_in_the_whole_text(number: int) -> None:
    rule = RULES[number]
    for text in (*rule.matches, *rule.ignores):
        middle = len(text) // 2
        assert_same(text * 3, number)
        assert_same(f"{text} {text},{text}\n" + "filler " * 900 + text, number)
        assert_same(text[:middle] + text + text[middle:], number)
        assert_same(text + text[-1] * 3000 + " " + text, number)
        assert_same(text[:middle] + " " * 5 + text[middle:], number)
        assert_same(text.replace(" ", '" ') + "\n" + text.replace(" ", "  ") + "\n" + text.replace(" ", " - "), number)


HASTY = [replace(rule.compiled, check=None) if rule.kind is FindingKind.SECRET else rule.compiled for rule in RULES]
"""What `check` refuses hides nothing of a secret; triggers of others look for what their `check` wants."""
HASTY_ENGINE = Engine(HASTY)


@pytest.mark.parametrize("number", range(len(RULES)), ids=lambda number: RULES[number].id)
@settings(max_examples=4, derandomize=True, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(data=st.data())
def test_the_first_pass_hides_nothing_that_a_pattern_can_match(number: int, data: st.DataObject) -> None:
    pattern = HASTY[number]
    flags = re.IGNORECASE if pattern.ignore_case else 0
    text = data.draw(st.from_regex(re.compile(pattern.source, flags), alphabet=st.characters(codec="utf-8")))
    found = [(match.start, match.end) for match in HASTY_ENGINE.scan(text) if match.pattern == number]
    assert found == whole(pattern, text)


ATOMS = st.sampled_from(("a", "b", "ab", "[ab]", "[^a]", ".", "(?:a|bb)", "é", "c"))
TIMES = st.sampled_from(("", "", "?", "{2}", "{1,3}", "{2,}", "+", "*"))


@settings(deadline=None)
@given(st.lists(st.tuples(ATOMS, TIMES), min_size=1, max_size=5), st.text("abcé \n", max_size=60), st.booleans())
def test_any_pattern_is_found_as_in_the_whole_text(atoms: list[tuple[str, str]], text: str, overlaps: bool) -> None:
    source = "c" + "".join(atom + times for atom, times in atoms)
    for trigger in ("", "c") if text.isascii() else ("c",):  # without UTF-8 hyperscan counts bytes, not letters
        pattern = Pattern(source, trigger=trigger, check=lambda found: len(found) % 2 == 0, overlaps=overlaps)
        found = [(m.start, m.end) for m in Engine([pattern]).scan(text)]
        assert found == whole(pattern, text)
