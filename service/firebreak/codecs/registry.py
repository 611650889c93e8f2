"""Which codec reads an exchange: exact matches with the lists of `routes`, and a refusal for everything else."""

import re
from collections.abc import Callable, Mapping
from typing import Protocol

from firebreak.codecs.answer import AnswerReader
from firebreak.codecs.bedrock_refusals import bedrock_error
from firebreak.codecs.interface import Codec
from firebreak.codecs.mcp import Mcp
from firebreak.codecs.mcp_answer import McpAnswer
from firebreak.codecs.mcp_reply import McpRefuser
from firebreak.codecs.mcp_reply import reply_to as mcp_reply_to
from firebreak.codecs.plain_answer import PlainAnswer
from firebreak.codecs.refusals import (
    anthropic_error,
    cohere_error,
    gemini_error,
    generic_error,
    mistral_error,
    ollama_error,
    openai_error,
)
from firebreak.codecs.routes import ROUTES, Form, PassThrough, Route
from firebreak.model.errors import BadInput
from firebreak.model.exchange import Exchange
from firebreak.model.reason import Reason
from firebreak.model.refusal import Refusal, Rendered


class Refuser(Protocol):
    """Gives a refusal the provider's form where no codec was picked."""

    def refuse(self, refusal: Refusal) -> Rendered:
        """Total."""


APIS = tuple(dict.fromkeys(route.api for route in ROUTES))
"""The wire formats that have codecs."""

_GOOGLE_QUERY = {
    "alt": "sse|json",
    "$alt": "json;enum-encoding=int",
    "%24alt": "json(;|%3B)enum-encoding(=|%3D)int",
}
_LISTED = {
    "after": r"[A-Za-z0-9._:-]{1,128}",
    "limit": r"\d{1,5}",
    "order": "asc|desc",
    "purpose": "[a-z][a-z_-]{0,39}",
}
_QUERIES: Mapping[str, Mapping[str, str]] = {
    "openai": _LISTED,
    "azure_openai": {"api-version": r"\d{4}-\d{2}-\d{2}(-preview)?|v1|preview|latest", **_LISTED},
    "anthropic": {
        "beta": "true|false",
        "limit": r"\d{1,4}",
        "after_id": r"[A-Za-z0-9._:-]{1,128}",
        "before_id": r"[A-Za-z0-9._:-]{1,128}",
    },
    "bedrock": {},
    "mcp": {},
    "generic": {},
    "gemini": {**_GOOGLE_QUERY, "pageSize": r"\d{1,4}", "pageToken": r"[A-Za-z0-9_=-]{1,512}", "queryBase": "[Tt]rue"},
    "vertex": _GOOGLE_QUERY,
    "ollama": {},
    "mistral": {},
    "cohere": {
        "page_size": r"\d{1,4}",
        "page_token": r"[A-Za-z0-9_=-]{1,512}",
        "endpoint": "[a-z]{1,16}",
        "default_only": "true|false",
    },
}
"""Parameters a provider's SDK sends, and what they look like. Any other would be text that nobody reads."""

_WRITING = frozenset(
    {
        *("openai.chat", "openai.responses", "openai.completions", "anthropic.messages", "cohere.chat"),
        *("gemini.generate_content", "gemini.stream_generate_content", "bedrock.converse", "bedrock.invoke"),
        *("mistral.chat", "mistral.fim", "ollama.chat", "ollama.generate"),
    }
)
"""Surfaces of APIs whose answers are written by a model at once, and counted in tokens."""

_CREDENTIALS = frozenset({"access_token", "api-key", "api_key", "apikey", "key"})
"""Parameters that carry a credential. Proxies keep the query in logs and traces, so none is taken there."""

_NAME = r"(?!\.\.)[A-Za-z0-9][A-Za-z0-9._:-]{0,127}"
"""A model or a deployment in a path: no separator, no escape."""

_SEGMENT = r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}"
_SHAPES = {
    "colon": r"(?::|%3[Aa])",
    "google_name": _NAME.replace(":", ""),
    "bedrock_model": r"(?:[A-Za-z0-9._:-]|%3[Aa]|%2[Ff]){1,1024}",
    "endpoint": rf"(?:{_SEGMENT}(?:/{_SEGMENT}){{0,7}}/?)?",
}
"""What stands in a path in the place of other words: Bedrock's escaped ids, an MCP server's own path, the colon before
Google's verbs, which google-genai escapes and which no name of Google's has."""

