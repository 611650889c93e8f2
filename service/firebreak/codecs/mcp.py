"""Requests of the Model Context Protocol over streamable HTTP (specification 2025-06-18; the batches of 2025-03-26 and
the methods and headers of 2026-07-28 as well).

Each message is read: a client's requests and notifications, and its answers to what a server has asked for.
"""

import base64
import binascii
import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from firebreak.codecs.answer import AnswerReader
from firebreak.codecs.draft import Draft, Voice
from firebreak.codecs.fields import (
    Members,
    as_object,
    missing,
    take_optional_object,
    take_string,
    wrong_type,
    wrong_value,
)
from firebreak.codecs.mcp_answer import McpAnswer
from firebreak.codecs.mcp_reply import MAX_ID, MAX_MESSAGES, TOOL_CALL, McpRefuser
from firebreak.codecs.strict_json import parse
from firebreak.model.conversation import Conversation, Origin, PartKind, Path, Role
from firebreak.model.errors import BadInput
from firebreak.model.exchange import Exchange
from firebreak.model.reason import Reason
from firebreak.model.refusal import Refusal, Rendered

TASK = "tool_use"
"""What a client asks for is for the tools to do; no text of it has to be recognised."""

REQUESTS = frozenset(
    {
        "completion/complete",
        "initialize",
        "logging/setLevel",
        "ping",
        "prompts/get",
        "prompts/list",
        "resources/list",
        "resources/read",
        "resources/subscribe",
        "resources/templates/list",
        "resources/unsubscribe",
        "server/discover",
        "subscriptions/listen",
        "tasks/cancel",
        "tasks/get",
        "tasks/list",
        "tasks/result",
        TOOL_CALL,
        "tools/list",
    }
)
NOTIFICATIONS = frozenset(
    {
        "notifications/cancelled",
        "notifications/initialized",
        "notifications/progress",
        "notifications/roots/list_changed",
        "notifications/tasks/status",
    }
)
_PARAMETER_HEADER = "mcp-param-"
_NAMED_BY = {TOOL_CALL: "name", "prompts/get": "name", "resources/read": "uri"}


class Mcp:
    """A method on neither list is refused: nobody knows what a server does with it."""

    surface = "mcp"

    def read(self, exchange: Exchange) -> Conversation:
        document = parse(exchange.body)
        draft = Draft()
        if isinstance(document, list):
            if not 1 <= len(document) <= MAX_MESSAGES:
                raise BadInput(Reason.FIELD_VALUE)
            for index, item in enumerate(document):
                _read_message(draft, as_object(item, index), index, (index,))
        else:
            message = as_object(document)
            _check_headers(exchange.headers, message)
            _read_message(draft, message, 0, ())
        read = draft.finish(self.surface, {}, model="", task=TASK)
        return replace(read, session=_session(exchange.headers))

    def answer(self) -> AnswerReader:
        return McpAnswer()

    def refuse(self, refusal: Refusal) -> Rendered:
        return McpRefuser().refuse(refusal)


def _read_message(draft: Draft, message: Members, index: int, path: Path) -> None:
    if len({key.casefold() for key in message}) != len(message):  # Go's parser takes `Method` for `method`
        raise BadInput(Reason.DUPLICATE_KEY)
    if take_string(message, "jsonrpc", path) != "2.0":
        raise wrong_value(*path, "jsonrpc")
    if "method" in message:
        _read_call(draft, message, index, path)
    else:
        _take_id(message, path, required=True)
        _read_result(draft, message, index, path)
    voice = Voice(Role.USER, Origin.USER, index)
    draft.rest(message, path)
    draft.close_rest(voice)


