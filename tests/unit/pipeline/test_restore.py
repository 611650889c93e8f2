from firebreak.codecs.answer import Channel
from firebreak.model.conversation import PartKind
from firebreak.pipeline.restore import places, restored, taken

BODY = b'{"a": "bob@example.com", "b": "say \\"hi\\" \\u00e9", "c": 4111}'


def change(text, name):
    start = BODY.index(text)
    return (start, start + len(text), name)


def test_what_was_taken_out_is_known_by_its_placeholder():
    changes = [change(b"bob@example.com", b"[EMAIL_ADDRESS_1]"), change(b'say \\"hi\\" \\u00e9', b"[NAME_1]")]
    assert taken(BODY, changes) == {"[EMAIL_ADDRESS_1]": "bob@example.com", "[NAME_1]": 'say "hi" \u00e9'}


def test_a_number_is_put_back_as_text():
    assert taken(BODY, [change(b"4111", b'"[CARD_1]"')]) == {"[CARD_1]": "4111"}


def test_what_is_no_placeholder_or_no_text_is_not_put_back():
    assert taken(BODY, [change(b"bob@example.com", b"")]) == {}
    assert taken(BODY, [change(b'"hi\\" ', b"[NAME_1]")]) == {}


def test_only_what_is_known_is_a_place():
    known = {"[EMAIL_ADDRESS_1]": "bob@example.com"}
    found = places("Dear [EMAIL_ADDRESS_1] and [EMAIL_ADDRESS_2] and [x]", known)
    assert [(hit.start, hit.end) for hit in found] == [(5, 22)]
    assert places("Dear [EMAIL_ADDRESS_1]", {}) == []


def test_in_a_calls_arguments_it_is_json():
    known = {"[NAME_1]": 'say "hi"'}
    assert restored(Channel(PartKind.TOOL_CALL, "0"), "[NAME_1]", known) == 'say \\"hi\\"'
    assert restored(Channel(PartKind.TOOL_CALL, "0", plain=True), "[NAME_1]", known) == 'say "hi"'
    assert restored(Channel(PartKind.TEXT, "0"), "[NAME_1]", known) == 'say "hi"'
