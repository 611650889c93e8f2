"""The Kubernetes API over HTTPS: the one module that speaks to it.

Rules:
1. The server is who `ca.crt` says, under the name that the environment gives it. No proxy, no redirect.
2. The token is read anew for each request, since it is replaced while we run. No error and no log holds it.
3. Answers are bounded in size, calls in time and number. What goes wrong is `ApiUnavailable`, and nothing else.
"""

import asyncio
import json
import os
import re
import ssl
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from firebreak.model.errors import BadConfig, Unavailable

if TYPE_CHECKING:
    import httpx

SERVICE_ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount"
"""Where Kubernetes mounts a pod's token, ca.crt and namespace."""

MERGE_PATCH = "application/merge-patch+json"
MAX_ANSWER_BYTES = 4 * 1024 * 1024  # etcd keeps no object over 1.5 MiB
MAX_TOKEN_BYTES = 64 * 1024
MAX_CONNECTIONS = 16
TIMEOUT_S = 10.0
MAX_SENTENCE_CHARS = 300

_PATH = re.compile(r"(/[A-Za-z0-9][A-Za-z0-9.:_-]*)+(\?[A-Za-z0-9.:_=&%,!-]*)?")
_WORD = re.compile(r"[A-Za-z]{1,64}")
_API = "the Kubernetes API"


