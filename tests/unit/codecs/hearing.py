"""What a reader makes of an answer, for its tests."""

import json
from collections.abc import Iterable
from typing import Any

from firebreak.codecs.answer import AnswerReader, Delta, Heard
from firebreak.codecs.frames.frame import Frame


def frame(value: Any) -> Frame:
    raw = value if isinstance(value, bytes) else json.dumps(value, ensure_ascii=False).encode()
    return Frame(raw, raw, 0, bytes)


def said(reader: AnswerReader, *values: Any) -> list[Heard]:
    """One frame after the other, to one reader."""
    return [reader.read(frame(value)) for value in values]


def texts(heard: Iterable[Heard]) -> dict[str, str]:
    """The text of each channel, from all frames."""
    found: dict[str, str] = {}
    for each in heard:
        for delta in each.deltas:
            found[delta.channel.key] = found.get(delta.channel.key, "") + delta.text
    return found


def everything(heard: Iterable[Heard]) -> str:
    return "\n".join(delta.text for each in heard for delta in each.deltas)


def kinds(heard: Heard) -> list[tuple[str, str]]:
    return [(delta.channel.kind.value, delta.text) for delta in heard.deltas]


def only(heard: Heard) -> Delta:
    (delta,) = heard.deltas
    return delta
