import httpx2
import openai
import pytest
from tests.tools.golden_codecs import openai_client
from tests.unit.codecs.exchanges import brief, exchange

from firebreak.codecs.openai_media import OpenAIImageForm, OpenAIImages, OpenAISpeech, OpenAITranscription
from firebreak.codecs.registry import pick
from firebreak.model.errors import BadInput
from firebreak.model.reason import Reason

PNG = ("a.png", b"\x89PNG\r\n\x1a\n", "image/png")


def sent(call):
    """The exchange that the official SDK makes of a call."""
    seen = []

    def send(request: httpx2.Request) -> httpx2.Response:
        seen.append(request)
        return httpx2.Response(400, json={"error": {"message": "captured"}})

    with pytest.raises(openai.BadRequestError):
        call(openai_client(send))
    (request,) = seen
    headers = {"content-type": request.headers["content-type"]}
    return exchange(raw=request.content, path=request.url.path, headers=headers)


def test_what_is_to_be_drawn_is_read():
    read = OpenAIImages().read(exchange({"prompt": "a cat", "model": "gpt-image-1", "n": 2, "style": "vivid"}))
    assert ("text", "user", "user", "a cat") in brief(read.parts)
    assert (read.model, read.surface) == ("gpt-image-1", "openai.images")


def test_what_is_to_be_said_is_read():
    read = OpenAISpeech().read(
        exchange({"input": "Hello", "instructions": "Whisper", "model": "tts-1", "voice": "ash"})
    )
    assert [text for kind, *_, text in brief(read.parts) if kind == "text"] == ["Hello", "Whisper"]


def test_the_sdks_edit_of_an_image_is_read():
    asked = sent(lambda c: c.images.edit(model="gpt-image-1", image=[PNG, PNG], mask=PNG, prompt="Add a hat"))
    codec = pick(asked)
    assert isinstance(codec, OpenAIImageForm)
    read = codec.read(asked)
    assert brief(read.parts).count(("image", "user", "user", "a.png")) == 3
    assert ("text", "user", "user", "Add a hat") in brief(read.parts)
    assert read.model == "gpt-image-1"


def test_the_sdks_transcription_is_read():
    asked = sent(
        lambda c: c.audio.transcriptions.create(
            model="gpt-4o-transcribe", file=("talk.mp3", b"ID3"), prompt="Names: Ada", stream=True, language="en"
        )
    )
    codec = pick(asked)
    assert isinstance(codec, OpenAITranscription)
    read = codec.read(asked)
    assert ("audio", "user", "user", "talk.mp3") in brief(read.parts)
    assert ("text", "user", "user", "Names: Ada") in brief(read.parts)
    assert ("metadata", "user", "user", "language: en") in brief(read.parts)
    assert read.stream


def test_two_models_are_two_bodies():
    raw = b"".join(
        b'--b\r\nContent-Disposition: form-data; name="model"\r\n\r\n' + name + b"\r\n" for name in (b"x", b"y")
    )
    asked = exchange(raw=raw + b"--b--", headers={"content-type": "multipart/form-data; boundary=b"})
    with pytest.raises(BadInput) as caught:
        OpenAITranscription("openai.transcriptions").read(asked)
    assert caught.value.reason is Reason.DUPLICATE_KEY
