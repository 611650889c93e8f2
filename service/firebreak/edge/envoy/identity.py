"""Who calls a gateway: certificates on the listener, and how a caller's proofs reach the service and nobody else.

Rules:
1. With `tls_dir` nobody speaks to the listener without a certificate that `ca.crt` there has signed.
2. The proofs travel to the service in headers of our own, which Envoy sets anew and takes off behind the check.
3. New certificates count for the next connection, a swap of the folder is enough.
"""

import json

from firebreak.edge.envoy.extension import Json, extension, typed
from firebreak.edge.envoy.options import EnvoyOptions

URI_HEADER = "firebreak-caller-uri"
"""All URIs that the client's certificate names, with commas between them."""

PROOF_HEADER = "firebreak-caller-proof"
"""The caller's token. Its name is none of those that are kept from the service."""

MAX_CONNECTION_S = 3600
"""How long a certificate counts that has expired since, or whose authority is trusted no more."""

_CERTIFICATE, _AUTHORITY = "gateway_certificate", "gateway_authority"


def caller_mutations(options: EnvoyOptions) -> list[Json]:
    """On the way to the check, in front of what takes foreign headers off."""
    changes: list[Json] = []
    if options.tls_dir:
        changes += _set(URI_HEADER, "%DOWNSTREAM_PEER_URI_SAN%")
    if options.token_header:
        changes += _set(PROOF_HEADER, f"%REQ({options.token_header})%")
    return changes


def caller_filters(options: EnvoyOptions) -> list[Json]:
    """Behind the check: nothing of the proofs goes on."""
    if not (options.tls_dir or options.token_header):
        return []
    return [
        extension(
            "envoy.filters.http.header_mutation",
            "filters.http.header_mutation.v3.HeaderMutation",
            mutations={"request_mutations": [{"remove": URI_HEADER}, {"remove": PROOF_HEADER}]},
        )
    ]


def caller_tls(options: EnvoyOptions) -> Json:
    """The listener's transport: nothing where it speaks in clear."""
    if not options.tls_dir:
        return {}
    context = typed(
        "transport_sockets.tls.v3.DownstreamTlsContext",
        require_client_certificate=True,
        # A resumed session would go on with the certificate of the first.
        disable_stateless_session_resumption=True,
        disable_stateful_session_resumption=True,
        common_tls_context={
            "tls_params": {"tls_minimum_protocol_version": "TLSv1_2"},
            "alpn_protocols": ["http/1.1"],
            "tls_certificate_sds_secret_configs": [_source(_CERTIFICATE, options)],
            "validation_context_sds_secret_config": _source(_AUTHORITY, options),
        },
    )
    return {"transport_socket": {"name": "envoy.transport_sockets.tls", "typed_config": context}}


def caller_tls_files(options: EnvoyOptions) -> dict[str, str]:
    """The files that Envoy needs beside its configuration, with their text: where certificates lie."""
    if not options.tls_dir:
        return {}
    folder, watched = options.tls_dir, {"path": options.tls_dir}
    certificate = {
        "certificate_chain": {"filename": f"{folder}/tls.crt"},
        "private_key": {"filename": f"{folder}/tls.key"},
        "watched_directory": watched,
    }
    authority = {"trusted_ca": {"filename": f"{folder}/ca.crt"}, "watched_directory": watched}
    return {
        _file(_CERTIFICATE, options): _text(name=_CERTIFICATE, tls_certificate=certificate),
        _file(_AUTHORITY, options): _text(name=_AUTHORITY, validation_context=authority),
    }


def _set(header: str, value: str) -> list[Json]:
    """Whatever a client sent under this name is gone, even where there is nothing to put in its place."""
    added = {"header": {"key": header, "value": value}, "append_action": "OVERWRITE_IF_EXISTS_OR_ADD"}
    return [{"remove": header}, {"append": added}]


def _source(name: str, options: EnvoyOptions) -> Json:
    source = {"path_config_source": {"path": _file(name, options)}, "resource_api_version": "V3"}
    return {"name": name, "sds_config": source}


def _file(name: str, options: EnvoyOptions) -> str:
    return f"{options.admin_socket.rpartition('/')[0]}/{name}.json"


def _text(**secret: object) -> str:
    resource = typed("transport_sockets.tls.v3.Secret", **secret)
    return json.dumps({"resources": [resource]}, indent=2) + "\n"
