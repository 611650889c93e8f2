"""Request bodies of a given size: ordinary text, new in every request or always the same."""

import itertools
import json
import random
from collections.abc import Callable, Iterator

VOCABULARY = (
    "valve pump pressure gauge filter bearing seal shaft rotor engine coolant hose clamp bolt washer torque wrench panel "
    "sensor cable fuse relay switch battery charger manual section table figure page operator crew shift inspection the "
    "of and to in is for on with before after every weekly monthly check replace clean tighten loosen remove install "
    "measure record report note value range normal low high left right upper lower front rear outer inner small large"
)
PATH = "/openai/v1/chat/completions"
ASK = "Translate this maintenance manual into French."
POOL = 16
"""Texts in rotation; what makes each request new is a number besides."""


def prose(size: int, seed: int) -> str:
    """About `size` characters of sentences, the same for the same seed."""
    words = VOCABULARY.split()
    chance = random.Random(seed)
    sentences: list[str] = []
    length = 0
    while length < size:
        sentence = " ".join(chance.choices(words, k=chance.randint(6, 16))).capitalize() + "."
        sentences.append(sentence)
        length += len(sentence) + 1
    return " ".join(sentences)[:size]


def http(body: bytes) -> bytes:
    head = (
        f"POST {PATH} HTTP/1.1\r\nhost: bench\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def chat(messages: list[dict[str, str]]) -> bytes:
    return http(json.dumps({"model": "gpt-5", "messages": messages}).encode())


def single(size: int, *, new: bool) -> Callable[[], bytes]:
    """A source of requests whose one message has `size` characters; `new` changes the text each time."""
    mark = "#########"
    raws = [
        chat([{"role": "user", "content": f"{ASK} Copy {mark}. {prose(size - 64, seed)}"}])
        for seed in range(POOL if new else 1)
    ]
    halves = [raw.split(mark.encode()) for raw in raws]
    numbers = itertools.count()

    def source() -> bytes:
        number = next(numbers) if new else 0
        before, after = halves[number % len(halves)]
        return b"".join((before, b"%09d" % number, after))

    return source


def conversation(seed: int, turns: int, size: int = 500) -> Iterator[bytes]:
    """The requests of one conversation: each repeats all that was said and adds one question."""
    messages: list[dict[str, str]] = []
    for turn in range(turns):
        messages.append({"role": "user", "content": f"{ASK} {prose(size, seed * 1000 + turn * 2)}"})
        yield chat(messages)
        messages.append({"role": "assistant", "content": prose(size, seed * 1000 + turn * 2 + 1)})