_BOUNDARY = r"[A-Za-z0-9'()+_,./:=?-]{1,70}"
_TYPES = {
    Form.JSON: re.compile(r'application/json(?:[ \t]*;[ \t]*charset="?utf-8"?)?', re.IGNORECASE),
    Form.JSON_UNSAID: re.compile(r'(?:application/json(?:[ \t]*;[ \t]*charset="?utf-8"?)?)?', re.IGNORECASE),
    Form.MULTIPART: re.compile(rf'multipart/form-data[ \t]*;[ \t]*boundary=("?){_BOUNDARY}\1', re.IGNORECASE),
}


class _Form:
    """One API's error form."""

    def __init__(self, render: Callable[[Refusal], Rendered]) -> None:
        self._render = render

    def refuse(self, refusal: Refusal) -> Rendered:
        return self._render(refusal)


_OPENAI_REFUSER = _Form(openai_error)
_REFUSERS: Mapping[str, Refuser] = {
    "anthropic": _Form(anthropic_error),
    "gemini": _Form(gemini_error),
    "vertex": _Form(gemini_error),
    "ollama": _Form(ollama_error),
    "mistral": _Form(mistral_error),
    "cohere": _Form(cohere_error),
    "bedrock": _Form(bedrock_error),
    "generic": _Form(generic_error),
}


def pick(exchange: Exchange) -> Codec | PassThrough:
    """The codec for this exchange, or the route that passes. Raises `BadInput` for everything not on the lists."""
    route = _find(exchange)
    _check_query(exchange)
    if isinstance(route.target, PassThrough):
        if exchange.body:
            raise BadInput(Reason.UNKNOWN_ROUTE, "body")
        return route.target
    encoding = exchange.headers.get("content-encoding", "").strip().lower()
    if encoding not in {"", "identity"}:
        raise BadInput(Reason.BODY_ENCODED, "content-encoding")
    if not _TYPES[route.form].fullmatch(exchange.headers.get("content-type", "").strip()):
        raise BadInput(Reason.CONTENT_TYPE, "content-type")
    if not exchange.body:
        raise BadInput(Reason.BODY_EMPTY)
    return route.target


def reply_to(exchange: Exchange) -> str:
    """What answers to this request must name to be taken for some; empty where nothing. Total."""
    return mcp_reply_to(exchange.body) if exchange.api == "mcp" and exchange.body else ""


def generates(surface: str) -> bool:
    """Whether a model writes text in answer to requests that the codec of this surface has read."""
    return surface in _WRITING


def answer_reader(surface: str, reply_to: str = "") -> AnswerReader:
    """Who reads an answer to a request that the codec of this surface has read; for all others every string counts."""
    target = _BY_SURFACE.get(surface)
    if target is not None and target.surface == Mcp.surface:
        return McpAnswer(reply_to)
    return target.answer() if target else PlainAnswer()


def refusal_codec(api: str, reply_to: str = "") -> Refuser:
    """Who renders a refusal for a wire format; the OpenAI form, the most widely understood, for an unknown one."""
    return McpRefuser(reply_to) if api == "mcp" else _REFUSERS.get(api, _OPENAI_REFUSER)


def _find(exchange: Exchange) -> Route:
    exact = _EXACT.get((exchange.api, exchange.method, exchange.path))
    if exact is not None:
        return exact
    if ".." not in exchange.path:
        for route, pattern in _PATTERNS:
            wanted = (route.api, route.method) == (exchange.api, exchange.method)
            if wanted and pattern.fullmatch(exchange.path):
                return route
    raise BadInput(Reason.UNKNOWN_ROUTE if exchange.api in APIS else Reason.UNKNOWN_DESTINATION, "path")


def _check_query(exchange: Exchange) -> None:
    if not exchange.query:
        return
    pairs = exchange.query.split("&")
    if any(pair.partition("=")[0].lower() in _CREDENTIALS for pair in pairs):
        raise BadInput(Reason.QUERY_CREDENTIAL, "query")
    known = _QUERIES[exchange.api]
    seen = set()
    for pair in pairs:
        name, _, value = pair.partition("=")
        shape = known.get(name)
        if shape is None or name in seen or not re.fullmatch(shape, value, re.ASCII):
            raise BadInput(Reason.QUERY, "query")
        seen.add(name)


def _pattern(path: str) -> re.Pattern[str]:
    shaped = re.sub(r"\\\{(\w+)\\\}", lambda word: _SHAPES.get(word[1], _NAME), re.escape(path))
    return re.compile(shaped, re.ASCII)


_EXACT = {(route.api, route.method, route.path): route for route in ROUTES if "{" not in route.path}
_PATTERNS = tuple((route, _pattern(route.path)) for route in ROUTES if "{" in route.path)
_BY_SURFACE = {route.target.surface: route.target for route in ROUTES}
