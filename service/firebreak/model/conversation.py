"""The provider-neutral reading of a body.

Rule: every string a provider would act on is in the text of exactly one part, or has been checked against a closed
list (a role, a type). What has no text, such as an image, is a part that says so by its kind.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from firebreak.model.finding import Span

Path = tuple[str | int, ...]
"""Keys and indices from the root of a JSON document to a value."""


class Role(StrEnum):
    """Whose voice the provider takes the message for."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"
    TOOL = "tool"


class Origin(StrEnum):
    """Where the text came from, which decides how far it may be trusted."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"
    TOOL = "tool"
    RETRIEVAL = "retrieval"


UNTRUSTED = frozenset({Origin.TOOL, Origin.RETRIEVAL})
"""Where nobody who may give orders writes: an order found there is worse than the same words of a user."""


class PartKind(StrEnum):
    TEXT = "text"
    REASONING = "reasoning"
    TOOL_CALL = "tool_call"
    TOOL_RESULT = "tool_result"
    TOOL_DEFINITION = "tool_definition"
    METADATA = "metadata"
    IMAGE = "image"
    AUDIO = "audio"
    FILE = "file"
    OTHER = "other"


UNINSPECTED_KINDS = frozenset({PartKind.IMAGE, PartKind.AUDIO, PartKind.FILE, PartKind.OTHER})
"""Kinds whose content is not text and was therefore not read."""


class Segment(NamedTuple):
    """A piece of a part's text and the JSON value (or object key) it was decoded from.

    The piece runs from `start` (characters, in the part's text) to the next segment's start or the text's end;
    separators the codec put between pieces belong to the piece before them.
    """

    start: int
    path: Path
    is_key: bool = False


class Part(NamedTuple):
    """One piece of a message: its text as the model would read it, and the places in the body it came from.

    `name` is the tool's name, where there is one; `message` the index of the message, -1 outside the messages.
    A part of an uninspected kind may still carry text (a URL, a file name), which is read like any other.
    A conversation makes one for each thing ever said in it, and a named tuple is made in half the time of a frozen
    dataclass.
    """

    kind: PartKind
    role: Role
    origin: Origin
    text: str
    segments: tuple[Segment, ...]
    name: str = ""
    message: int = -1

    def __repr__(self) -> str:
        """Without the text: a part in an error message or a log must not carry a prompt there."""
        return f"Part({self.kind}, {self.role}, {self.origin}, {len(self.text)} characters, message={self.message})"


@dataclass(frozen=True, slots=True)
class Conversation:
    """What a body asks of a model.

    `surface` names the API (`openai.chat`). `task` is the category that the surface itself implies (`embedding`,
    `moderation`) and empty where the text decides. `parameters` holds scalar options such as `max_tokens`.
    `requests` are those of a batch, each a conversation of its own. `parts` are what stands around them, and then
    theirs in their order, with their places in this body.
    `documents` are the JSON documents of a body that is none itself: a path's first step is then the number of one.
    """

    surface: str
    model: str
    parts: tuple[Part, ...]
    stream: bool = False
    task: str = ""
    tools: tuple[str, ...] = ()
    parameters: Mapping[str, str | int | float | bool] = field(default_factory=dict)
    user: str = ""
    session: str = ""
    requests: tuple["Conversation", ...] = ()
    documents: tuple[Span, ...] = ()
