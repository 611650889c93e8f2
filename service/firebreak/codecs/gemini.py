"""Gemini: `:generateContent`, `:streamGenerateContent` and `:countTokens`, of the Gemini API and of Vertex AI."""

import re
from dataclasses import replace

from firebreak.codecs.answer import AnswerReader
from firebreak.codecs.draft import BODY, SYSTEM, Draft
from firebreak.codecs.fields import Members, body_of, take_optional_object
from firebreak.codecs.gemini_answer import GeminiAnswer
from firebreak.codecs.gemini_fields import spelt
from firebreak.codecs.gemini_parts import read_system, read_tools, take_contents
from firebreak.codecs.refusals import gemini_error
from firebreak.model.conversation import Conversation, Path
from firebreak.model.exchange import Exchange
from firebreak.model.refusal import Refusal, Rendered

_VERB = re.compile(":|%3a", re.IGNORECASE)

_OPTIONS = {
    "candidateCount": "n",
    "frequencyPenalty": "frequency_penalty",
    "logprobs": "top_logprobs",
    "maxOutputTokens": "max_output_tokens",
    "presencePenalty": "presence_penalty",
    "responseLogprobs": "logprobs",
    "seed": "seed",
    "temperature": "temperature",
    "topK": "top_k",
    "topP": "top_p",
}
"""Numbers and flags of the generation's configuration, and what other APIs call them."""


def model_of(path: str) -> str:
    """The model that a path ends in, before the colon; google-genai sends that as `%3A`."""
    return _VERB.split(path.rpartition("/")[2])[0]


def drop_repeated(body: Members, model: str) -> None:
    """Take away the model in the body where it only repeats the path; what says otherwise is text."""
    if body.get("model") in (model, f"models/{model}"):
        del body["model"]


class GeminiGenerate:
    """`streamed` is what the path says: the body does not."""

    def __init__(self, surface: str = "gemini.generate_content", *, streamed: bool = False) -> None:
        self.surface = surface
        self._streamed = streamed

    def read(self, exchange: Exchange) -> Conversation:
        body = body_of(exchange.body)
        draft = Draft()
        model = model_of(exchange.path)
        options = _read_request(draft, body, model, ())
        conversation = draft.finish(self.surface, body, model=model, options=options)
        return replace(conversation, stream=self._streamed)

    def answer(self) -> AnswerReader:
        return GeminiAnswer(streamed=self._streamed)

    def refuse(self, refusal: Refusal) -> Rendered:
        return gemini_error(refusal)


class GeminiCount:
    """Contents, or a whole request to be counted."""

    surface = "gemini.count_tokens"

    def read(self, exchange: Exchange) -> Conversation:
        body = body_of(exchange.body)
        draft = Draft()
        model = model_of(exchange.path)
        key = spelt(body, "generateContentRequest")
        inner = take_optional_object(body, key, ())
        if inner is not None:
            _read_request(draft, inner, model, (key,))
            draft.rest(inner, (key,))
        if inner is None or "contents" in body:
            _read_request(draft, body, model, ())
        return draft.finish(self.surface, body, model=model)

    def answer(self) -> AnswerReader:
        return GeminiAnswer(streamed=False)

    def refuse(self, refusal: Refusal) -> Rendered:
        return gemini_error(refusal)


def _read_request(draft: Draft, body: Members, model: str, path: Path) -> dict[str, int | float]:
    """Everything that has a meaning of its own; the options that other APIs have too."""
    drop_repeated(body, model)
    read_system(draft, SYSTEM, body, path)
    take_contents(draft, body, path)
    read_tools(draft, body, path)
    if not path:
        draft.unread(BODY, body, spelt(body, "cachedContent"))
    key = spelt(body, "generationConfig")
    config = take_optional_object(body, key, path)
    return _read_options(draft, config, (*path, key)) if config else {}


def _read_options(draft: Draft, config: Members, path: Path) -> dict[str, int | float]:
    options = {}
    for name, known in _OPTIONS.items():
        key = spelt(config, name)
        if isinstance(config.get(key), int | float):
            options[known] = config.pop(key)
    draft.rest(config, path)
    return options
