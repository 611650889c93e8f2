"""Files as OpenAI's SDK uploads them, for codec tests."""

import json
from typing import Any

from tests.unit.codecs.exchanges import exchange

from firebreak.model.exchange import Exchange

BOUNDARY = "xYz"
HEADERS = {"content-type": f"multipart/form-data; boundary={BOUNDARY}"}


def upload(
    content: bytes, purpose: str = "batch", filename: str = "lines.jsonl", more: str = "", api: str = "openai"
) -> Exchange:
    """`more` are further parts, as they stand."""
    path = "/v1/files" if api == "openai" else "/openai/files"
    field = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="purpose"\r\n\r\n{purpose}\r\n'
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{filename}"\r\n'
    kind = "Content-Type: application/octet-stream\r\n\r\n"
    raw = f"{field}{more}{head}{kind}".encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()
    return exchange(raw=raw, path=path, headers=HEADERS, api=api)


def jsonl(*lines: Any, end: str = "\n") -> bytes:
    return "".join(json.dumps(line, ensure_ascii=False) + end for line in lines).encode()


def asked(body: Any, url: str = "/v1/chat/completions", custom_id: str = "one", **more: Any) -> dict[str, Any]:
    """A line of a batch."""
    return {"custom_id": custom_id, "method": "POST", "url": url, "body": body, **more}


def chat(text: str, model: str = "gpt-4o", **more: Any) -> dict[str, Any]:
    return {"model": model, "messages": [{"role": "user", "content": text}], **more}
