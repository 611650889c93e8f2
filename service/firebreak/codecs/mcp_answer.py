"""What an MCP server sends: results, errors, and requests and notifications of its own (specification 2025-06-18).

Nothing of it was said by the model or by a user: all of it is a tool's. Definitions of tools are instructions to the
model, and so are a server's own instructions, its prompts and its requests for a completion.
"""

from typing import Any

from firebreak.codecs.answer import Channel, Heard, take_ids, take_names
from firebreak.codecs.fields import Members, as_object
from firebreak.codecs.frames.frame import Frame, Framer
from firebreak.codecs.frames.sse import Sse
from firebreak.codecs.mcp_reply import McpRefuser
from firebreak.codecs.plain_answer import PlainAnswer
from firebreak.codecs.strict_json import parse
from firebreak.model.conversation import Origin, PartKind, Path
from firebreak.model.refusal import Refusal

_LISTS = {"tools": PartKind.TOOL_DEFINITION, "prompts": PartKind.TOOL_DEFINITION}
_METHODS = (
    "elicitation/create",
    "notifications/cancelled",
    "notifications/elicitation/complete",
    "notifications/message",
    "notifications/progress",
    "notifications/prompts/list_changed",
    "notifications/resources/list_changed",
    "notifications/resources/updated",
    "notifications/subscriptions/acknowledged",
    "notifications/tasks/status",
    "notifications/tools/list_changed",
    "ping",
    "roots/list",
    "sampling/createMessage",
)
_TEXTS = ("content", "contents", "messages")
_MEDIA = {"image": PartKind.IMAGE, "audio": PartKind.AUDIO}
_SAID = ("structuredContent", "instructions", "resources", "resourceTemplates", "completion", "serverInfo")


class McpAnswer:
    """Each message comes whole. `reply_to` names the requests that a cut must answer."""

    def __init__(self, reply_to: str = "") -> None:
        self._refuser = McpRefuser(reply_to)
        self._plain = PlainAnswer()
        self._told = False

    def framer(self, content_type: str, limit: int) -> Framer | None:
        self._told = content_type in ("application/json", "text/event-stream")
        return Sse(limit) if content_type == "text/event-stream" else self._plain.framer(content_type, limit)

    def read(self, frame: Frame) -> Heard:
        if not self._told:
            return self._plain.read(frame)
        heard = Heard()
        document = parse(frame.data)
        if isinstance(document, list):
            for index, item in enumerate(document):
                _message(heard, as_object(item, index), (index,))
        else:
            _message(heard, as_object(document), ())
        return heard

    def cut(self, refusal: Refusal) -> bytes:
        return self._refuser.cut(refusal)


def _message(heard: Heard, message: Members, path: Path) -> None:
    take_ids(message, ("id", "jsonrpc"))
    if message.get("method") in _METHODS:
        del message["method"]
    result = message.get("result")
    heard.last = heard.last or "result" in message or "error" in message
    if isinstance(result, dict):
        _result(heard, result, (*path, "result"))
    params = message.get("params")
    if isinstance(params, dict):
        _params(heard, params, (*path, "params"))
    if isinstance(message.get("error"), dict):
        take_names(message["error"], ("code",))
    heard.rest(message, path, origin=Origin.TOOL)


def _result(heard: Heard, result: Members, path: Path) -> None:
    take_names(result, ("isError", "role"))
    for member, kind in _LISTS.items():
        items: Any = result.get(member)
        if isinstance(items, list):
            for index, item in enumerate(items):
                _said(heard, kind, item, (*path, member, index), _named(item))
            result.pop(member)
    for member in _TEXTS:
        if result.get(member):
            _content(heard, result.pop(member), (*path, member))
    for member in _SAID:
        if result.get(member):
            _said(heard, PartKind.TOOL_RESULT, result.pop(member), (*path, member))


def _params(heard: Heard, params: Members, path: Path) -> None:
    """Of a server's request for a completion, of its question to a person, of a log message."""
    for member in ("messages", "content"):
        if params.get(member):
            _content(heard, params.pop(member), (*path, member))
    for member in ("systemPrompt", "message", "data"):
        if params.get(member):
            _said(heard, PartKind.TOOL_RESULT, params.pop(member), (*path, member))


def _content(heard: Heard, content: Any, path: Path) -> None:
    """Content blocks, a resource's contents, a prompt's messages: lists, or one alone."""
    if isinstance(content, list):
        for index, item in enumerate(content):
            _block(heard, item, (*path, index))
    else:
        _block(heard, content, path)


def _block(heard: Heard, block: Any, path: Path) -> None:
    """Base64 of pictures, sounds and files stays unread, and says so by its kind."""
    if not isinstance(block, dict):
        _said(heard, PartKind.TOOL_RESULT, block, path)
        return
    sort = block.get("type")
    media = _MEDIA.get(sort) if isinstance(sort, str) else None
    inner: Any = block.get("resource")
    if isinstance(block.get("text"), str):
        heard.text(_channel(PartKind.TOOL_RESULT, path), block.pop("text"), (*path, "text"))
        take_names(block, ("type",))
    elif media or "blob" in block:
        take_names(block, ("type",))
        heard.media(_channel(media or PartKind.FILE, path), block.copy(), path)
        return
    elif isinstance(inner, dict):
        take_names(block, ("type",))
        _block(heard, block.pop("resource"), (*path, "resource"))
    elif block.get("content"):  # a prompt's message
        take_names(block, ("role",))
        _content(heard, block.pop("content"), (*path, "content"))
    if block:
        _said(heard, PartKind.TOOL_RESULT, block, path)


def _said(heard: Heard, kind: PartKind, value: Any, path: Path, name: str = "") -> None:
    heard.flat(_channel(kind, path, name), value, path)


def _channel(kind: PartKind, path: Path, name: str = "") -> Channel:
    return Channel(kind, f"{path}.{kind}", name, origin=Origin.TOOL)


def _named(item: Any) -> str:
    name = item.get("name") if isinstance(item, dict) else None
    return name if isinstance(name, str) else ""
