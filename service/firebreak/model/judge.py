"""The LLM that names a category when the local classifier is unsure, as a policy describes it."""

from dataclasses import dataclass
from enum import StrEnum


class JudgeApi(StrEnum):
    OPENAI = "openai"
    ANTHROPIC = "anthropic"


@dataclass(frozen=True, slots=True)
class JudgeConfig:
    """A policy's judge. `url` is the API's base (`https://api.openai.com/v1`, `https://api.anthropic.com`).

    A judge that is less sure than `min_confidence` has not recognised the ask.
    """

    api: JudgeApi
    url: str
    model: str
    timeout_ms: int = 2_000
    calls_per_minute: int = 60
    cache_entries: int = 1_000
    min_confidence: float = 0.7
