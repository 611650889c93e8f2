"""Amazon Bedrock InvokeModel: `POST /model/{modelId}/invoke` and `/invoke-with-response-stream`.

The body is that of the model's vendor; the model's name says whose. Where the name tells nothing (an application's own
profile, an imported model), the body's members do: whatever they are, all of its strings are read.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from firebreak.codecs.answer import AnswerReader
from firebreak.codecs.anthropic_messages import AnthropicMessages
from firebreak.codecs.bedrock_converse import BedrockConverse
from firebreak.codecs.bedrock_invoke_answer import InvokeAnswer
from firebreak.codecs.bedrock_models import Family, family_of, model_of
from firebreak.codecs.bedrock_refusals import bedrock_error
from firebreak.codecs.draft import BODY, Draft
from firebreak.codecs.fields import Members, body_of, take_optional_list, take_string
from firebreak.codecs.openai_chat import OpenAIChat
from firebreak.model.conversation import Conversation, PartKind
from firebreak.model.exchange import Exchange
from firebreak.model.refusal import Refusal, Rendered

SURFACE = "bedrock.invoke"

_TITAN_OPTIONS = {"maxTokenCount": "max_tokens", "temperature": "temperature", "topP": "top_p"}

_Reader = Callable[[Members, str], Conversation]


class BedrockInvoke:
    surface = SURFACE

    def read(self, exchange: Exchange) -> Conversation:
        model = model_of(exchange.path)
        named = family_of(model)
        body = body_of(exchange.body)
        read = _READERS[(_told(body) or Family.CHAT) if named is Family.UNTOLD else named](body, model)
        return replace(read, surface=SURFACE, stream=exchange.path.endswith("-stream"))

    def answer(self) -> AnswerReader:
        return InvokeAnswer()

    def refuse(self, refusal: Refusal) -> Rendered:
        return bedrock_error(refusal)


def family(model: str, body: Mapping[str, Any]) -> Family | None:
    """Whose body it is; None where neither the model's name nor the body tells."""
    named = family_of(model)
    return _told(body) if named is Family.UNTOLD else named


def _told(body: Mapping[str, Any]) -> Family | None:
    """What a body says by its members."""
    if "anthropic_version" in body:
        return Family.ANTHROPIC
    if "inputText" in body:
        return Family.TITAN
    if "schemaVersion" in body or "inferenceConfig" in body:
        return Family.NOVA
    return None


def _read_anthropic(body: Members, model: str) -> Conversation:
    """Claude's oldest models take a prompt."""
    return _read_prompt(body, model) if "messages" not in body else AnthropicMessages().read_body(body, model)


def _read_chat(body: Members, model: str) -> Conversation:
    return _read_prompt(body, model) if "messages" not in body else OpenAIChat().read_body(body, model)


def _read_prompt(body: Members, model: str) -> Conversation:
    """A prompt in the model's own template: who says what in it is the template's matter."""
    draft = Draft()
    draft.text(PartKind.TEXT, BODY, take_string(body, "prompt", ()), ("prompt",))
    for index, image in enumerate(take_optional_list(body, "images", ())):
        draft.media(PartKind.IMAGE, BODY, {"data": image}, ("images", index))
    return draft.finish(SURFACE, body, model=model)


def _read_titan(body: Members, model: str) -> Conversation:
    draft = Draft()
    draft.text(PartKind.TEXT, BODY, take_string(body, "inputText", ()), ("inputText",))
    config: Any = body.get("textGenerationConfig")
    known = [key for key in _TITAN_OPTIONS if isinstance(config, dict) and isinstance(config.get(key), int | float)]
    options: dict[str, int | float] = {_TITAN_OPTIONS[key]: config.pop(key) for key in known}
    if config == {}:
        del body["textGenerationConfig"]
    return draft.finish(SURFACE, body, model=model, options=options)


def _read_embedding(body: Members, model: str) -> Conversation:
    draft = Draft()
    draft.text(PartKind.TEXT, BODY, take_string(body, "inputText", ()), ("inputText",))
    return draft.finish(SURFACE, body, model=model, task="embedding")


_READERS: Mapping[Family, _Reader] = {
    Family.ANTHROPIC: _read_anthropic,
    Family.TITAN: _read_titan,
    Family.EMBEDDING: _read_embedding,
    Family.NOVA: BedrockConverse().read_body,
    Family.PROMPT: _read_prompt,
    Family.CHAT: _read_chat,
}
