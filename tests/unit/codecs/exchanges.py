"""Exchanges for codec tests: a body, and where it was sent."""

import json
from collections.abc import Mapping
from typing import Any

from firebreak.model.exchange import Caller, Exchange

JSON_HEADERS = {"content-type": "application/json"}


def exchange(
    body: object = None,
    *,
    raw: bytes | None = None,
    api: str = "openai",
    method: str = "POST",
    path: str = "/v1/chat/completions",
    query: str = "",
    headers: Mapping[str, str] = JSON_HEADERS,
) -> Exchange:
    content = json.dumps(body, ensure_ascii=False).encode() if raw is None else raw
    return Exchange(
        id="e1",
        method=method,
        path=path,
        query=query,
        host="provider.invalid",
        headers=headers,
        body=content,
        provider=api,
        api=api,
        caller=Caller(),
    )


def brief(parts: Any) -> list[tuple[str, str, str, str]]:
    """Kind, role, origin and text of each part: what most tests are about."""
    return [(part.kind.value, part.role.value, part.origin.value, part.text) for part in parts]
