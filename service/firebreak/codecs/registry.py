"""Which codec reads which route: explicit lists, exact matches, and a refusal for everything else."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from firebreak.codecs.answer import AnswerReader
from firebreak.codecs.anthropic_messages import AnthropicMessages
from firebreak.codecs.azure import AzureDeployment
from firebreak.codecs.interface import Codec
from firebreak.codecs.openai_chat import OpenAIChat
from firebreak.codecs.openai_completions import OpenAICompletions
from firebreak.codecs.openai_embeddings import OpenAIEmbeddings
from firebreak.codecs.openai_moderations import OpenAIModerations
from firebreak.codecs.openai_responses import OpenAIResponses
from firebreak.codecs.plain_answer import PlainAnswer
from firebreak.codecs.refusals import anthropic_error, openai_error
from firebreak.model.errors import BadInput
from firebreak.model.exchange import Exchange
from firebreak.model.reason import Reason
from firebreak.model.refusal import Refusal, Rendered


class Refuser(Protocol):
    """Gives a refusal the provider's form where no codec was picked."""

    def refuse(self, refusal: Refusal) -> Rendered:
        """Total."""


@dataclass(frozen=True, slots=True)
class PassThrough:
    """A route that carries no text: nothing to read, and its answer is a listing."""

    surface: str


@dataclass(frozen=True, slots=True)
class _Route:
    """`path` is exact, or `{deployment}`/`{model}` where a name stands."""

    api: str
    method: str
    path: str
    target: Codec | PassThrough


_CHAT = OpenAIChat()
_COMPLETIONS = OpenAICompletions()
_EMBEDDINGS = OpenAIEmbeddings()
_RESPONSES = OpenAIResponses()
_DEPLOYMENT = "/openai/deployments/{deployment}"

ROUTES = (
    _Route("openai", "POST", "/v1/chat/completions", _CHAT),
    _Route("openai", "POST", "/v1/responses", _RESPONSES),
    _Route("openai", "POST", "/v1/completions", _COMPLETIONS),
    _Route("openai", "POST", "/v1/embeddings", _EMBEDDINGS),
    _Route("openai", "POST", "/v1/moderations", OpenAIModerations()),
    _Route("openai", "GET", "/v1/models", PassThrough("openai.models")),
    _Route("openai", "GET", "/v1/models/{model}", PassThrough("openai.models")),
    _Route("azure_openai", "POST", f"{_DEPLOYMENT}/chat/completions", AzureDeployment(_CHAT)),
    _Route("azure_openai", "POST", f"{_DEPLOYMENT}/completions", AzureDeployment(_COMPLETIONS)),
    _Route("azure_openai", "POST", f"{_DEPLOYMENT}/embeddings", AzureDeployment(_EMBEDDINGS)),
    _Route("azure_openai", "POST", "/openai/responses", _RESPONSES),
    _Route("azure_openai", "POST", "/openai/v1/chat/completions", _CHAT),
    _Route("azure_openai", "POST", "/openai/v1/completions", _COMPLETIONS),
    _Route("azure_openai", "POST", "/openai/v1/embeddings", _EMBEDDINGS),
    _Route("azure_openai", "POST", "/openai/v1/responses", _RESPONSES),
    _Route("azure_openai", "GET", "/openai/models", PassThrough("azure_openai.models")),
    _Route("azure_openai", "GET", "/openai/models/{model}", PassThrough("azure_openai.models")),
    _Route("azure_openai", "GET", "/openai/v1/models", PassThrough("azure_openai.models")),
    _Route("azure_openai", "GET", "/openai/v1/models/{model}", PassThrough("azure_openai.models")),
    _Route("anthropic", "POST", "/v1/messages", AnthropicMessages()),
    _Route("anthropic", "POST", "/v1/messages/count_tokens", AnthropicMessages("anthropic.count_tokens")),
    _Route("anthropic", "GET", "/v1/models", PassThrough("anthropic.models")),
    _Route("anthropic", "GET", "/v1/models/{model}", PassThrough("anthropic.models")),
)

