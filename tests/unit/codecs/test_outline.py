import json

from hypothesis import given
from hypothesis import strategies as st

from firebreak.codecs.outline import document, items, members, without
from firebreak.model.finding import Span
from firebreak.pipeline.edit import splice

RAW = rb' {"a" : [1, {"b": [2, 3]}, "x,]}\"" ] ,"c":{}, "\u0064": null}  '

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)


def said(raw, span):
    return raw[span.start : span.end].decode()


def test_members_and_items_are_found_where_they_stand():
    found = members(RAW, document(RAW))
    assert [member.key for member in found] == ["a", "c", "d"]
    assert [said(RAW, member.value) for member in found] == [r'[1, {"b": [2, 3]}, "x,]}\"" ]', "{}", "null"]
    assert said(RAW, found[1].whole) == '"c":{}'
    assert [said(RAW, item) for item in items(RAW, found[0].value)] == ["1", '{"b": [2, 3]}', r'"x,]}\""']
    assert items(RAW, found[1].value) == []


@given(st.dictionaries(st.text(max_size=4), VALUES, max_size=5), st.sampled_from([None, 1]))
def test_every_member_of_every_object_is_found(values, indent):
    raw = json.dumps(values, indent=indent).encode()
    found = members(raw, document(raw))
    assert {member.key: json.loads(said(raw, member.value)) for member in found} == values
    assert all(isinstance(member.value, Span) for member in found)


@given(st.lists(VALUES, max_size=6), st.data())
def test_what_is_taken_out_leaves_the_rest_as_it_was(values, data):
    raw = json.dumps(values).encode()
    gone = data.draw(st.sets(st.integers(0, max(len(values) - 1, 0)))) if values else set()
    left = splice(raw, without(items(raw, document(raw)), gone))
    assert json.loads(left) == [value for index, value in enumerate(values) if index not in gone]
