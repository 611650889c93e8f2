"""Records the codecs' golden files: requests as the official SDKs send them, and what the codecs make of them.

`python -m tests.tools.golden_codecs` rewrites `tests/golden/codecs/<api>/<case>.json` (the request, captured from the SDK
by a transport that never opens a socket) and `<case>.golden.json` (the conversation and the refusal). Review the diff.
"""

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import anthropic
import httpx2
import openai
from tests.tools import golden_cases, golden_cases_others, golden_cases_tools, golden_clients

from firebreak.codecs import registry
from firebreak.codecs.routes import PassThrough
from firebreak.model.exchange import Caller, Exchange
from firebreak.model.refusal import Refusal

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = ROOT / "tests" / "golden" / "codecs"
KEY = "sk-not-a-key"
REFUSAL = Refusal(400, "block", "Request blocked by policy: no-secrets-out — Secrets stay in", "policy")

Send = Callable[[httpx2.Request], httpx2.Response]


def openai_client(send: Send) -> openai.OpenAI:
    http = httpx2.Client(transport=httpx2.MockTransport(send))
    return openai.OpenAI(api_key=KEY, base_url="http://openai.invalid/v1", http_client=http, max_retries=0)


def azure_client(send: Send) -> openai.AzureOpenAI:
    http = httpx2.Client(transport=httpx2.MockTransport(send))
    return openai.AzureOpenAI(
        api_key=KEY,
        azure_endpoint="http://azure.invalid",
        api_version="2024-10-21",
        http_client=http,
        max_retries=0,
    )


def anthropic_client(send: Send) -> anthropic.Anthropic:
    http = httpx2.Client(transport=httpx2.MockTransport(send))
    return anthropic.Anthropic(api_key=KEY, base_url="http://anthropic.invalid", http_client=http, max_retries=0)


CLIENTS: dict[str, Callable[[Send], Any]] = {
    "openai": openai_client,
    "azure_openai": azure_client,
    "anthropic": anthropic_client,
    **golden_clients.CLIENTS,
    **golden_cases_tools.CLIENTS,
}


def capture(api: str, call: Callable[[Any], object]) -> dict[str, Any]:
    """The one request that `call` makes the SDK send."""
    seen: list[httpx2.Request] = []

    def send(request: httpx2.Request) -> httpx2.Response:
        seen.append(request)
        return httpx2.Response(400, json={"error": {"message": "captured"}})

    with suppress(
        openai.BadRequestError, anthropic.BadRequestError, *golden_clients.ERRORS, *golden_cases_tools.ERRORS
    ):
        call(CLIENTS[api](send))
    (request,) = seen
    return {
        "api": api,
        "method": request.method,
        "path": request.url.raw_path.partition(b"?")[0].decode(),
        "query": request.url.query.decode(),
        "content_type": request.headers.get("content-type", ""),
        "body": json.loads(request.content),
    }


def exchange_of(request: dict[str, Any]) -> Exchange:
    return Exchange(
        id="golden",
        method=request["method"],
        path=request["path"],
        query=request["query"],
        host="provider.invalid",
        headers={"content-type": request["content_type"]},
        body=json.dumps(request["body"], ensure_ascii=False).encode(),
        provider=request["api"],
        api=request["api"],
        caller=Caller(),
    )


def golden_of(request: dict[str, Any]) -> dict[str, Any]:
    """What the codecs make of a recorded request, as JSON."""
    exchange = exchange_of(request)
    codec = registry.pick(exchange)
    assert not isinstance(codec, PassThrough)
    read = codec.read(exchange)
    segments = [["".join(f"/{step}" for step in segment.path) for segment in part.segments] for part in read.parts]
    parts = [part._asdict() | {"segments": paths} for part, paths in zip(read.parts, segments, strict=True)]
    conversation = asdict(replace(read, requests=(), documents=())) | {"parts": parts}
    del conversation["requests"], conversation["documents"]
    if read.requests:
        conversation["requests"] = [
            {"surface": one.surface, "model": one.model, "tools": one.tools, "user": one.user, "parts": len(one.parts)}
            for one in read.requests
        ]
    rendered = codec.refuse(REFUSAL)
    refusal = {"status": rendered.status, "content_type": rendered.content_type, "body": json.loads(rendered.body)}
    golden: dict[str, Any] = json.loads(json.dumps({"conversation": conversation, "refusal": refusal}))
    return golden


def cases() -> Iterator[tuple[str, str, Callable[[Any], object]]]:
    for api, calls in (golden_cases.CASES | golden_cases_others.CASES | golden_cases_tools.CASES).items():
        for name, call in calls.items():
            yield api, name, call


def recorded() -> list[Path]:
    return sorted(path for path in GOLDEN.glob("*/*.json") if not path.name.endswith(".golden.json"))


def load(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def main() -> None:
    for api in CLIENTS:
        shutil.rmtree(GOLDEN / api, ignore_errors=True)
    for api, name, call in cases():
        folder = GOLDEN / api
        folder.mkdir(parents=True, exist_ok=True)
        request = capture(api, call)
        for suffix, content in (("json", request), ("golden.json", golden_of(request))):
            text = json.dumps(content, indent=1, ensure_ascii=False) + "\n"
            (folder / f"{name}.{suffix}").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
