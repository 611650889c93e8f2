import pytest
from tests.unit.codecs.exchanges import brief

from firebreak.codecs import draft as module
from firebreak.codecs.draft import BODY, SYSTEM, TOOL, Draft, Voice
from firebreak.codecs.flatten import MAX_PIECES
from firebreak.model.conversation import Origin, PartKind, Role, Segment
from firebreak.model.errors import BadInput
from firebreak.model.reason import Reason


def test_a_text_part_knows_its_place_and_voice():
    draft = Draft()
    draft.text(PartKind.TEXT, Voice(Role.USER, Origin.USER, 4), "hello", ("messages", 4, "content"))
    (part,) = draft.parts
    assert (part.text, part.message, part.segments) == ("hello", 4, (Segment(0, ("messages", 4, "content")),))


def test_leftovers_become_one_metadata_part_a_voice():
    draft = Draft()
    draft.rest({"a": "1"}, ("x",))
    draft.rest({}, ("y",))
    draft.rest({"b": "2"}, ("z",))
    draft.close_rest(TOOL)
    draft.close_rest(TOOL)
    assert brief(draft.parts) == [("metadata", "tool", "tool", "a: 1\nb: 2\n")]


def test_parts_are_bounded(monkeypatch):
    monkeypatch.setattr(module, "MAX_PARTS", 2)
    draft = Draft()
    draft.text(PartKind.TEXT, BODY, "", ())
    draft.text(PartKind.TEXT, BODY, "", ())
    with pytest.raises(BadInput) as caught:
        draft.text(PartKind.TEXT, BODY, "", ())
    assert caught.value.reason is Reason.TOO_MANY_PARTS


@pytest.mark.parametrize(
    ("body", "deployment", "model", "read"),
    [
        ({"model": "ft:gpt-4o:org::id"}, "", "ft:gpt-4o:org::id", []),
        ({"model": "a b"}, "", "a b", ["model: a b\n"]),
        ({"model": "gpt-5"}, "gpt-5", "gpt-5", []),
        ({"model": "allowed"}, "real", "real", ["model: allowed\n"]),
        ({}, "real", "real", []),
    ],
)
def test_the_path_decides_on_the_model_and_odd_names_are_read(body, deployment, model, read):
    draft = Draft()
    assert draft.take_model(body, deployment=deployment) == model
    draft.close_rest(BODY)
    assert [part.text for part in draft.parts] == read


def test_a_model_is_required_where_no_path_names_it():
    with pytest.raises(BadInput) as caught:
        Draft().take_model({})
    assert (caught.value.reason, caught.value.where) == (Reason.FIELD_MISSING, "/model")
    assert Draft().take_model({}, required=False) == ""


def test_finish_reads_options_caller_and_all_that_is_left():
    body = {
        "stream": True,
        "temperature": 0.5,
        "max_tokens": "many",
        "user": "u1",
        "metadata": {"session_id": "s1", "n": 1},
        "store": None,
    }
    conversation = Draft().finish("s", body, model="m", task="t")
    assert (conversation.surface, conversation.model, conversation.task) == ("s", "m", "t")
    assert conversation.stream
    assert conversation.parameters == {"temperature": 0.5}
    assert (conversation.user, conversation.session) == ("u1", "s1")
    text = "max_tokens: many\nuser: u1\nmetadata:\nsession_id: s1\nn: 1\nstore: null\n"
    assert brief(conversation.parts) == [("metadata", "user", "user", text)]


def test_the_safer_name_of_the_user_comes_first():
    def user(body):
        return Draft().finish("s", body, model="m").user

    assert user({"user": "u", "safety_identifier": "h"}) == "h"
    assert user({"metadata": {"user_id": "a"}}) == "a"
    assert user({"user": 7, "metadata": "text"}) == ""


def test_stream_must_be_a_flag():
    with pytest.raises(BadInput):
        Draft().finish("s", {"stream": "yes"}, model="m")


def test_tools_are_named_and_read_whole():
    draft = Draft()
    draft.tool(SYSTEM, {"name": "t", "description": "d"}, ("tools", 0), "t")
    draft.tool(SYSTEM, {"name": 3}, ("tools", 1), 3)
    assert draft.tools == ["t"]
    assert [part.name for part in draft.parts] == ["t", ""]
    assert draft.parts[0].text == "name: t\ndescription: d\n"


def test_a_tool_call_is_its_name_and_arguments():
    draft = Draft()
    draft.tool_call(BODY, "rm", ("n",), "-rf /", ("a",))
    draft.tool_call(BODY, "rm", ("n",), {"path": "/"}, ("a",))
    assert [part.text for part in draft.parts] == ["rm\n-rf /", "rm\npath: /\n"]
    assert draft.parts[0].segments == (Segment(0, ("n",)), Segment(3, ("a",)))


def test_what_is_not_carried_is_said():
    body = {"conversation": {"id": "c", "data": "QUJD"}, "prompt": None}
    draft = Draft()
    draft.unread(BODY, body, "conversation")
    draft.unread(BODY, body, "prompt")
    assert brief(draft.parts) == [("other", "user", "user", "conversation:\nid: c\ndata: QUJD\n")]
    assert body == {"prompt": None}


def test_media_leaves_base64_out():
    draft = Draft()
    draft.media(PartKind.AUDIO, BODY, {"data": "QUJD", "format": "wav"}, ("x",))
    assert draft.parts[0].text == "data: \nformat: wav\n"


def test_a_body_has_so_many_pieces_in_all_its_parts_together():
    draft = Draft()
    half = [""] * (MAX_PIECES // 2)
    draft.flat(PartKind.OTHER, BODY, half, ("a",))
    draft.flat(PartKind.OTHER, BODY, half, ("b",))
    with pytest.raises(BadInput) as error:
        draft.flat(PartKind.OTHER, BODY, [""], ("c",))
    assert error.value.reason is Reason.TOO_MANY_PARTS


def test_values_that_are_no_members_are_left_over_too():
    draft = Draft()
    draft.rest({"a": {}}, ())
    draft.rest_value("word", ("a", 0))
    draft.rest_value(4, ("a", 1))
    draft.close_rest(BODY)
    assert brief(draft.parts) == [("metadata", "user", "user", "a:\nword\n4\n")]