class ApiUnavailable(Unavailable):
    """No answer, or one that is not a yes.

    `status` is the HTTP status, 0 where there was no answer that could be read; `reason` is the API's machine word
    (`Conflict`, `NotFound`, `Forbidden`, ...) or empty.
    """

    def __init__(self, status: int, reason: str, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status
        self.reason = reason


class KubernetesApi:
    """Belongs to one event loop. `namespace` is the pod's own, empty where it is not known."""

    def __init__(
        self, url: str, ca_file: Path, token_file: Path, *, namespace: str = "", timeout_s: float = TIMEOUT_S
    ) -> None:
        """Nothing is read or called yet. Raises `BadConfig` where the extra is not installed or `url` is not https."""
        self._http = _httpx()
        if not url.startswith("https://"):
            raise BadConfig("kubernetes", "the API's address is not https", "give the address that pods are given")
        self._url = url.rstrip("/")
        self._ca_file = ca_file
        self._token_file = token_file
        self._timeout_s = timeout_s
        self._authority = b""
        self._client: httpx.AsyncClient | None = None
        self._retired: list[httpx.AsyncClient] = []
        self._under_way = 0
        self.namespace = namespace

    @classmethod
    def in_cluster(
        cls,
        directory: str = SERVICE_ACCOUNT,
        environment: Mapping[str, str] = os.environ,
        *,
        timeout_s: float = TIMEOUT_S,
    ) -> "KubernetesApi":
        """The API of the cluster that this pod runs in. Raises `BadConfig` outside of one."""
        host, port = environment.get("KUBERNETES_SERVICE_HOST", ""), environment.get("KUBERNETES_SERVICE_PORT", "443")
        if not host:
            raise BadConfig("KUBERNETES_SERVICE_HOST", "it is not set: this is no pod", "turn the Kubernetes API off")
        if not port.isdecimal():
            raise BadConfig("KUBERNETES_SERVICE_PORT", "it is not a number", "leave it as Kubernetes sets it")
        folder = Path(directory)
        url = f"https://[{host}]:{port}" if ":" in host else f"https://{host}:{port}"
        namespace = _namespace(folder / "namespace")
        return cls(url, folder / "ca.crt", folder / "token", namespace=namespace, timeout_s=timeout_s)

    async def request(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        content_type: str = "application/json",
    ) -> dict[str, Any]:
        """The object that the API answers with. Raises `ApiUnavailable`."""
        if not _PATH.fullmatch(path):
            raise ApiUnavailable(0, "", "this is not a path of the Kubernetes API")
        self._under_way += 1
        try:
            client = await self._connected()
            status, data = await self._call(client, method, path, self._headers(content_type), body)
        finally:
            self._under_way -= 1
        return _object(status, data)

    async def close(self) -> None:
        """End the connections."""
        clients = [*self._retired, *([self._client] if self._client else [])]
        self._retired, self._client = [], None
        for client in clients:
            await client.aclose()

    async def _connected(self) -> "httpx.AsyncClient":
        """A client that trusts what `ca.crt` holds now. The one before is closed once nobody uses it."""
        if self._under_way == 1:
            while self._retired:
                await self._retired.pop().aclose()
        authority = _read(self._ca_file, MAX_ANSWER_BYTES)
        if self._client is None or authority != self._authority:
            if self._client is not None:
                self._retired.append(self._client)
            self._client = _client(self._http, authority)
            self._authority = authority
        return self._client

    def _headers(self, content_type: str) -> dict[str, str]:
        token = _read(self._token_file, MAX_TOKEN_BYTES).decode("ascii", "replace").strip()
        if not re.fullmatch(r"[!-~]+", token):
            raise ApiUnavailable(0, "", f"{self._token_file} holds no token")
        return {
            "authorization": f"Bearer {token}",
            "accept": "application/json",
            "accept-encoding": "identity",
            "content-type": content_type,
        }

    async def _call(
        self,
        client: "httpx.AsyncClient",
        method: str,
        path: str,
        headers: dict[str, str],
        body: Mapping[str, Any] | None,
    ) -> tuple[int, bytes]:
        content = None if body is None else json.dumps(body).encode()
        http = self._http
        try:
            async with (
                asyncio.timeout(self._timeout_s),
                client.stream(method, self._url + path, content=content, headers=headers) as response,
            ):
                return response.status_code, await _bounded(response)
        except TimeoutError:
            raise ApiUnavailable(0, "", f"{_API} did not answer in time") from None
        except (http.HTTPError, http.InvalidURL, http.StreamError) as error:
            # The library's message may quote a header: only the name of its type goes on.
            raise ApiUnavailable(0, "", f"{_API} cannot be reached: {type(error).__name__}") from None


def _httpx() -> ModuleType:
    """The library, which comes with an extra: a service that uses no API does not need it."""
    try:
        return import_module("httpx")
    except ImportError as error:
        raise BadConfig("kubernetes", "needs the package `httpx`", "install firebreak[kubernetes]") from error


def _client(http: ModuleType, authority: bytes) -> "httpx.AsyncClient":
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # it checks the chain and the name
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_verify_locations(cadata=authority.decode("ascii"))
    except (ssl.SSLError, ValueError):
        raise ApiUnavailable(0, "", "ca.crt holds no certificate") from None
    client: httpx.AsyncClient = http.AsyncClient(
        verify=context,
        timeout=None,  # one clock, around the whole call
        trust_env=False,
        follow_redirects=False,
        limits=http.Limits(max_connections=MAX_CONNECTIONS, max_keepalive_connections=4, keepalive_expiry=30),
    )
    return client


def _read(path: Path, limit: int) -> bytes:
    """A file that Kubernetes mounts and replaces."""
    try:
        with path.open("rb") as file:
            content = file.read(limit + 1)
    except OSError as error:
        raise ApiUnavailable(0, "", f"{path} cannot be read ({type(error).__name__})") from None
    if len(content) > limit:
        raise ApiUnavailable(0, "", f"{path} is larger than {limit} bytes")
    return content


def _namespace(path: Path) -> str:
    """Empty where the file is not there; nothing but a caller's own choice of paths depends on it."""
    try:
        return _read(path, 253).decode("ascii", "replace").strip()
    except ApiUnavailable:
        return ""


async def _bounded(response: "httpx.Response") -> bytes:
    data = bytearray()
    async for chunk in response.aiter_raw():
        data += chunk
        if len(data) > MAX_ANSWER_BYTES:
            raise ApiUnavailable(0, "", f"{_API} answered with more than {MAX_ANSWER_BYTES} bytes")
    return bytes(data)


def _object(status: int, data: bytes) -> dict[str, Any]:
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        value = None
    good = 200 <= status < 300
    if good and isinstance(value, dict):
        return value
    if good:
        raise ApiUnavailable(0, "", f"{_API} answered {status} with something that is not an object")
    raise _refusal(status, value if isinstance(value, dict) else {})


def _refusal(status: int, value: dict[str, Any]) -> ApiUnavailable:
    """What a `Status` object says, on one line and bounded."""
    given, said = value.get("reason"), value.get("message")
    reason = given if isinstance(given, str) and _WORD.fullmatch(given) else ""
    words = " ".join(said.split())[:MAX_SENTENCE_CHARS] if isinstance(said, str) else ""
    sentence = "".join(char if char.isprintable() else "?" for char in words)
    return ApiUnavailable(
        status, reason, f"{_API} answered {' '.join(filter(None, [str(status), reason]))}: {sentence or 'no sentence'}"
    )
