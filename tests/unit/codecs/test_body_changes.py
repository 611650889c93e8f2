import json

import pytest

from firebreak.codecs.body_changes import BodyChanges, CannotChange, snake
from firebreak.pipeline.edit import splice


def changed(raw, change, **options):
    body = BodyChanges(raw, json.loads(raw), **options)
    change(body)
    return splice(raw, body.changes())


def test_a_member_is_found_wherever_it_is_nested():
    raw = b'{"a": {"b": {"c": 5}}, "n": null}'
    body = BodyChanges(raw, json.loads(raw))
    found = body.find(("a", "b", "c"))
    assert found is not None
    assert (found.key, found.value, raw[found.place.start : found.place.end]) == ("c", 5, b"5")
    assert body.find(("a", "x", "c")) is None
    assert body.find(("n", "x")) is None
    assert (inner := body.find(("a", "b"))) is not None
    assert inner.value == {"c": 5}


@pytest.mark.parametrize(
    ("raw", "after"),
    [
        (b"{}", b'{"a": {"b": 1}}'),
        (b'{"x": 0}', b'{"a": {"b": 1}, "x": 0}'),
        (b'{"a": null}', b'{"a": {"b": 1}}'),
        (b'{"a": {}}', b'{"a": {"b": 1}}'),
        (b'{"a": { "c": 2 }}', b'{"a": {"b": 1,  "c": 2 }}'),
        (b'{"a": {"b": 7}}', b'{"a": {"b": 1}}'),
    ],
)
def test_a_member_is_put_with_what_is_on_its_way(raw, after):
    assert changed(raw, lambda body: body.put(("a", "b"), 1)) == after


def test_several_members_go_into_one_object():
    def both(body):
        body.put(("a", "b"), 1)
        body.put(("a", "c"), 2)

    assert changed(b'{"a": {}}', both) == b'{"a": {"b": 1, "c": 2}}'


def test_members_and_items_go_with_one_comma():
    raw = b'{"a": [1, 2, 3], "b": 4}'

    def shorter(body):
        found = body.find(("a",))
        body.drop_entries(body.entries(found.place), [0, 2])
        body.drop(body.find(("b",)))

    assert changed(raw, shorter) == b'{"a": [2]}'


def test_what_comes_first_comes_before_all_else():
    raw = b'{"a": [ 1], "b": "x", "c": []}'

    def first(body):
        body.put_first(body.find(("a",)), {"k": 1})
        body.put_first(body.find(("c",)), 2)
        body.write_before(body.find(("b",)), '"\n')

    assert changed(raw, first) == b'{"a": [{"k": 1},  1], "b": "\\"\\nx", "c": [2]}'


def test_another_spelling_is_not_taken_for_a_member():
    for raw in (b'{"A": 1}', b'{"a": 2, "A": 1}', b'{"a": 5}'):
        body = BodyChanges(raw, json.loads(raw))
        with pytest.raises(CannotChange):
            body.find(("a", "b"))


def test_protobuf_has_two_spellings_and_takes_one():
    raw = b'{"max_tokens": 1}'
    found = BodyChanges(raw, json.loads(raw), two_spellings=True).find(("maxTokens",))
    assert found is not None
    assert found.key == "max_tokens"
    assert BodyChanges(raw, json.loads(raw)).find(("maxTokens",)) is None
    raw = b'{"max_tokens": 1, "maxTokens": 1}'
    with pytest.raises(CannotChange):
        BodyChanges(raw, json.loads(raw), two_spellings=True).find(("maxTokens",))
    assert snake("maxOutputTokens") == "max_output_tokens"