def _read_call(draft: Draft, message: Members, index: int, path: Path) -> None:
    method = take_string(message, "method", path)
    if method not in REQUESTS and method not in NOTIFICATIONS:
        raise wrong_value(*path, "method")
    _take_id(message, path, required=method in REQUESTS)
    params, place = take_optional_object(message, "params", path), (*path, "params")
    if params is None:
        params = {}
    if method == TOOL_CALL:
        _read_tool_call(draft, params, Voice(Role.ASSISTANT, Origin.ASSISTANT, index), place)
    elif method == "prompts/get" and params.get("arguments"):
        said = Voice(Role.USER, Origin.USER, index)
        draft.flat(PartKind.TEXT, said, params.pop("arguments"), (*place, "arguments"))
    draft.rest(params, place)


def _read_tool_call(draft: Draft, params: Members, voice: Voice, path: Path) -> None:
    name = take_string(params, "name", path)
    draft.tools.append(name)
    arguments = take_optional_object(params, "arguments", path)
    if arguments is None:
        draft.flat(PartKind.TOOL_CALL, voice, name, (*path, "name"), name=name)
    else:
        draft.tool_call(voice, name, (*path, "name"), arguments, (*path, "arguments"))


def _read_result(draft: Draft, message: Members, index: int, path: Path) -> None:
    """What the client answers: a completion of its own model (sampling), a person's words (elicitation), its roots."""
    if ("result" in message) == ("error" in message):
        raise wrong_type(*path)
    result: Any = message.get("result")
    if isinstance(result, dict) and result.get("content"):
        sampled = "role" in result
        origin = Origin.ASSISTANT if sampled else Origin.USER
        voice = Voice(Role.ASSISTANT if sampled else Role.USER, origin, index)
        draft.flat(PartKind.TEXT, voice, result.pop("content"), (*path, "result", "content"))


def _take_id(message: Members, path: Path, *, required: bool) -> None:
    """A number goes; a string stays, to be read. A request without an id would be carried out without an answer."""
    identity: Any = message.get("id")
    if "id" not in message:
        if required:
            raise missing(path, "id")
        return
    if not required:
        raise wrong_value(*path, "id")
    if isinstance(identity, bool) or not isinstance(identity, int | str):
        raise wrong_type(*path, "id")
    if isinstance(identity, str) and len(identity) > MAX_ID:
        raise wrong_value(*path, "id")
    if isinstance(identity, int):
        del message["id"]


def _check_headers(headers: Mapping[str, str], message: Members) -> None:
    """Since 2026-07-28 headers repeat the method, the name and some arguments. What they say must stand in the body,
    where it is read.
    """
    method: Any = message.get("method")
    params: Any = message.get("params")
    known = params if isinstance(params, dict) else {}
    if "mcp-method" in headers and headers["mcp-method"] != method:
        raise BadInput(Reason.FIELD_VALUE, "mcp-method")
    if "mcp-name" in headers and decoded(headers["mcp-name"]) != known.get(_NAMED_BY.get(str(method), "")):
        raise BadInput(Reason.FIELD_VALUE, "mcp-name")
    repeated = [decoded(value) for name, value in headers.items() if name.startswith(_PARAMETER_HEADER)]
    if repeated and not set(repeated) <= _scalars(known.get("arguments")):
        raise BadInput(Reason.FIELD_VALUE, "mcp-param")


def decoded(value: str) -> str:
    """A header's value; what no header can carry stands there in base64. Raises `BadInput`."""
    if not (value.startswith("=?base64?") and value.endswith("?=")):
        return value
    try:
        return base64.b64decode(value[9:-2], validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        raise BadInput(Reason.FIELD_VALUE, "mcp-param") from None


def _scalars(value: Any) -> set[str]:
    """Every scalar, as a header would say it."""
    found: set[str] = set()
    waiting = [value]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict | list):
            waiting.extend(node.values() if isinstance(node, dict) else node)
        elif isinstance(node, bool):
            found.add("true" if node else "false")
        elif isinstance(node, str | int | float):
            found.add(str(node))
    return found


def _session(headers: Mapping[str, str]) -> str:
    """A digest: whoever knows the id of a session may be taken for its owner."""
    identity = headers.get("mcp-session-id", "")
    return hashlib.sha256(identity.encode()).hexdigest()[:32] if identity else ""
