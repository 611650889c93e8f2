from firebreak.codecs.answer import Channel, Heard
from firebreak.codecs.speaking import Speaking, take_items, take_times
from firebreak.model.conversation import PartKind

TEXT, THOUGHT = Channel(PartKind.TEXT, "text"), Channel(PartKind.REASONING, "thought")


def paused(speaking, *spoken, ended=False):
    heard = Heard()
    for channel in spoken:
        heard.text(channel, "a", ("a",), more=True)
    speaking.pause(heard, 0, ended=ended)
    return heard.paused


def test_a_text_pauses_where_another_goes_on():
    speaking = Speaking()
    assert paused(speaking, THOUGHT) == []
    assert paused(speaking, TEXT) == ["thought"]
    assert paused(speaking) == []
    assert paused(speaking, ended=True) == ["text", "thought"]


def test_a_copy_or_a_name_holds_no_text_up():
    speaking = Speaking()
    paused(speaking, TEXT)
    assert paused(speaking, Channel(PartKind.TEXT, "copy", copied=True)) == []
    assert paused(speaking, Channel(PartKind.METADATA, "rest")) == []
    assert paused(speaking, Channel(PartKind.TOOL_CALL, "call")) == ["copy", "rest", "text"]


def test_times_are_taken_and_nothing_else():
    members = {"a": "2026-11-21T09:00:00.123456789Z", "b": "2026-11-21T09:00:00+01:00", "c": "at nine", "d": 1}
    take_times(members, ("a", "b", "c", "d", "e"))
    assert members == {"c": "at nine", "d": 1}


def test_items_are_taken_where_only_names_are_in_them():
    members = {"a": [{"type": "x"}], "b": [{"type": "x", "note": "words"}], "c": [1], "d": {}}
    for key in "abcde":
        take_items(members, key, ("type",))
    assert members == {"b": [{"note": "words"}], "c": [1], "d": {}}
