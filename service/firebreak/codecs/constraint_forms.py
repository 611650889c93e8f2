"""Where each API keeps what a policy may constrain: the length of an answer, tools, instructions.

From the APIs' own references: platform.openai.com/docs/api-reference, docs.anthropic.com/en/api/messages,
ai.google.dev/api/generate-content, docs.aws.amazon.com/bedrock (Converse; "Inference request parameters and response
fields for foundation models"), github.com/ollama/ollama/blob/main/docs/api.md, docs.mistral.ai/api,
docs.cohere.com/v2/reference/chat; `n_predict` is llama.cpp's (tools/server/README.md).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from firebreak.codecs.bedrock_invoke import SURFACE as INVOKE
from firebreak.codecs.bedrock_invoke import family
from firebreak.codecs.bedrock_models import Family

Steps = tuple[str, ...]
"""The members on the way to a value."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which API a request was read as: its codec's surface, the provider's wire format, the model."""

    surface: str
    api: str = ""
    model: str = ""


@dataclass(frozen=True, slots=True)
class Tools:
    """A list of definitions. `choices` say something of the tools; `whole` goes with the last of them, the list itself
    where nothing is said. `grouped`: an entry holds a list of functions and members for the provider's own tools.
    """

    at: Steps
    choices: tuple[Steps, ...] = ()
    whole: Steps = ()
    grouped: bool = False


@dataclass(frozen=True, slots=True)
class System:
    """Where the instructions stand: a list whose entries are `entry` with the text under `key`; `text`: a string may
    stand there instead.
    """

    at: Steps
    key: str = "text"
    entry: tuple[tuple[str, str], ...] = ()
    text: bool = False

    def first(self, text: str) -> dict[str, str]:
        return {**dict(self.entry), self.key: text}


@dataclass(frozen=True, slots=True)
class Form:
    """One API's. `caps`: members that bound the length of the answer, the first of them put there where none is; an API
    without any gives no text. `asks`: whether a model is asked, so that there is something to cap or to instruct.

    `bases`: the objects in which all that stands, where it is not the body. `google`: a member has two spellings.
    `handed_on`: a member whose own members go to the model as they are. `stored` names what the provider keeps, with
    instructions or tools of its own. `unsaid`: members with which the instructions would not reach the model. `calls`:
    it is tools that are called, not a model. `first_counts`: of the caps only the first is sure to be heeded.
    """

    caps: tuple[Steps, ...] = ()
    tools: tuple[Tools, ...] = ()
    system: System | None = None
    asks: bool = True
    bases: tuple[Steps, ...] = ((),)
    google: bool = False
    handed_on: str = ""
    stored: tuple[str, ...] = ()
    unsaid: tuple[str, ...] = ()
    calls: bool = False
    first_counts: bool = False


_MESSAGES = System(("messages",), "content", (("role", "system"),))
_CHOICES = (("tool_choice",), ("parallel_tool_calls",))
_CHAT_TOOLS = (Tools(("tools",), _CHOICES), Tools(("functions",), (("function_call",),)))
_ANTHROPIC = Form(
    (("max_tokens",),),
    (Tools(("tools",), (("tool_choice",),)), Tools(("mcp_servers",))),
    System(("system",), "text", (("type", "text"),), text=True),
)
_GEMINI_TOOLS = (Tools(("tools",), (("toolConfig",),), grouped=True),)
_GEMINI = Form(
    (("generationConfig", "maxOutputTokens"),),
    _GEMINI_TOOLS,
    System(("systemInstruction", "parts")),
    google=True,
    stored=("cachedContent",),
)
_CONVERSE_TOOLS = (Tools(("toolConfig", "tools"), (("toolConfig", "toolChoice"),), ("toolConfig",)),)
_CONVERSE = Form(
    (("inferenceConfig", "maxTokens"),),
    _CONVERSE_TOOLS,
    System(("system",)),
    handed_on="additionalModelRequestFields",
)
_NUM_PREDICT = (("options", "num_predict"),)

