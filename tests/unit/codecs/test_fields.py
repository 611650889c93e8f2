import pytest

from firebreak.codecs import fields
from firebreak.model.errors import BadInput
from firebreak.model.reason import Reason

TAKERS = [
    (fields.take_string, "text", 1, True),
    (fields.take_list, [1], {}, True),
    (fields.take_object, {"a": 1}, [], True),
    (fields.take_optional_string, "text", [], False),
    (fields.take_optional_list, [1], "no", False),
    (fields.take_optional_object, {"a": 1}, "no", False),
    (fields.take_flag, True, 1, False),
]


@pytest.mark.parametrize(("take", "good", "bad", "required"), TAKERS)
def test_a_taken_member_is_gone_and_checked(take, good, bad, required):
    members = {"k": good, "other": 1}
    assert take(members, "k", ()) == good
    assert members == {"other": 1}
    with pytest.raises(BadInput) as caught:
        take({"k": bad}, "k", ("messages", 3))
    assert (caught.value.reason, caught.value.where) == (Reason.FIELD_TYPE, "/messages/3/k")


@pytest.mark.parametrize(("take", "good", "bad", "required"), TAKERS)
def test_null_counts_as_absent(take, good, bad, required):
    for members in ({}, {"k": None}):
        if required:
            with pytest.raises(BadInput) as caught:
                take(members, "k", ())
            assert caught.value.reason is Reason.FIELD_MISSING
        else:
            assert not take(members, "k", ())


def test_a_body_is_an_object():
    assert fields.body_of(b'{"a": 1}') == {"a": 1}
    with pytest.raises(BadInput) as caught:
        fields.body_of(b"[]")
    assert caught.value.reason is Reason.NOT_AN_OBJECT


def test_pointer_escapes_as_rfc_6901_says():
    assert fields.pointer(("a/b", "c~d", 0)) == "/a~1b/c~0d/0"


def test_an_item_that_is_no_object_is_named_by_its_place():
    assert fields.as_object({"a": 1}, "tools", 0) == {"a": 1}
    with pytest.raises(BadInput) as caught:
        fields.as_object("x", "tools", 0)
    assert caught.value.where == "/tools/0"
    assert fields.wrong_value("a").reason is Reason.FIELD_VALUE


@pytest.mark.parametrize("twin", ["Messages", "MESSAGES", "me\u017f\u017fages"])
def test_members_that_only_case_tells_apart_are_duplicates(twin):
    with pytest.raises(BadInput) as caught:
        fields.body_of(f'{{"messages": [], "{twin}": []}}'.encode())
    assert caught.value.reason is Reason.DUPLICATE_KEY
    assert fields.body_of(b'{"Other": {"a": 1, "A": 2}}') == {"Other": {"a": 1, "A": 2}}


def test_a_body_within_another_is_held_to_the_same():
    assert fields.as_body({"a": 1}) == {"a": 1}
    for value, reason in (({"a": 1, "A": 2}, Reason.DUPLICATE_KEY), ([], Reason.NOT_AN_OBJECT)):
        with pytest.raises(BadInput) as caught:
            fields.as_body(value)
        assert caught.value.reason is reason
