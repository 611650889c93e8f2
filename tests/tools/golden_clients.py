"""The SDKs of Google, Ollama, Mistral and Cohere before a transport that never opens a socket."""

from collections.abc import Callable
from typing import Any

import cohere
import google.genai.errors
import google.oauth2.credentials
import httpx
import httpx2
import mistralai.client.errors
import ollama
from cohere.core.api_error import ApiError
from google import genai
from google.genai import types
from mistralai.client import Mistral

Send = Callable[[Any], Any]
KEY = "not-a-key"
ERRORS = (google.genai.errors.APIError, ollama.ResponseError, mistralai.client.errors.MistralError, ApiError)


def gemini_client(send: Send) -> genai.Client:
    http = httpx2.Client(transport=httpx2.MockTransport(send))
    options = types.HttpOptions(base_url="http://gemini.invalid", httpx_client=http)
    return genai.Client(api_key=KEY, http_options=options)


def vertex_client(send: Send) -> genai.Client:
    http = httpx2.Client(transport=httpx2.MockTransport(send))
    options = types.HttpOptions(base_url="http://vertex.invalid", httpx_client=http)
    return genai.Client(
        vertexai=True,
        project="a-project",
        location="europe-west4",
        credentials=google.oauth2.credentials.Credentials(KEY),
        http_options=options,
    )


def ollama_client(send: Send) -> ollama.Client:
    return ollama.Client(host="http://ollama.invalid", transport=httpx.MockTransport(as_httpx(send)))


def mistral_client(send: Send) -> Mistral:
    return Mistral(
        api_key=KEY,
        server_url="http://mistral.invalid",
        client=httpx2.Client(transport=httpx2.MockTransport(send)),
    )


def cohere_client(send: Send) -> cohere.ClientV2:
    http = httpx.Client(transport=httpx.MockTransport(as_httpx(send)))
    return cohere.ClientV2(api_key=KEY, base_url="http://cohere.invalid", httpx_client=http)


def as_httpx(send: Send) -> Callable[[httpx.Request], httpx.Response]:
    """For SDKs that use the older of the two libraries."""

    def answer(request: httpx.Request) -> httpx.Response:
        response = send(request)
        return httpx.Response(response.status_code, headers=dict(response.headers), content=response.content)

    return answer


CLIENTS: dict[str, Callable[[Send], Any]] = {
    "gemini": gemini_client,
    "vertex": vertex_client,
    "ollama": ollama_client,
    "mistral": mistral_client,
    "cohere": cohere_client,
}
