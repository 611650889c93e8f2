"""Gemini embeddings: `:embedContent` and `:batchEmbedContents`."""

from firebreak.codecs.answer import AnswerReader
from firebreak.codecs.draft import Draft, Voice
from firebreak.codecs.fields import Members, as_object, body_of, take_list, take_object, wrong_value
from firebreak.codecs.gemini import drop_repeated, model_of
from firebreak.codecs.gemini_answer import gemini_usage
from firebreak.codecs.gemini_parts import read_parts
from firebreak.codecs.refusals import gemini_cut, gemini_error
from firebreak.codecs.vectors import Vectors
from firebreak.model.conversation import Conversation, Origin, Path, Role
from firebreak.model.exchange import Exchange
from firebreak.model.refusal import Refusal, Rendered


class GeminiEmbed:
    def __init__(self, surface: str = "gemini.embed_content", *, batch: bool = False) -> None:
        self.surface = surface
        self._batch = batch

    def read(self, exchange: Exchange) -> Conversation:
        body = body_of(exchange.body)
        draft = Draft()
        model = model_of(exchange.path)
        if self._batch:
            requests = take_list(body, "requests", ())
            if not requests:
                raise wrong_value("requests")
            for index, item in enumerate(requests):
                place = ("requests", index)
                request = as_object(item, *place)
                _read_request(draft, request, model, place, index)
                draft.rest(request, place)
        else:
            _read_request(draft, body, model, (), 0)
        return draft.finish(self.surface, body, model=model, task="embedding")

    def answer(self) -> AnswerReader:
        return Vectors(gemini_usage, lambda refusal: gemini_cut(refusal, array=False))

    def refuse(self, refusal: Refusal) -> Rendered:
        return gemini_error(refusal)


def _read_request(draft: Draft, request: Members, model: str, path: Path, index: int) -> None:
    drop_repeated(request, model)
    content = take_object(request, "content", path)
    read_parts(draft, Voice(Role.USER, Origin.USER, index), content, (*path, "content"))
