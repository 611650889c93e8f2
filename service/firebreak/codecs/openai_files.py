"""OpenAI files and batches: `POST /v1/files`, `POST /v1/batches`, and why an upload in parts is refused.

platform.openai.com/docs/api-reference/files, /batch and /uploads.
"""

import re

from firebreak.codecs.answer import AnswerReader
from firebreak.codecs.draft import BODY, RETRIEVAL, Draft
from firebreak.codecs.fields import body_of, missing, take_optional_string, wrong_value
from firebreak.codecs.multipart import Field, fields
from firebreak.codecs.openai_lines import BY_URL, PURPOSES, UPLOAD, read_lines
from firebreak.codecs.plain_answer import PlainAnswer
from firebreak.codecs.refusals import openai_error
from firebreak.model.conversation import Conversation, PartKind
from firebreak.model.errors import BadInput
from firebreak.model.exchange import Exchange
from firebreak.model.reason import Reason
from firebreak.model.refusal import Refusal, Rendered

_PURPOSE = re.compile(r"[a-z][a-z_-]{0,39}")


class OpenAIFiles:
    """A file of lines is read line by line. Of any other nobody knows what the provider makes: it was not inspected.

    If its bytes are text, that is read all the same, as a document.
    """

    surface = "openai.files"

    def read(self, exchange: Exchange) -> Conversation:
        form = fields(exchange.body, exchange.headers.get("content-type", ""))
        purpose = _only(form, "purpose").text()
        if not _PURPOSE.fullmatch(purpose):
            raise wrong_value("purpose")
        file = _only(form, "file")
        if file.filename is None:
            raise missing((), "file")
        draft = Draft()
        for field in form:
            if field is file and purpose in PURPOSES:
                draft.plain(PartKind.METADATA, BODY, field.filename or "")
            elif field.filename is not None:
                _read_file(draft, field, field.filename)
            else:
                draft.plain(PartKind.METADATA, BODY, f"{field.name}: {field.text()}")
        if purpose in PURPOSES:
            return read_lines(self.surface, purpose, exchange.body, file, draft.parts)
        return Conversation(self.surface, "", tuple(draft.parts), task=UPLOAD)

    def answer(self) -> AnswerReader:
        return PlainAnswer()

    def refuse(self, refusal: Refusal) -> Rendered:
        return openai_error(refusal)


class OpenAIBatches:
    """What starts a batch names a file, whose lines this request does not carry."""

    surface = "openai.batches"

    def read(self, exchange: Exchange) -> Conversation:
        body = body_of(exchange.body)
        draft = Draft()
        endpoint = take_optional_string(body, "endpoint", ())
        if endpoint is not None and endpoint not in BY_URL:
            raise wrong_value("endpoint")
        draft.unread(BODY, body, "input_file_id")
        return draft.finish(self.surface, body, model="", task="batch")

    def answer(self) -> AnswerReader:
        return PlainAnswer()

    def refuse(self, refusal: Refusal) -> Rendered:
        return openai_error(refusal)


class OpenAIUploads:
    """A part of a file ends where its sender likes: in the middle of a line, or of a secret."""

    surface = "openai.uploads"

    def read(self, exchange: Exchange) -> Conversation:
        raise BadInput(Reason.UPLOAD_PARTS, exchange.path.rpartition("/")[2])

    def answer(self) -> AnswerReader:
        return PlainAnswer()

    def refuse(self, refusal: Refusal) -> Rendered:
        return openai_error(refusal)


def _only(form: tuple[Field, ...], name: str) -> Field:
    named = [field for field in form if field.name.lower() == name]
    if not named:
        raise missing((), name)
    if len(named) > 1 or named[0].name != name:
        raise BadInput(Reason.DUPLICATE_KEY, name)
    return named[0]


def _read_file(draft: Draft, field: Field, filename: str) -> None:
    draft.plain(PartKind.FILE, BODY, filename)
    try:
        text = field.text()
    except BadInput:
        return
    if text:
        draft.plain(PartKind.TEXT, RETRIEVAL, text)