APIS = tuple(dict.fromkeys(route.api for route in ROUTES))
"""The wire formats that have codecs."""

_QUERIES: Mapping[str, Mapping[str, str]] = {
    "openai": {},
    "azure_openai": {"api-version": r"\d{4}-\d{2}-\d{2}(-preview)?|v1|preview|latest"},
    "anthropic": {
        "beta": "true|false",
        "limit": r"\d{1,4}",
        "after_id": r"[A-Za-z0-9._:-]{1,128}",
        "before_id": r"[A-Za-z0-9._:-]{1,128}",
    },
}
"""Parameters a provider's SDK sends, and what they look like. Any other would be text that nobody reads."""

_NAME = r"(?!\.\.)[A-Za-z0-9][A-Za-z0-9._:-]{0,127}"
"""A model or a deployment in a path: no separator, no escape."""

_JSON_TYPE = re.compile(r'application/json(?:[ \t]*;[ \t]*charset="?utf-8"?)?', re.IGNORECASE)


class _OpenAIRefuser:
    def refuse(self, refusal: Refusal) -> Rendered:
        return openai_error(refusal)


class _AnthropicRefuser:
    def refuse(self, refusal: Refusal) -> Rendered:
        return anthropic_error(refusal)


_REFUSERS: Mapping[str, Refuser] = {"anthropic": _AnthropicRefuser()}
_OPENAI_REFUSER = _OpenAIRefuser()


def pick(exchange: Exchange) -> Codec | PassThrough:
    """The codec for this exchange, or the route that passes. Raises `BadInput` for everything not on the lists."""
    target = _find(exchange)
    _check_query(exchange)
    if isinstance(target, PassThrough):
        if exchange.body:
            raise BadInput(Reason.UNKNOWN_ROUTE, "body")
        return target
    encoding = exchange.headers.get("content-encoding", "").strip().lower()
    if encoding not in {"", "identity"}:
        raise BadInput(Reason.BODY_ENCODED, "content-encoding")
    if not _JSON_TYPE.fullmatch(exchange.headers.get("content-type", "").strip()):
        raise BadInput(Reason.CONTENT_TYPE, "content-type")
    if not exchange.body:
        raise BadInput(Reason.BODY_EMPTY)
    return target


def answer_reader(surface: str) -> AnswerReader:
    """Who reads an answer to a request that the codec of this surface has read; for all others every string counts."""
    codec = _BY_SURFACE.get(surface)
    return codec.answer() if codec else PlainAnswer()


def refusal_codec(api: str) -> Refuser:
    """Who renders a refusal for a wire format; the OpenAI form, the most widely understood, for an unknown one."""
    return _REFUSERS.get(api, _OPENAI_REFUSER)


def _find(exchange: Exchange) -> Codec | PassThrough:
    exact = _EXACT.get((exchange.api, exchange.method, exchange.path))
    if exact is not None:
        return exact
    if ".." not in exchange.path:
        for api, method, pattern, target in _PATTERNS:
            if api == exchange.api and method == exchange.method and pattern.fullmatch(exchange.path):
                return target
    raise BadInput(Reason.UNKNOWN_ROUTE if exchange.api in APIS else Reason.UNKNOWN_DESTINATION, "path")


def _check_query(exchange: Exchange) -> None:
    if not exchange.query:
        return
    known = _QUERIES[exchange.api]
    seen = set()
    for pair in exchange.query.split("&"):
        name, _, value = pair.partition("=")
        shape = known.get(name)
        if shape is None or name in seen or not re.fullmatch(shape, value, re.ASCII):
            raise BadInput(Reason.QUERY, "query")
        seen.add(name)


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\{\w+\\\}", lambda _: _NAME, re.escape(path)), re.ASCII)


_EXACT = {(route.api, route.method, route.path): route.target for route in ROUTES if "{" not in route.path}
_PATTERNS = tuple((r.api, r.method, _pattern(r.path), r.target) for r in ROUTES if "{" in r.path)
_BY_SURFACE = {route.target.surface: route.target for route in ROUTES if not isinstance(route.target, PassThrough)}
