"""OpenAI moderations: `POST /v1/moderations`."""

from firebreak.codecs.answer import AnswerReader
from firebreak.codecs.draft import Draft
from firebreak.codecs.fields import Members, body_of
from firebreak.codecs.openai_parts import read_prompts
from firebreak.codecs.plain_answer import PlainAnswer
from firebreak.codecs.refusals import openai_error
from firebreak.model.conversation import Conversation
from firebreak.model.exchange import Exchange
from firebreak.model.refusal import Refusal, Rendered


class OpenAIModerations:
    surface = "openai.moderations"

    def read(self, exchange: Exchange) -> Conversation:
        return self.read_body(body_of(exchange.body))

    def read_body(self, body: Members) -> Conversation:
        draft = Draft()
        model = draft.take_model(body, required=False)
        read_prompts(draft, body, "input", required=True)
        return draft.finish(self.surface, body, model=model, task="moderation")

    def answer(self) -> AnswerReader:
        return PlainAnswer()

    def refuse(self, refusal: Refusal) -> Rendered:
        return openai_error(refusal)
