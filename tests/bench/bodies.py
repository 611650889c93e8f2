"""Request bodies of a given size: ordinary text, new in every request or always the same."""

import itertools
import json
import random
from collections.abc import Callable, Iterator

NOUNS = [
    "valve",
    "pump",
    "gauge",
    "filter",
    "bearing",
    "seal",
    "shaft",
    "rotor",
    "engine",
    "hose",
    "clamp",
    "bolt",
    "washer",
    "panel",
    "sensor",
    "cable",
    "fuse",
    "relay",
    "battery",
]
VERBS = ["check", "replace", "clean", "tighten", "loosen", "remove", "install", "measure", "inspect"]
PLACES = ["left", "right", "upper", "lower", "front", "rear", "outer", "inner", "small", "large"]
TIMES = (
    "every week",
    "every month",
    "after each shift",
    "before the season",
    "twice a year",
    "when the engine is cold",
)
PATH = "/openai/v1/chat/completions"
ASK = "Translate this maintenance manual into French."
POOL = 16
"""Texts in rotation; what makes each request new is a number besides."""


def prose(size: int, seed: int) -> str:
    """About `size` characters of a manual's sentences, the same for the same seed. Words at random would sooner or
    later be an order to a model, which is refused.
    """
    chance = random.Random(seed)
    sentences: list[str] = []
    length = 0
    while length < size:
        first, second = chance.sample(NOUNS, 2)
        sentence = (
            f"{chance.choice(VERBS).capitalize()} the {chance.choice(PLACES)} {first} {chance.choice(TIMES)}, then "
            f"{chance.choice(VERBS)} the {second} and note the pressure in table {chance.randint(1, 99)}."
        )
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
