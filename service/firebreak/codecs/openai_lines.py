"""Lines of the files that OpenAI works through by itself: requests of a batch, examples to learn from, items to judge.

A line of a batch is a request of its own, read by the codec of its url (platform.openai.com/docs/api-reference/batch,
"The request input object"; Azure leaves `/v1` out). An example is a chat ("Fine-tuning", "Training format").
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from firebreak.codecs.draft import BODY, Draft, Voice
from firebreak.codecs.enclosed import Enclosed, placed
from firebreak.codecs.fields import Members, as_body, missing, take_string, wrong_value
from firebreak.codecs.json_lines import lines, place
from firebreak.codecs.multipart import Field
from firebreak.codecs.openai_chat import OpenAIChat
from firebreak.codecs.openai_completions import OpenAICompletions
from firebreak.codecs.openai_embeddings import OpenAIEmbeddings
from firebreak.codecs.openai_media import OpenAIImages
from firebreak.codecs.openai_moderations import OpenAIModerations
from firebreak.codecs.openai_responses import OpenAIResponses
from firebreak.codecs.strict_json import parse
from firebreak.model.conversation import Conversation, Origin, Part, PartKind, Path, Role
from firebreak.model.errors import BadInput
from firebreak.model.reason import Reason

_LINE = "openai.file_line"
_Reader = Callable[[Members], Conversation]

_CHAT = OpenAIChat()
_READERS: Mapping[str, _Reader] = {
    "/chat/completions": _CHAT.read_body,
    "/completions": OpenAICompletions().read_body,
    "/embeddings": OpenAIEmbeddings().read_body,
    "/images/generations": OpenAIImages().read_body,
    "/moderations": OpenAIModerations().read_body,
    "/responses": OpenAIResponses().read_body,
}
BY_URL = {f"{version}{url}": read for url, read in _READERS.items() for version in ("/v1", "")}

UPLOAD = "upload"
"""The task of a file that asks for nothing by itself."""

_Enclosure = tuple[Conversation, Path, Sequence[Part]]
"""A request, where its body stands, and the parts beside it."""


def read_lines(surface: str, purpose: str, raw: bytes, file: Field, around: Sequence[Part]) -> Conversation:
    """The lines of a file as requests. Raises `BadInput`, also where there is none."""
    found = lines(raw, file.at, file.at + len(file.data))
    if not found:
        raise BadInput(Reason.BODY_EMPTY, file.name)
    enclosed = Enclosed()
    for index, (number, span) in enumerate(found):
        line = raw[span.start : span.end]
        enclosed.add(*placed(place(number), partial(_read, PURPOSES[purpose], line, index)))
    return enclosed.finish(surface, around, [span for _, span in found])


def _read(read: Callable[[Members, int], _Enclosure], raw: bytes, index: int) -> _Enclosure:
    return read(as_body(parse(raw)), index)


def _request(line: Members, index: int) -> _Enclosure:
    read = BY_URL.get(take_string(line, "url", ()))
    if read is None:
        raise wrong_value("url")
    if take_string(line, "method", ()) != "POST":
        raise wrong_value("method")
    if "body" not in line:
        raise missing((), "body")
    body = line.pop("body")
    conversation = placed("/body", lambda: read(as_body(body)))
    draft = Draft()
    draft.rest(line, (index,))
    draft.close_rest(BODY)
    return conversation, (index, "body"), draft.parts


def _example(line: Members, index: int) -> _Enclosure:
    """A chat to be learnt from; of an example in another form (preferences, prompts with completions) all of it."""
    if "messages" not in line:
        return _whole(line), (index,), ()
    return _CHAT.read_body(line, named=False), (index,), ()


def _item(line: Members, index: int) -> _Enclosure:
    return _whole(line, UPLOAD), (index,), ()


def _whole(line: Members, task: str = "") -> Conversation:
    draft = Draft()
    draft.flat(PartKind.TEXT, Voice(Role.USER, Origin.USER, 0), line, ())
    return Conversation(_LINE, "", tuple(draft.parts), task=task)


PURPOSES: Mapping[str, Callable[[Members, int], _Enclosure]] = {
    "batch": _request,
    "evals": _item,
    "fine-tune": _example,
}
"""The purposes whose files are lines."""
