"""A conversation being read: parts in order, and the leftovers that become METADATA parts."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from firebreak.codecs.fields import Members, missing, take_flag, take_optional_string
from firebreak.codecs.flatten import MAX_PIECES, Flat
from firebreak.model.conversation import Conversation, Origin, Part, PartKind, Path, Role, Segment
from firebreak.model.errors import BadInput
from firebreak.model.reason import Reason

MAX_PARTS = 20_000
"""Parts of one request. Ten times the 2,048 inputs an embedding may have; at some 10 us for each part to be screened,
reading this many already costs a fifth of a second, and a body of 1 MiB could hold twice as many."""

_PARAMETERS = (
    "background",
    "best_of",
    "dimensions",
    "echo",
    "frequency_penalty",
    "logprobs",
    "max_completion_tokens",
    "max_output_tokens",
    "max_tokens",
    "max_tool_calls",
    "n",
    "parallel_tool_calls",
    "presence_penalty",
    "seed",
    "store",
    "temperature",
    "top_k",
    "top_logprobs",
    "top_p",
)
"""Options that are a number or a flag in every API that has them; as anything else they are read as text."""

_FORMS = MappingProxyType({"encoding_format": frozenset({"base64", "float"})})
"""Options that are one of a few words in every API that has them; as anything else they are read as text."""

NO_OPTIONS: Mapping[str, int | float] = MappingProxyType({})
_MODEL_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/@+-]{0,199}")


class Voice(NamedTuple):
    """Who is taken to say what the next parts hold, and in which message."""

    role: Role
    origin: Origin
    message: int = -1


BODY = Voice(Role.USER, Origin.USER)
"""The voice of what stands outside the messages: the application's, or whoever made it say so."""

SYSTEM = Voice(Role.SYSTEM, Origin.SYSTEM)
ASSISTANT = Voice(Role.ASSISTANT, Origin.ASSISTANT)
TOOL = Voice(Role.TOOL, Origin.TOOL)
RETRIEVAL = Voice(Role.TOOL, Origin.RETRIEVAL)


class Draft:
    """Mutable only while one body is read."""

    __slots__ = ("_pieces", "_rest", "parts", "tools")

    def __init__(self) -> None:
        self.parts: list[Part] = []
        self.tools: list[str] = []
        self._rest = Flat()
        self._pieces = 0

    def text(self, kind: PartKind, voice: Voice, text: str, path: Path) -> None:
        """A part that is one string of the body."""
        role, origin, message = voice
        self._add(Part(kind, role, origin, text, (Segment(0, path),), "", message))

    def plain(self, kind: PartKind, voice: Voice, text: str) -> None:
        """A part that stands nowhere in a JSON document: a form's field."""
        role, origin, message = voice
        self._add(Part(kind, role, origin, text, (), "", message))

    def flat(self, kind: PartKind, voice: Voice, value: Any, path: Path, *, name: str = "") -> None:
        """A part that holds a value with everything in it."""
        flat = Flat()
        flat.value(value, path)
        self._close(flat, kind, voice, name)

    def media(self, kind: PartKind, voice: Voice, members: Members, path: Path) -> None:
        """A part that was not inspected: its file names, URLs and ids, without the base64."""
        flat = Flat(media=True)
        flat.members(members, path)
        self._close(flat, kind, voice, "")

    def unread(self, voice: Voice, body: Members, key: str) -> None:
        """A member that stands for text this request does not carry: an OTHER part that holds what it does say."""
        if body.get(key) is not None:
            flat = Flat()
            flat.member(key, body.pop(key), ())
            self._close(flat, PartKind.OTHER, voice, "")

    def tool_call(self, voice: Voice, name: str, name_path: Path, arguments: Any, arguments_path: Path) -> None:
        flat = Flat()
        flat.piece(name, "\n", name_path)
        if isinstance(arguments, str):
            flat.piece(arguments, "", arguments_path)
        else:
            flat.value(arguments, arguments_path)
        self._close(flat, PartKind.TOOL_CALL, voice, name)

    def tool(self, voice: Voice, definition: Members, path: Path, name: Any) -> None:
        """A tool's whole definition: its name, description and schema are instructions to the model.

        The voice is the tool's, not the application's, which mostly hands on what an MCP server has written.
        """
        known = name if isinstance(name, str) else ""
        if known:
            self.tools.append(known)
        self.flat(PartKind.TOOL_DEFINITION, voice, definition, path, name=known)

    def rest(self, members: Members, path: Path) -> None:
        """Keep what the codec did not take; `close_rest` makes it a part."""
        if members:
            self._rest.members(members, path)

    def rest_value(self, value: Any, path: Path) -> None:
        """The same of a value that is no member."""
        self._rest.value(value, path)

    def close_rest(self, voice: Voice) -> None:
        if self._rest.segments:
            flat, self._rest = self._rest, Flat()
            self._close(flat, PartKind.METADATA, voice, "")

    def take_model(self, body: Members, *, deployment: str = "", required: bool = True) -> str:
        """The model's name; one that does not look like a name is read as text too.

        `deployment` is the name in the path, where there is one: it decides, and a body that says otherwise is text.
        """
        named = take_optional_string(body, "model", ())
        if named is None:
            if required and not deployment:
                raise missing((), "model")
            return deployment
        if (deployment and named != deployment) or not _MODEL_NAME.fullmatch(named):
            self._rest.member("model", named, ())
        return deployment or named

    def finish(
        self,
        surface: str,
        body: Members,
        *,
        model: str,
        task: str = "",
        options: Mapping[str, int | float] = NO_OPTIONS,
    ) -> Conversation:
        """Read what all APIs share from what is left of the body, and flatten the remainder.

        `options` are those that the API keeps elsewhere, under the names that the others use.
        """
        stream = take_flag(body, "stream", ())
        parameters = dict(options)
        for key in _PARAMETERS:
            if key in body and isinstance(body[key], int | float):
                parameters[key] = body.pop(key)
        for key, forms in _FORMS.items():
            if isinstance(body.get(key), str) and body[key] in forms:
                del body[key]
        user, session = _caller(body)
        self.rest(body, ())
        self.close_rest(BODY)
        return Conversation(
            surface=surface,
            model=model,
            parts=tuple(self.parts),
            stream=stream,
            task=task,
            tools=tuple(self.tools),
            parameters=parameters,
            user=user,
            session=session,
        )

    def _close(self, flat: Flat, kind: PartKind, voice: Voice, name: str) -> None:
        self._pieces += len(flat.segments)
        if self._pieces > MAX_PIECES:
            raise BadInput(Reason.TOO_MANY_PARTS)
        role, origin, message = voice
        self._add(Part(kind, role, origin, flat.text, tuple(flat.segments), name, message))

    def _add(self, part: Part) -> None:
        if len(self.parts) >= MAX_PARTS:
            raise BadInput(Reason.TOO_MANY_PARTS)
        self.parts.append(part)


def _caller(body: Members) -> tuple[str, str]:
    """End user and session as the body names them; both stay in the body, to be read as text like all the rest."""
    found = body.get("metadata")
    metadata = found if isinstance(found, dict) else {}
    users = (body.get("safety_identifier"), body.get("user"), metadata.get("user_id"))
    user = next((name for name in users if isinstance(name, str) and name), "")
    session = metadata.get("session_id")
    return user, session if isinstance(session, str) else ""