_FORMS: Mapping[str, Form] = {
    "openai.chat": Form((("max_completion_tokens",), ("max_tokens",), ("n_predict",)), _CHAT_TOOLS, _MESSAGES),
    "openai.responses": Form(
        (("max_output_tokens",), ("n_predict",)),
        (Tools(("tools",), (("tool_choice",),)),),
        System(("instructions",), text=True),
    ),
    "openai.completions": Form((("max_tokens",), ("n_predict",))),
    "openai.embeddings": Form(),
    "openai.moderations": Form(),
    "anthropic.messages": _ANTHROPIC,
    "anthropic.count_tokens": Form((), _ANTHROPIC.tools, _ANTHROPIC.system),
    "gemini.generate_content": _GEMINI,
    "gemini.stream_generate_content": _GEMINI,
    "gemini.count_tokens": Form(
        (),
        _GEMINI_TOOLS,
        asks=False,
        bases=((), ("generateContentRequest",)),
        google=True,
    ),
    "gemini.embed_content": Form(),
    "gemini.batch_embed_contents": Form(),
    "bedrock.converse": _CONVERSE,
    "bedrock.count_tokens": Form(
        (), _CONVERSE_TOOLS, asks=False, bases=(("input", "converse"),), handed_on=_CONVERSE.handed_on
    ),
    "ollama.chat": Form(_NUM_PREDICT, (Tools(("tools",)),), _MESSAGES),
    "ollama.generate": Form(_NUM_PREDICT, (), System(("system",), text=True), unsaid=("raw", "template")),
    "ollama.embed": Form(),
    "ollama.embeddings": Form(),
    "mistral.chat": Form((("max_tokens",),), (Tools(("tools",), _CHOICES),), _MESSAGES),
    "mistral.fim": Form((("max_tokens",),)),
    "mistral.embeddings": Form(),
    "cohere.chat": Form((("max_tokens",),), (Tools(("tools",), (("tool_choice",), ("strict_tools",))),), _MESSAGES),
    "cohere.embed": Form(),
    "cohere.rerank": Form(),
    "mcp": Form(asks=False, calls=True),
}

_NOVA = Form(
    (("inferenceConfig", "maxTokens"), ("inferenceConfig", "max_new_tokens")), _CONVERSE_TOOLS, System(("system",))
)
_VENDORS: Mapping[Family, Form] = {
    Family.ANTHROPIC: _ANTHROPIC,
    Family.TITAN: Form((("textGenerationConfig", "maxTokenCount"),)),
    Family.EMBEDDING: Form(),
    Family.NOVA: _NOVA,
    Family.PROMPT: Form((("max_gen_len",),)),
    Family.CHAT: Form((("max_tokens",), ("max_completion_tokens",)), _CHAT_TOOLS, _MESSAGES),
}
_PROMPTED: Mapping[Family, Form] = {
    Family.ANTHROPIC: Form((("max_tokens_to_sample",),)),
    Family.CHAT: Form((("max_tokens",), ("max_completion_tokens",))),
}
"""Where the body is a prompt and not messages."""

_CHAT_AT_OLLAMA = Form(
    (("max_tokens",), ("max_completion_tokens",), ("n_predict",)), _CHAT_TOOLS, _MESSAGES, first_counts=True
)
"""Ollama takes no notice of `max_completion_tokens` (github.com/ollama/ollama/issues/7125)."""

_OPENAI_AT_BEDROCK = Form((("max_completion_tokens",), ("max_tokens",)), _CHAT_TOOLS, _MESSAGES)
_OPENAI_MODEL = re.compile(r"(?:^|[./])openai\.")
_STORED_PROMPT = ":prompt/"
"""In the ARN of a prompt that is kept at Bedrock; next to it AWS takes none of the members that are meant here."""


def form_of(asked: Asked, body: Mapping[str, Any]) -> Form | None:
    """The form of a request that was read; None where its API's is not known, or nothing tells whose body it is."""
    if _STORED_PROMPT in asked.model:
        return None
    if asked.surface == INVOKE:
        return _vendor(asked.model, body)
    return _CHAT_AT_OLLAMA if (asked.api, asked.surface) == ("ollama", "openai.chat") else _FORMS.get(asked.surface)


def _vendor(model: str, body: Mapping[str, Any]) -> Form | None:
    """Of InvokeModel, which takes the body of the model's vendor."""
    told = family(model, body)
    if told is None:
        return None
    if told is Family.CHAT and _OPENAI_MODEL.search(model):
        return _OPENAI_AT_BEDROCK
    return _PROMPTED.get(told, _VENDORS[told]) if "messages" not in body else _VENDORS[told]
