"""Answers of Google, Ollama, Mistral and Cohere, as the contract tests' stand-ins send them."""

from typing import Any

from tests.contract import provider_formats as formats

PIECES = ["Hello", ",", " how are", " you?"]
WHOLE: dict[str, tuple[str, list[Any]]] = {
    "gemini": (
        "gemini.generate_content",
        [formats.gemini("Hello", "STOP"), formats.gemini_call(), formats.GEMINI_COUNT],
    ),
    "gemini vectors": ("gemini.batch_embed_contents", [formats.GEMINI_VECTORS]),
    "ollama": ("ollama.chat", [formats.ollama("Hello", done=True), formats.ollama_call()]),
    "ollama generate": ("ollama.generate", [formats.ollama("Hello", done=True, key="response")]),
    "ollama vectors": ("ollama.embed", [formats.OLLAMA_VECTORS]),
    "mistral": ("mistral.chat", [formats.mistral("Hello"), formats.mistral_call()]),
    "mistral vectors": ("mistral.embeddings", [formats.MISTRAL_VECTORS]),
    "cohere": ("cohere.chat", [formats.cohere("Hello"), formats.cohere_call()]),
    "cohere vectors": ("cohere.embed", [formats.COHERE_VECTORS]),
    "cohere ranks": ("cohere.rerank", [formats.COHERE_RANKS]),
}
STREAMS: dict[str, tuple[str, str, bytes]] = {
    "gemini": ("gemini.stream_generate_content", "text/event-stream", b"".join(formats.gemini_events(PIECES))),
    "gemini array": ("gemini.stream_generate_content", "application/json", b"".join(formats.gemini_array(PIECES))),
    "ollama": ("ollama.chat", "application/x-ndjson", b"".join(formats.ollama_lines(PIECES))),
    "mistral": ("mistral.chat", "text/event-stream", b"".join(formats.mistral_events(PIECES))),
    "cohere": ("cohere.chat", "text/event-stream", b"".join(formats.cohere_events(PIECES))),
}
