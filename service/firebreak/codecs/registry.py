"""Which codec reads an exchange: exact matches with the lists of `routes`, and a refusal for everything else."""

import re
from collections.abc import Mapping
from typing import Protocol

from firebreak.codecs.answer import AnswerReader
from firebreak.codecs.interface import Codec
from firebreak.codecs.plain_answer import PlainAnswer
from firebreak.codecs.refusals import anthropic_error, openai_error
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

_BOUNDARY = r"[A-Za-z0-9'()+_,./:=?-]{1,70}"
_TYPES = {
    Form.JSON: re.compile(r'application/json(?:[ \t]*;[ \t]*charset="?utf-8"?)?', re.IGNORECASE),
    Form.MULTIPART: re.compile(rf'multipart/form-data[ \t]*;[ \t]*boundary=("?){_BOUNDARY}\1', re.IGNORECASE),
}


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


def answer_reader(surface: str) -> AnswerReader:
    """Who reads an answer to a request that the codec of this surface has read; for all others every string counts."""
    target = _BY_SURFACE.get(surface)
    return target.answer() if target else PlainAnswer()


def refusal_codec(api: str) -> Refuser:
    """Who renders a refusal for a wire format; the OpenAI form, the most widely understood, for an unknown one."""
    return _REFUSERS.get(api, _OPENAI_REFUSER)


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


_EXACT = {(route.api, route.method, route.path): route for route in ROUTES if "{" not in route.path}
_PATTERNS = tuple((route, _pattern(route.path)) for route in ROUTES if "{" in route.path)
_BY_SURFACE = {route.target.surface: route.target for route in ROUTES}
