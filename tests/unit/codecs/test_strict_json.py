import inspect
import json
import sys

import pytest

from firebreak.codecs.strict_json import MAX_DEPTH, parse
from firebreak.model.errors import BadInput
from firebreak.model.reason import Reason

REFUSED = [
    (b"", Reason.BODY_EMPTY),
    (b"\xef\xbb\xbf{}", Reason.BYTE_ORDER_MARK),
    ('{"a": "\u00e9"}'.encode("latin-1"), Reason.NOT_UTF8),
    (b'{"a": "\xc0\xaf"}', Reason.NOT_UTF8),
    (b'{"a": "\xed\xa0\x80"}', Reason.NOT_UTF8),
    ("{}".encode("utf-16"), Reason.NOT_UTF8),
    (b" \n", Reason.NOT_JSON),
    (b"{", Reason.NOT_JSON),
    (b"{'a': 1}", Reason.NOT_JSON),
    (b'{"a": 1,}', Reason.NOT_JSON),
    (b"[01]", Reason.NOT_JSON),
    (b"[+1]", Reason.NOT_JSON),
    (b'["a\nb"]', Reason.NOT_JSON),
    (b'["\x00"]', Reason.NOT_JSON),
    (b'["\\x41"]', Reason.NOT_JSON),
    (b"// no\n{}", Reason.NOT_JSON),
    ("\u00a0{}".encode(), Reason.NOT_JSON),
    (b"{} {}", Reason.TRAILING_DATA),
    (b"{}\x00", Reason.TRAILING_DATA),
    (b'{"a": 1, "a": 2}', Reason.DUPLICATE_KEY),
    (b'{"role": 1, "\\u0072ole": 2}', Reason.DUPLICATE_KEY),
    (b'[{"x": [{"a": 1, "b": 2, "a": 1}]}]', Reason.DUPLICATE_KEY),
    (b"[NaN]", Reason.NOT_A_NUMBER),
    (b"[Infinity]", Reason.NOT_A_NUMBER),
    (b"[-Infinity]", Reason.NOT_A_NUMBER),
    (b"[1e999]", Reason.NUMBER_RANGE),
    (b"[-1e999]", Reason.NUMBER_RANGE),
    (b"[" + b"9" * 5000 + b"]", Reason.NUMBER_RANGE),
    (b'["\\ud800"]', Reason.LONE_SURROGATE),
    (b'["\\uDC00\\uD800"]', Reason.LONE_SURROGATE),
    (b'{"\\udfff": 1}', Reason.LONE_SURROGATE),
    (b'{"a": [{"b": "x\\ud83dx"}]}', Reason.LONE_SURROGATE),
    (b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1), Reason.TOO_DEEP),
    (b"[" * 200_000, Reason.TOO_DEEP),
    (b'{"a":' * 100_000, Reason.TOO_DEEP),
]


@pytest.mark.parametrize(("raw", "reason"), REFUSED, ids=lambda value: value.code if isinstance(value, Reason) else "")
def test_each_way_to_be_wrong_has_its_reason(raw, reason):
    with pytest.raises(BadInput) as caught:
        parse(raw)
    assert caught.value.reason is reason


@pytest.mark.parametrize(
    "raw",
    [
        b"{}",
        b" [1, -0.5, 1e5, true, false, null] \r\n\t",
        b'"\\ud83d\\ude00 \\u00e9 \\\\ud800"',
        '{"k": "漢字 😀", "K": ""}'.encode(),
        b'{"a": {"a": {"a": 1}}}',
        b"[" * MAX_DEPTH + b"]" * MAX_DEPTH,
        b"[" + b",".join([b"[]"] * 500) + b"]",
        json.dumps(["[{" * 200, '\\"[' * 200, "\\" * 99]).encode(),
        b"[" + b"9" * 400 + b"]",
    ],
)
def test_what_every_parser_reads_alike_is_read(raw):
    assert parse(raw) == json.loads(raw)


def test_depth_counts_brackets_outside_strings_only():
    nested = b'{"\\"[\\\\":' * MAX_DEPTH + b'"[[[\\"[["' + b"}" * MAX_DEPTH
    assert parse(nested) == json.loads(nested)
    with pytest.raises(BadInput) as caught:
        parse(b"[" + nested + b"]")
    assert caught.value.reason is Reason.TOO_DEEP


def test_a_nearly_full_stack_is_a_refusal_not_a_crash():
    deep = b"[" * MAX_DEPTH + b"]" * MAX_DEPTH

    def descend(frames):
        return parse(deep) if frames == 0 else descend(frames - 1)

    with pytest.raises(BadInput) as caught:
        descend(sys.getrecursionlimit() - len(inspect.stack(0)) - 20)
    assert caught.value.reason is Reason.TOO_DEEP


def test_no_error_quotes_the_body():
    for raw, _ in REFUSED:
        with pytest.raises(BadInput) as caught:
            parse(raw)
        assert caught.value.where == ""


def test_a_string_that_ends_in_a_backslash_hides_no_nesting():
    inside = b'["\\\\", "' + b"[" * 100 + b'"]'
    assert parse(inside) == json.loads(inside)
    outside = b'["\\\\", ' + b"[" * 100 + b"]" * 100 + b', "x"]'
    with pytest.raises(BadInput) as caught:
        parse(outside)
    assert caught.value.reason is Reason.TOO_DEEP
