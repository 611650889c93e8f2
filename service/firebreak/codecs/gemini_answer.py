"""Answers of Gemini, whole, as events and as the elements of an array (API reference, "GenerateContentResponse")."""

from typing import Any

from firebreak.codecs.answer import Channel, Heard, count, document, take_ids, take_names, take_opaque
from firebreak.codecs.fields import Members, as_object, take_optional_list, wrong_value
from firebreak.codecs.frames.array import Array
from firebreak.codecs.frames.frame import Frame, Framer
from firebreak.codecs.frames.sse import Sse
from firebreak.codecs.frames.whole import Whole
from firebreak.codecs.log_probabilities import read_tokens
from firebreak.codecs.refusals import gemini_cut
from firebreak.codecs.speaking import Speaking, take_items, take_times
from firebreak.model.conversation import Origin, PartKind, Path
from firebreak.model.refusal import Refusal
from firebreak.model.usage import Usage

_NAMES = ("totalTokens", "totalBillableCharacters")
_COUNTS = (
    "cachedContentTokenCount",
    "candidatesTokenCount",
    "promptTokenCount",
    "serviceTier",
    "thoughtsTokenCount",
    "toolUsePromptTokenCount",
    "totalTokenCount",
    "trafficType",
)
_DETAILS = ("cacheTokensDetails", "candidatesTokensDetails", "promptTokensDetails", "toolUsePromptTokensDetails")
_CANDIDATE_NAMES = ("index", "finishReason", "avgLogprobs", "tokenCount")
_RATING_NAMES = ("category", "probability", "probabilityScore", "severity", "severityScore", "blocked")
_RUNS = {
    "executableCode": (PartKind.TOOL_CALL, "code_execution", Origin.ASSISTANT),
    "codeExecutionResult": (PartKind.TOOL_RESULT, "code_execution", Origin.TOOL),
    "toolCall": (PartKind.TOOL_CALL, "", Origin.ASSISTANT),
    "toolResponse": (PartKind.TOOL_RESULT, "", Origin.TOOL),
    "functionResponse": (PartKind.TOOL_RESULT, "", Origin.TOOL),
}
"""Parts that tell of what Google itself ran."""

_MEDIA = {"image": PartKind.IMAGE, "audio": PartKind.AUDIO}


