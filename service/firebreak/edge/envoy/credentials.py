"""The providers' keys, put into requests by Envoy itself, so that the application holds none.

Rules:
1. A key is put in behind the check, on the way to its provider: the service never sees it.
2. What the client sent as a credential of any kind goes no further.
3. Without a key nothing is sent.
4. The configuration and its files name where keys lie. None stands in them, and a new one needs no restart.
"""

import json

from firebreak.edge.envoy.extension import Json, extension, seconds, typed
from firebreak.edge.envoy.options import EnvoyOptions, Provider

CREDENTIAL_HEADERS = (
    "api-key",
    "authorization",
    "cookie",
    "openai-api-key",
    "proxy-authorization",
    "x-amz-security-token",
    "x-api-key",
    "x-goog-api-key",
)

SIGNED_HEADERS = ("x-amz-date", "x-amz-content-sha256")
"""What an AWS signature in `authorization` has beside it."""

BY_API = {
    "openai": ("authorization", "Bearer "),
    "azure_openai": ("api-key", ""),
    "anthropic": ("x-api-key", ""),
    "bedrock": ("authorization", "Bearer "),
    "mcp": ("authorization", "Bearer "),
    "gemini": ("x-goog-api-key", ""),
    "vertex": ("authorization", "Bearer "),
    "ollama": ("authorization", "Bearer "),
    "mistral": ("authorization", "Bearer "),
    "cohere": ("authorization", "Bearer "),
    "generic": ("authorization", "Bearer "),
}
"""The header that a key stands in, and what stands before it there."""


POLL_S = 1.0


def credential_filters(provider: Provider, options: EnvoyOptions) -> list[Json]:
    """Of the provider's own side of the proxy, which is behind every route. None where the application has its keys."""
    if not options.credentials_dir:
        return []
    header, prefix = BY_API[provider.api]
    generic = extension(
        "envoy.http.injected_credentials.generic",
        "http.injected_credentials.generic.v3.Generic",
        credential={"name": _secret(provider), "sds_config": _source(provider, options)},
        header=header,
        header_value_prefix=prefix,
    )
    return [
        extension(
            "envoy.filters.http.header_mutation",
            "filters.http.header_mutation.v3.HeaderMutation",
            mutations={"request_mutations": [{"remove": name} for name in CREDENTIAL_HEADERS]},
        ),
        extension(
            "envoy.filters.http.credential_injector",
            "filters.http.credential_injector.v3.CredentialInjector",
            overwrite=True,
            allow_request_without_credential=False,
            credential=generic,
        ),
    ]


def secret_files(options: EnvoyOptions) -> dict[str, str]:
    """The files that Envoy needs beside its configuration, with their text: one a provider, says where its key lies."""
    providers = options.providers if options.credentials_dir else ()
    return {_file(provider, options): _text(provider, options) for provider in providers}


def _file(provider: Provider, options: EnvoyOptions) -> str:
    return f"{options.admin_socket.rpartition('/')[0]}/{_secret(provider)}.json"


def _text(provider: Provider, options: EnvoyOptions) -> str:
    key = {"filename": f"{options.credentials_dir}/{provider.name}"}
    secret = typed("transport_sockets.tls.v3.Secret", name=_secret(provider), generic_secret={"secret": key})
    return json.dumps({"resources": [secret]}, indent=2) + "\n"


def _source(provider: Provider, options: EnvoyOptions) -> Json:
    """Looked at every second. A watch on the folder misses a key that Kubernetes links into it after the swap."""
    polled = {"path": _file(provider, options), "poll_interval": seconds(POLL_S)}
    return {"path_config_source": polled, "resource_api_version": "V3"}


def _secret(provider: Provider) -> str:
    return f"credential_{provider.name}"
