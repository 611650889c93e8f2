"""What the check of a request hands on to the processing of its body and its answer."""

from dataclasses import dataclass

from firebreak.model.exchange import Caller

Change = tuple[int, int, bytes]
"""Bytes of the body, `start` inclusive and `end` exclusive, and what is to stand there."""


@dataclass(frozen=True, slots=True)
class Fingerprints:
    """By which a system prompt is known again without its words: samples of 32 bits, and how many of them in one answer
    are a leak. None for a prompt that is too short.
    """

    values: tuple[int, ...] = ()
    needed: int = 0


NO_PROMPT = Fingerprints()


@dataclass(frozen=True, slots=True)
class Handover:
    """Of a request that was let pass. `record` is its record's id, `surface` names the codec of its answer.

    `changes` are to be made in the body whose SHA-256 is `body_sha256`, in order and without overlap; with `restore`
    what they took away is put back where the answer names its placeholder. `prompt`: what the application has told the
    model, which is not to come back. `reply_to`: what an answer of our own must name to be taken for one. `tokens`: as
    many as the request may have, for a provider that does not count; 0 where no text is generated. All this travels
    through Envoy, because body and answer may come to another worker than the check did.
    """

    record: str
    provider: str
    api: str
    surface: str
    model: str
    method: str
    path: str
    caller: Caller
    traceparent: str = ""
    body_sha256: str = ""
    changes: tuple[Change, ...] = ()
    restore: bool = False
    reply_to: str = ""
    prompt: Fingerprints = NO_PROMPT
    tokens: int = 0
