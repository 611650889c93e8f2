"""OpenAI text completions: `POST /v1/completions`."""

from firebreak.codecs.answer import AnswerReader
from firebreak.codecs.draft import BODY, Draft
from firebreak.codecs.fields import Members, body_of, take_optional_string
from firebreak.codecs.openai_chat_answer import OpenAIChatAnswer
from firebreak.codecs.openai_parts import read_prompts
from firebreak.codecs.refusals import openai_error
from firebreak.model.conversation import Conversation, PartKind
from firebreak.model.exchange import Exchange
from firebreak.model.refusal import Refusal, Rendered


class OpenAICompletions:
    surface = "openai.completions"

    def read(self, exchange: Exchange) -> Conversation:
        return self.read_body(body_of(exchange.body))

    def read_body(self, body: Members, deployment: str = "") -> Conversation:
        draft = Draft()
        model = draft.take_model(body, deployment=deployment)
        read_prompts(draft, body, "prompt", required=False)
        suffix = take_optional_string(body, "suffix", ())
        if suffix is not None:
            draft.text(PartKind.TEXT, BODY, suffix, ("suffix",))
        return draft.finish(self.surface, body, model=model)

    def answer(self) -> AnswerReader:
        return OpenAIChatAnswer()

    def refuse(self, refusal: Refusal) -> Rendered:
        return openai_error(refusal)
