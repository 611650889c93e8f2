import json

import pytest

from firebreak.codecs.openai_media_answer import ImagesAnswer, SpeechAnswer, TranscriptionAnswer
from firebreak.model.errors import BadInput

LIMIT = 1 << 20


def heard(reader, content_type, raw):
    framer = reader.framer(content_type, LIMIT)
    return [reader.read(frame) for frame in (*framer.feed(raw), *framer.end()) if frame.data]


def texts(all_heard):
    return [(delta.channel.kind.value, delta.text) for one in all_heard for delta in one.deltas]


def test_a_picture_is_a_part_that_nobody_looked_into_and_its_prompt_is_text():
    answer = {
        "created": 1,
        "data": [{"b64_json": "aGVsbG8=", "revised_prompt": "A cat, with a hat"}],
        "usage": {"input_tokens": 5},
    }
    (one,) = heard(ImagesAnswer(), "application/json", json.dumps(answer).encode())
    assert texts([one]) == [("image", "b64_json: \n"), ("metadata", "revised_prompt: A cat, with a hat\n")]
    assert one.last
    assert one.usage.input == 5


def test_pictures_that_come_in_parts_are_pictures_too():
    events = b'data: {"type":"image_generation.partial_image","b64_json":"aGk=","partial_image_index":0}\n\n'
    events += b'data: {"type":"image_generation.completed","b64_json":"aGk=","usage":{"output_tokens":3}}\n\n'
    partial, whole = heard(ImagesAnswer(), "text/event-stream", events)
    assert [kind for kind, _ in texts([partial, whole])] == ["image", "image"]
    assert (partial.last, whole.last, whole.usage.output) == (False, True, 3)


@pytest.mark.parametrize("content_type", ["text/plain", "text/vtt", "application/x-subrip"])
def test_a_transcription_may_be_plain_text(content_type):
    (one,) = heard(TranscriptionAnswer(), content_type, "1\n00:01 --> 00:02\nHé".encode())
    assert texts([one]) == [("text", "1\n00:01 --> 00:02\nHé")]
    with pytest.raises(BadInput):
        heard(TranscriptionAnswer(), content_type, b"\xff")


def test_a_transcription_in_pieces_is_one_text_and_then_the_whole():
    events = b'data: {"type":"transcript.text.delta","delta":"Hel"}\n\ndata: {"type":"transcript.text.delta","delta":"lo"}\n\n'
    events += b'data: {"type":"transcript.text.done","text":"Hello","usage":{"type":"tokens","input_tokens":14}}\n\n'
    first, second, done = heard(TranscriptionAnswer(), "text/event-stream", events)
    assert [delta.open for one in (first, second) for delta in one.deltas] == [True, True]
    assert (done.closed, texts([done]), done.last, done.usage.input) == (["delta"], [("text", "Hello")], True, 14)


def test_a_transcription_with_segments_is_read_whole():
    answer = {
        "task": "transcribe",
        "language": "en",
        "duration": 2.5,
        "text": "Hi",
        "segments": [{"id": 0, "text": "Hi"}],
    }
    (one,) = heard(TranscriptionAnswer(), "application/json", json.dumps(answer).encode())
    assert texts([one])[0] == ("text", "Hi")
    assert "text: Hi" in texts([one])[1][1]


def test_sound_is_a_part_that_nobody_listened_to():
    assert texts(heard(SpeechAnswer(), "audio/mpeg", b"ID3\x00")) == [("audio", "")]
    events = b'data: {"type":"speech.audio.delta","audio":"aGk="}\n\ndata: {"type":"speech.audio.done","usage":{}}\n\n'
    delta, done = heard(SpeechAnswer(), "text/event-stream", events)
    assert texts([delta]) == [("audio", "audio: \n")]
    assert (delta.last, done.last) == (False, True)


@pytest.mark.parametrize("reader", [ImagesAnswer, TranscriptionAnswer, SpeechAnswer])
def test_other_forms_are_read_by_nobody(reader):
    assert reader().framer("video/mp4", LIMIT) is None
