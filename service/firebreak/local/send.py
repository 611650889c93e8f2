"""Sends a scenario as an application would, with the official SDKs, and tells what came back."""

import contextlib
import gzip
import http.client
import select
import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import anthropic
import openai

from firebreak.local.scenarios import REFUSED, RawRequest, Scenario

API_KEY = "not-a-key"
TIMEOUT_S = 15.0
_CALLS: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("openai", "chat"): ("chat", "completions", "create"),
    ("openai", "responses"): ("responses", "create"),
    ("openai", "completions"): ("completions", "create"),
    ("openai", "embeddings"): ("embeddings", "create"),
    ("openai", "models"): ("models", "list"),
    ("anthropic", "messages"): ("messages", "create"),
    ("anthropic", "count_tokens"): ("messages", "count_tokens"),
    ("anthropic", "models"): ("models", "list"),
}


@dataclass(frozen=True, slots=True)
class Observation:
    """What the application saw. `direction` is that of the decision that the headers name. `exception` is the SDK's
    own, by class name; `code` the error's machine code; `text` the answer as far as it came.
    """

    time_s: float
    latency_ms: float
    status: int
    decision: str
    rule: str
    record: str
    exception: str = ""
    code: str = ""
    text: str = ""
    direction: str = "request"


@dataclass(frozen=True, slots=True)
class _Seen:
    status: int
    headers: Mapping[str, str]
    exception: str = ""
    code: str = ""
    text: str = ""


class Sender:
    """Clients of one sidecar. They take no proxy from the environment: the sidecar is on this machine."""

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port
        base = f"http://{host}:{port}"
        self._openai = openai.OpenAI(
            base_url=f"{base}/openai/v1",
            api_key=API_KEY,
            max_retries=0,
            timeout=TIMEOUT_S,
            http_client=openai.DefaultHttpxClient(trust_env=False),
        )
        self._anthropic = anthropic.Anthropic(
            base_url=f"{base}/anthropic",
            api_key=API_KEY,
            max_retries=0,
            timeout=TIMEOUT_S,
            http_client=anthropic.DefaultHttpxClient(trust_env=False),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._openai.close()
        self._anthropic.close()

    def send(self, scenario: Scenario) -> Observation:
        """One request, to the end of its answer."""
        time_s, started = time.time(), time.perf_counter()
        seen = self._raw(scenario.raw) if scenario.raw else self._sdk(scenario)
        latency_ms = (time.perf_counter() - started) * 1000
        headers = seen.headers
        return Observation(
            time_s=time_s,
            latency_ms=latency_ms,
            status=seen.status,
            decision=headers.get("x-firebreak-decision", REFUSED if seen.status >= 400 else ""),
            rule=headers.get("x-firebreak-rule", headers.get("x-firebreak-reason", "")),
            record=headers.get("x-firebreak-record", ""),
            exception=seen.exception,
            code=seen.code,
            text=seen.text,
            direction=headers.get("x-firebreak-direction", "request"),
        )

    def _sdk(self, scenario: Scenario) -> _Seen:
        client: Any = self._openai if scenario.sdk == "openai" else self._anthropic
        *way, method = _CALLS[scenario.sdk, scenario.api]
        for name in way:
            client = getattr(client, name)
        call: Callable[..., Any] = getattr(client.with_raw_response, method)
        try:
            answer = call(**scenario.params)
        except (openai.APIStatusError, anthropic.APIStatusError) as error:
            return _Seen(error.status_code, error.response.headers, type(error).__name__, _code(error.body))
        except (openai.APIConnectionError, anthropic.APIConnectionError) as error:
            return _Seen(0, {}, type(error).__name__)
        return _read(answer, stream=bool(scenario.params.get("stream")))

    def _raw(self, raw: RawRequest) -> _Seen:
        with contextlib.closing(http.client.HTTPConnection(self._host, self._port, timeout=TIMEOUT_S)) as connection:
            body = _body(raw)
            connection.putrequest(raw.method, raw.path)
            for name, value in _headers(raw, len(body)).items():
                connection.putheader(name, value)
            connection.endheaders()
            _push(connection.sock, body)
            answer = connection.getresponse()
            answer.read()
            return _Seen(answer.status, {name.lower(): value for name, value in answer.getheaders()})


def _body(raw: RawRequest) -> bytes:
    body = raw.body.encode().ljust(raw.pad_to_bytes)
    return gzip.compress(body, mtime=0) if raw.gzip else body


def _push(target: socket.socket, body: bytes) -> None:
    """Send the body, or as much of it as is wanted: what is over a limit is answered before it was sent whole."""
    left = memoryview(body)
    while left:
        answered, free, _ = select.select([target], [target], [], TIMEOUT_S)
        if answered or not free:
            return
        left = left[target.send(left) :]


def _headers(raw: RawRequest, length: int) -> dict[str, str]:
    headers = {"content-type": raw.content_type, "content-length": str(length), "authorization": f"Bearer {API_KEY}"}
    return headers | ({"content-encoding": "gzip"} if raw.gzip else {})


def _read(answer: Any, *, stream: bool) -> _Seen:
    """The answer as the SDK reads it, to its end or its error in the middle."""
    status, headers = answer.http_response.status_code, answer.headers
    said: list[str] = []
    try:
        parsed = answer.parse()
        said.extend(map(_words, parsed if stream else (parsed,)))
    except (openai.APIError, anthropic.APIError) as error:
        return _Seen(status, headers, type(error).__name__, _code(error.body), "".join(said))
    return _Seen(status, headers, text="".join(said))


def _words(said: Any) -> str:
    """The text of a chat completion or a chunk of one; empty for everything else."""
    choices = getattr(said, "choices", None) or ()
    spoken = [getattr(choice, "delta", None) or getattr(choice, "message", None) for choice in choices]
    return "".join(getattr(one, "content", None) or "" for one in spoken)


def _code(body: object) -> str:
    """The machine code in a provider's error: OpenAI's SDK hands over the inner object, Anthropic's the whole."""
    if isinstance(body, dict):
        inner = body.get("error")
        found = inner if isinstance(inner, dict) else body
        return str(found.get("code") or found.get("type") or "")
    return ""
