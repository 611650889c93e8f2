import json

import pytest

from firebreak.codecs.fields import body_of
from firebreak.codecs.flatten import flatten
from firebreak.codecs.locate import Locator
from firebreak.model.conversation import Origin, Part, PartKind, Role, Segment
from firebreak.model.finding import Span


def part(text, segments):
    return Part(PartKind.TEXT, Role.USER, Origin.USER, text, tuple(segments))


def located(raw, value_part, piece):
    start = value_part.text.index(piece)
    span = Locator(raw, [value_part]).span(0, start, start + len(piece))
    return raw[span.start : span.end]


@pytest.mark.parametrize(
    "literal",
    [
        r"plain SECRET plain",
        r"a\n\t\"\\SECRET\/",
        r"\u0041\u00e9SECRET\u4e2d",
        r"\ud83d\ude00SECRET\ud83d\ude00",
        r"é漢😀SECRETé",
        r"\\u0041SECRET\\\\",
        r"\uFFFD\u007fSECRET",
    ],
)
def test_an_exact_span_whatever_is_escaped_before(literal):
    raw = ('{"a": [0, {"b": "' + literal + '"}]}').encode()
    text = body_of(raw)["a"][1]["b"]
    assert located(raw, part(text, [Segment(0, ("a", 1, "b"))]), "SECRET") == b"SECRET"


def test_an_escaped_secret_maps_to_its_escapes():
    raw = rb'{"a": "x\u0041\u004B\ud83d\ude00y"}'
    assert located(raw, part(body_of(raw)["a"], [Segment(0, ("a",))]), "AK😀") == rb"\u0041\u004B\ud83d\ude00"


def test_numbers_words_and_containers_map_whole():
    raw = b'{"n": 4111111111111111, "w": true, "c": [1, [2]], "z": -1.5e3}'
    parts = [part("x", [Segment(0, (key,))]) for key in ("n", "w", "c", "z")]
    locator = Locator(raw, parts)
    spans = [locator.span(index, 0, 1) for index in range(4)]
    assert [raw[s.start : s.end] for s in spans] == [b"4111111111111111", b"true", b"[1, [2]]", b"-1.5e3"]


def test_keys_and_values_of_equal_text_are_told_apart():
    raw = rb'{"\u006bey": {"key": "key"}, "list": ["key", {"key": 1}]}'
    text, segments = flatten(body_of(raw))
    locator = Locator(raw, [part(text, segments)])
    starts = [locator.span(0, s.start, s.start + 1).start for s in segments if text.startswith("key", s.start)]
    expected = [raw.index(rb"\u006bey"), *(i for i in range(len(raw)) if raw.startswith(b'"key"', i))]
    assert starts == [expected[0], *(start + 1 for start in expected[1:])]


def test_a_range_over_several_pieces_runs_from_first_to_last():
    raw = b'{"password": "hunter2", "n": 12}'
    text, segments = flatten(body_of(raw))
    assert located(raw, part(text, segments), "password: hunter2") == b'password": "hunter2'
    assert located(raw, part(text, segments), "hunter2\nn: 12") == b'hunter2", "n": 12'


def test_separators_map_to_the_end_of_the_piece_before():
    raw = b'{"ab": "cd"}'
    text, segments = flatten(body_of(raw))
    assert Locator(raw, [part(text, segments)]).span(0, 2, 3) == Span(3, 4)


def test_an_empty_string_and_an_empty_range_have_a_place():
    raw = b'{"a": "", "b": "xyz"}'
    locator = Locator(raw, [part("", [Segment(0, ("a",))]), part("xyz", [Segment(0, ("b",))])])
    assert locator.span(0, 0, 0) == Span(7, 7)
    assert locator.span(1, 1, 1) == Span(17, 18)


def test_a_part_without_segments_is_the_whole_body():
    assert Locator(b"{}", [part("", [])]).span(0, 0, 0) == Span(0, 2)


def test_the_body_is_scanned_once_for_all_parts():
    document = {"m": [{"c": f"message {i} é\n"} for i in range(300)]}
    raw = json.dumps(document).encode()
    parts = [part(m["c"], [Segment(0, ("m", i, "c"))]) for i, m in enumerate(document["m"])]
    locator = Locator(raw, parts)
    for index in range(300):
        span = locator.span(index, 8, 8 + len(str(index)))
        assert raw[span.start : span.end] == str(index).encode()
    assert locator._places is not None
    assert len(locator._places) == 300


def test_pieces_that_stand_in_the_body_in_another_order_are_all_within_the_span():
    raw = b'{"arguments": "is hunter2", "between": 1, "name": "password"}'
    segments = [Segment(0, ("name",)), Segment(9, ("between",)), Segment(11, ("arguments",))]
    span = Locator(raw, [part("password\n1\nis hunter2", segments)]).span(0, 0, 21)
    assert raw[span.start : span.end] == b'is hunter2", "between": 1, "name": "password'
    inner = Locator(raw, [part("password\n1\nis hunter2", segments)]).span(0, 4, 13)
    assert raw[inner.start : inner.end] == raw[15:59]


def pieces(raw, value_part, piece):
    start = value_part.text.index(piece)
    found = Locator(raw, [value_part]).pieces(0, start, start + len(piece))
    return [(raw[span.start : span.end], quoted) for span, quoted in found]


def test_pieces_are_one_range_for_each_value_in_the_order_of_the_text():
    raw = b'{"arguments": "is hunter2", "between": 1, "name": "password"}'
    segments = [Segment(0, ("name",)), Segment(9, ("between",)), Segment(11, ("arguments",))]
    whole = part("password\n1\nis hunter2", segments)
    assert pieces(raw, whole, "password\n1\nis hunter2") == [
        (b"password", True),
        (b"1", False),
        (b"is hunter2", True),
    ]
    assert pieces(raw, whole, "word\n1\nis") == [(b"word", True), (b"1", False), (b"is", True)]
    assert pieces(raw, whole, "hunter") == [(b"hunter", True)]


def test_pieces_of_escapes_keys_and_containers():
    raw = rb'{"\u006bey": "a\n\ud83d\ude00b", "n": [1, 2, 3, 4, 5, 6, 7, 8, 9]}'
    text, segments = flatten(body_of(raw))
    whole = part(text, segments)
    assert pieces(raw, whole, "key: a") == [(rb"\u006bey", True), (b"a", True)]
    assert pieces(raw, whole, "😀b") == [(rb"\ud83d\ude00b", True)]
    assert pieces(raw, whole, "3\n4") == [(b"[1, 2, 3, 4, 5, 6, 7, 8, 9]", False)]


def test_no_pieces_where_there_is_no_place_and_for_no_characters():
    raw = b'{"a": "xyz"}'
    assert Locator(raw, [part("xyz", [])]).pieces(0, 0, 3) == []
    assert Locator(raw, [part("xyz", [Segment(0, ("a",))])]).pieces(0, 1, 1) == []


def test_a_path_may_begin_with_the_number_of_a_document():
    raw = b'head {"a": "first"}\nno json {"a": ["\\u0073econd", 7]} tail'
    documents = [Span(5, 19), Span(28, 51)]
    assert [raw[span.start : span.end][:1] for span in documents] == [b"{", b"{"]
    second = part("second", [Segment(0, (1, "a", 0))])
    locator = Locator(
        raw, [part("first", [Segment(0, (0, "a"))]), second, part("7", [Segment(0, (1, "a", 1))])], documents
    )
    assert [raw[locator.span(row, 0, 9).start : locator.span(row, 0, 9).end] for row in range(3)] == [
        b"first",
        b"\\u0073econd",
        b"7",
    ]
