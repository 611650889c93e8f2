"""OpenAI images and audio: prompts are read, what is seen or heard is a part that says so."""

from firebreak.codecs.answer import AnswerReader
from firebreak.codecs.draft import BODY, Draft, Voice
from firebreak.codecs.fields import Members, body_of, take_optional_string
from firebreak.codecs.multipart import Field, fields
from firebreak.codecs.openai_media_answer import ImagesAnswer, SpeechAnswer, TranscriptionAnswer
from firebreak.codecs.refusals import openai_error
from firebreak.model.conversation import Conversation, Origin, PartKind, Role
from firebreak.model.errors import BadInput
from firebreak.model.exchange import Exchange
from firebreak.model.reason import Reason
from firebreak.model.refusal import Refusal, Rendered

_USER = Voice(Role.USER, Origin.USER, 0)


class OpenAIImages:
    """`POST /v1/images/generations`."""

    surface = "openai.images"

    def read(self, exchange: Exchange) -> Conversation:
        return self.read_body(body_of(exchange.body))

    def read_body(self, body: Members) -> Conversation:
        return _texts(body, self.surface, ("prompt",))

    def answer(self) -> AnswerReader:
        return ImagesAnswer()

    def refuse(self, refusal: Refusal) -> Rendered:
        return openai_error(refusal)


class OpenAISpeech:
    """`POST /v1/audio/speech`."""

    surface = "openai.speech"

    def read(self, exchange: Exchange) -> Conversation:
        return _texts(body_of(exchange.body), self.surface, ("input", "instructions"))

    def answer(self) -> AnswerReader:
        return SpeechAnswer()

    def refuse(self, refusal: Refusal) -> Rendered:
        return openai_error(refusal)


class OpenAIImageForm:
    """`POST /v1/images/edits` and `/v1/images/variations`: a form with images."""

    def __init__(self, surface: str) -> None:
        self.surface = surface

    def read(self, exchange: Exchange) -> Conversation:
        return _form(exchange, self.surface, PartKind.IMAGE)

    def answer(self) -> AnswerReader:
        return ImagesAnswer()

    def refuse(self, refusal: Refusal) -> Rendered:
        return openai_error(refusal)


class OpenAITranscription:
    """`POST /v1/audio/transcriptions` and `/v1/audio/translations`: a form with a recording."""

    def __init__(self, surface: str) -> None:
        self.surface = surface

    def read(self, exchange: Exchange) -> Conversation:
        return _form(exchange, self.surface, PartKind.AUDIO)

    def answer(self) -> AnswerReader:
        return TranscriptionAnswer()

    def refuse(self, refusal: Refusal) -> Rendered:
        return openai_error(refusal)


def _texts(body: Members, surface: str, names: tuple[str, ...]) -> Conversation:
    draft = Draft()
    model = draft.take_model(body, required=False)
    for name in names:
        text = take_optional_string(body, name, ())
        if text is not None:
            draft.text(PartKind.TEXT, _USER, text, (name,))
    return draft.finish(surface, body, model=model)


def _form(exchange: Exchange, surface: str, media: PartKind) -> Conversation:
    """A file without its bytes, and every other field as text. A form's parts have no place to redact in."""
    draft = Draft()
    model, stream = "", False
    for field in fields(exchange.body, exchange.headers.get("content-type", "")):
        if field.filename is not None:
            draft.plain(media, _USER, field.filename)
        elif field.name == "prompt":
            draft.plain(PartKind.TEXT, _USER, field.text())
        else:
            model, stream = _option(draft, field, model, stream)
    return Conversation(surface=surface, model=model, parts=tuple(draft.parts), stream=stream)


def _option(draft: Draft, field: Field, model: str, stream: bool) -> tuple[str, bool]:  # noqa: FBT001 - what is known so far
    text = field.text()
    if field.name == "model" and model:
        raise BadInput(Reason.DUPLICATE_KEY, "model")
    draft.plain(PartKind.METADATA, BODY, f"{field.name}: {text}")
    if field.name == "model":
        return text, stream
    return model, stream or (field.name == "stream" and text == "true")