class GeminiAnswer:
    """A candidate's texts end with its `finishReason`; a function call is whole unless it says that it goes on."""

    def __init__(self, *, streamed: bool) -> None:
        self._streamed = streamed
        self._array = False
        self._speaking: dict[int, Speaking] = {}
        self._calls: dict[int, int] = {}
        self._calling: dict[int, Channel] = {}

    def framer(self, content_type: str, limit: int) -> Framer | None:
        if content_type == "text/event-stream":
            return Sse(limit)
        if content_type != "application/json":
            return None
        self._array = self._streamed
        return Array(limit) if self._streamed else Whole(limit)

    def read(self, frame: Frame) -> Heard:
        heard = Heard()
        body = document(frame)
        heard.last = not self._streamed or "error" in body
        take_names(body, _NAMES)
        take_ids(body, ("responseId",))
        take_times(body, ("createTime",))
        heard.usage = gemini_usage(body)
        for place, item in enumerate(take_optional_list(body, "candidates", ())):
            self._candidate(heard, as_object(item, "candidates", place), ("candidates", place))
        if isinstance(body.get("promptFeedback"), dict):
            take_items(body["promptFeedback"], "safetyRatings", _RATING_NAMES)
        heard.rest(body, ())
        return heard

    def cut(self, refusal: Refusal) -> bytes:
        return gemini_cut(refusal, array=self._array)

    def _candidate(self, heard: Heard, candidate: Members, path: Path) -> None:
        number = candidate.get("index")
        index = number if isinstance(number, int) else 0
        before = len(heard.deltas)
        ended = candidate.get("finishReason") is not None
        take_names(candidate, _CANDIDATE_NAMES)
        take_items(candidate, "safetyRatings", _RATING_NAMES)
        content: Any = candidate.get("content")
        if isinstance(content, dict):
            del candidate["content"]
            take_names(content, ("role",))
            place = (*path, "content")
            for step, item in enumerate(take_optional_list(content, "parts", place)):
                self._part(heard, as_object(item, *place, "parts", step), index, (*place, "parts", step))
            heard.rest(content, place)
        if isinstance(candidate.get("logprobsResult"), dict):
            self._log_probabilities(heard, candidate.pop("logprobsResult"), index, (*path, "logprobsResult"))
        if isinstance(candidate.get("groundingMetadata"), dict):
            found = Channel(PartKind.TOOL_RESULT, f"{index}.grounding", origin=Origin.RETRIEVAL)
            heard.flat(found, candidate.pop("groundingMetadata"), (*path, "groundingMetadata"))
        heard.rest(candidate, path)
        heard.last = heard.last or ended
        self._speaking.setdefault(index, Speaking()).pause(heard, before, ended=ended)

    def _part(self, heard: Heard, part: Members, index: int, path: Path) -> None:
        thought = part.get("thought") is True
        take_names(part, ("thought",))
        take_opaque(part, ("thoughtSignature",))
        if isinstance(part.get("text"), str):
            kind = PartKind.REASONING if thought else PartKind.TEXT
            heard.text(Channel(kind, f"{index}.{kind}"), part.pop("text"), (*path, "text"), more=True)
        if isinstance(part.get("functionCall"), dict):
            self._call(heard, part.pop("functionCall"), index, (*path, "functionCall"))
        for member, (kind, name, origin) in _RUNS.items():
            if isinstance(part.get(member), dict):
                channel = Channel(kind, f"{index}.{member}.{path[-1]}", name, origin=origin, plain=True)
                heard.flat(channel, part.pop(member), (*path, member))
        for member in ("inlineData", "fileData"):
            if isinstance(part.get(member), dict):
                media = part.pop(member)
                heard.media(Channel(_media_kind(media), f"{index}.media"), media, (*path, member))
        heard.strange(f"{index}.part", part, path)

    def _call(self, heard: Heard, call: Members, index: int, path: Path) -> None:
        """With `willContinue` the arguments come piece by piece (Vertex AI, "Stream function call arguments")."""
        goes_on = call.get("willContinue") is True
        name = call.get("name")
        number = self._calls.setdefault(index, 0)
        channel = self._calling.get(index)
        if channel is None:
            named = name if isinstance(name, str) else ""
            channel = Channel(PartKind.TOOL_CALL, f"{index}.call.{number}", named, plain=True)
        elif name:  # who joins the pieces would call another tool than was judged
            raise wrong_value(*path, "name")
        if isinstance(name, str) and name:
            heard.text(channel, f"{call.pop('name')}\n", (*path, "name"), more=True)
        take_names(call, ("id", "willContinue"))
        if isinstance(call.get("args"), dict):
            heard.flat(channel, call.pop("args"), (*path, "args"), more=True)
        for step, item in enumerate(take_optional_list(call, "partialArgs", path)):
            place = (*path, "partialArgs", step)
            argument = as_object(item, *place)
            more = argument.get("willContinue") is True
            take_names(argument, ("willContinue", "boolValue", "nullValue", "numberValue"))
            if isinstance(argument.get("stringValue"), str):
                text = argument.pop("stringValue")
                heard.text(channel, text if more else f"{text}\n", (*place, "stringValue"), more=True)
            heard.rest(argument, place)
        heard.rest(call, path)
        if goes_on:
            self._calling[index] = channel
            return
        self._calling.pop(index, None)
        self._calls[index] = number + 1
        heard.closed.append(channel.key)

    def _log_probabilities(self, heard: Heard, found: Members, index: int, path: Path) -> None:
        take_names(found, ("logProbabilitySum",))
        tops: Any = found.get("topCandidates")
        if isinstance(tops, list) and all(isinstance(top, dict) for top in tops):
            for step, top in enumerate(tops):
                self._tokens(heard, top, "candidates", f"{index}.logprobs.{step}", (*path, "topCandidates", step))
            if not any(tops):
                del found["topCandidates"]
        self._tokens(heard, found, "chosenCandidates", f"{index}.logprobs", path)
        heard.rest(found, path)

    def _tokens(self, heard: Heard, members: Members, key: str, channel: str, path: Path) -> None:
        tokens: Any = members.get(key)
        for token in tokens if isinstance(tokens, list) else ():
            if isinstance(token, dict):
                take_names(token, ("tokenId", "logProbability"))
        read_tokens(heard, members, key, channel, path, more=key == "chosenCandidates")


def gemini_usage(body: Members) -> Usage | None:
    """What a tool fed in was read too; thinking was written too. The numbers are taken out of the document."""
    usage: Any = body.get("usageMetadata")
    if not isinstance(usage, dict):
        return None
    thoughts = count(usage, "thoughtsTokenCount")
    found = Usage(
        input=count(usage, "promptTokenCount") + count(usage, "toolUsePromptTokenCount"),
        output=count(usage, "candidatesTokenCount") + thoughts,
        cached=count(usage, "cachedContentTokenCount"),
        reasoning=thoughts,
    )
    take_names(usage, _COUNTS)
    for key in _DETAILS:
        take_items(usage, key, ("modality", "tokenCount"))
    if not usage:
        del body["usageMetadata"]
    return found


def _media_kind(media: Members) -> PartKind:
    sort = media.get("mimeType")
    return _MEDIA.get(sort.partition("/")[0], PartKind.FILE) if isinstance(sort, str) else PartKind.FILE
