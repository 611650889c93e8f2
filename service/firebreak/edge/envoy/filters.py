"""The HTTP filters in their order: size, headers, the check, the way out.

Rules:
1. A body over the limit ends before the check, whatever its framing says.
2. The service sees the bytes that the provider will get, all of them, and none of the client's credentials.
3. The service may say yes or no; it may not change a request.
4. No answer in time, or one that cannot be understood, is a no. So is a yes that does not hand over who is to judge
   what comes back: an empty message is a yes by its form.
"""

from firebreak.edge.envoy.clusters import ENGINE
from firebreak.edge.envoy.credentials import CREDENTIAL_HEADERS, SIGNED_HEADERS
from firebreak.edge.envoy.extension import Json, extension, seconds
from firebreak.edge.envoy.identity import caller_filters, caller_mutations
from firebreak.edge.envoy.options import EnvoyOptions
from firebreak.edge.envoy.processing import HANDED_OVER, processing

CREDENTIAL_ENDINGS = ("-key", "-token", "-secret", "-password", "-authorization")
"""Endings of names that others give to headers of the same kind."""

FOREIGN_PREFIXES = ("x-firebreak-", "x-envoy-")
"""Headers that only this sidecar may write."""

CHECK = "envoy.filters.http.ext_authz"
"""The filter that asks, and the namespace in which the service's metadata is kept."""

MAX_ANSWER_BYTES = 64 * 1024
MAX_REFUSAL_BYTES = 16 * 1024


def http_filters(options: EnvoyOptions) -> list[Json]:
    return [
        _size_limit(options),
        _incoming_headers(options),
        _check(options),
        *caller_filters(options),
        _only_decided(),
        processing(options),
        _way_out(),
    ]


def _size_limit(options: EnvoyOptions) -> Json:
    return extension(
        "envoy.filters.http.body_size_limit",
        "filters.http.body_size_limit.v3.BodySizeLimit",
        max_request_bytes=options.max_body_bytes,
    )


def _incoming_headers(options: EnvoyOptions) -> Json:
    """Without `accept-encoding` the provider answers in plain bytes."""
    ours: list[Json] = [{"remove_on_match": {"key_matcher": {"prefix": prefix}}} for prefix in FOREIGN_PREFIXES]
    if options.credentials_dir and any(provider.api == "bedrock" for provider in options.providers):
        # The application's signature goes no further, so that the body need not stay as it is.
        ours += [{"remove": name} for name in SIGNED_HEADERS]
    return extension(
        "envoy.filters.http.header_mutation",
        "filters.http.header_mutation.v3.HeaderMutation",
        mutations={"request_mutations": [{"remove": "accept-encoding"}, *caller_mutations(options), *ours]},
    )


def _check(options: EnvoyOptions) -> Json:
    return extension(
        CHECK,
        "filters.http.ext_authz.v3.ExtAuthz",
        transport_api_version="V3",
        stat_prefix="firebreak",
        grpc_service=_engine(options),
        with_request_body={
            "max_request_bytes": options.max_body_bytes,
            "allow_partial_message": False,
            "pack_as_bytes": True,
        },
        failure_mode_allow=False,
        status_on_error={"code": "ServiceUnavailable"},
        validate_mutations=True,
        encode_raw_headers=True,
        disallowed_headers=_credentials(),
        decoder_header_mutation_rules={"disallow_all": True, "disallow_is_error": True},
        enable_dynamic_metadata_ingestion=True,
        emit_filter_state_stats=True,
        max_denied_response_body_bytes=MAX_REFUSAL_BYTES,
        enforce_response_header_limits=True,
        clear_route_cache=False,
        include_peer_certificate=False,
    )


def _engine(options: EnvoyOptions) -> Json:
    """Asks once. With a retry policy Envoy 1.40 fails bodies of several MiB; a dead worker is found by its cluster."""
    return {
        "envoy_grpc": {"cluster_name": ENGINE, "max_receive_message_length": MAX_ANSWER_BYTES},
        "timeout": seconds(options.engine_timeout_s),
    }


def _credentials() -> Json:
    exact = [{"exact": name, "ignore_case": True} for name in CREDENTIAL_HEADERS]
    endings = [{"suffix": ending, "ignore_case": True} for ending in CREDENTIAL_ENDINGS]
    return {"patterns": exact + endings}


def _only_decided() -> Json:
    recorded = {"filter": CHECK, "path": [{"key": HANDED_OVER}], "value": {"present_match": True}}
    principal = {"sourced_metadata": {"metadata_matcher": recorded, "metadata_source": "DYNAMIC"}}
    policies = {"recorded": {"permissions": [{"any": True}], "principals": [principal]}}
    return extension(
        "envoy.filters.http.rbac", "filters.http.rbac.v3.RBAC", rules={"action": "ALLOW", "policies": policies}
    )


def _way_out() -> Json:
    return extension("envoy.filters.http.router", "filters.http.router.v3.Router", suppress_envoy_headers=True)
