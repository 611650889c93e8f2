"""Answers of Mistral: those of OpenAI's chat, where content may be a list of chunks and arguments an object."""

from typing import Any

from firebreak.codecs.answer import Channel, Heard, take_names
from firebreak.codecs.fields import Members
from firebreak.codecs.openai_chat_answer import OpenAIChatAnswer
from firebreak.codecs.refusals import mistral_cut
from firebreak.model.conversation import PartKind, Path
from firebreak.model.refusal import Refusal


class MistralAnswer(OpenAIChatAnswer):
    def cut(self, refusal: Refusal) -> bytes:
        return mistral_cut(refusal)

    def _message(self, heard: Heard, message: Members, index: int, path: Path, *, streamed: bool) -> None:
        content: Any = message.get("content")
        if isinstance(content, list):
            self._chunks(heard, content, Channel(PartKind.TEXT, f"{index}.content"), (*path, "content"))
            if not any(content):
                del message["content"]
        super()._message(heard, message, index, path, streamed=streamed)

    def _chunks(self, heard: Heard, chunks: list[Any], channel: Channel, path: Path) -> None:
        """Take the texts out of the chunks. What is left of a chunk stays in its place, to be read as text."""
        for place, chunk in enumerate(chunks):
            if not isinstance(chunk, dict):
                continue
            take_names(chunk, ("type", "closed"))
            if isinstance(chunk.get("text"), str):
                heard.text(channel, chunk.pop("text"), (*path, place, "text"), more=True)
            thoughts: Any = chunk.get("thinking")
            if isinstance(thoughts, list):
                thinking = Channel(PartKind.REASONING, f"{channel.key}.thinking")
                self._chunks(heard, thoughts, thinking, (*path, place, "thinking"))
                if not any(thoughts):
                    del chunk["thinking"]
