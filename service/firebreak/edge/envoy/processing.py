"""The filter that hands every answer to the service (ext_proc v3).

Rules:
1. Full duplex: only there can the service hold bytes back, end an answer well-formed, and stop the provider.
2. Nothing of an answer passes without the service: it fails closed, and it is asked before the request leaves, so that
   a service that is gone costs the client a 503 and not the provider a prompt.
3. The service learns of an answer its status, its form and its body; no header that could carry a credential.
"""

from firebreak.edge.envoy.clusters import ENGINE
from firebreak.edge.envoy.extension import Json, extension, seconds
from firebreak.edge.envoy.options import EnvoyOptions

CHECK = "envoy.filters.http.ext_authz"
PROCESSING = "envoy.filters.http.ext_proc"
WITHHELD = "firebreak_response"
"""Envoy's response code details of an answer that the service gave in the place of the provider's."""

MAX_MESSAGE_BYTES = 256 * 1024
HEADERS = (":status", "content-type", "content-encoding")


def processing(options: EnvoyOptions) -> Json:
    return extension(
        PROCESSING,
        "filters.http.ext_proc.v3.ExternalProcessor",
        stat_prefix="firebreak",
        grpc_service={"envoy_grpc": {"cluster_name": ENGINE, "max_receive_message_length": MAX_MESSAGE_BYTES}},
        failure_mode_allow=False,
        status_on_error={"code": "ServiceUnavailable"},
        processing_mode={
            "request_header_mode": "SEND",
            "request_body_mode": "NONE",
            "request_trailer_mode": "SKIP",
            "response_header_mode": "SEND",
            "response_body_mode": "FULL_DUPLEX_STREAMED",
            "response_trailer_mode": "SEND",
        },
        response_attributes=["response.code_details"],
        message_timeout=seconds(options.stream_idle_timeout_s),
        metadata_options={"forwarding_namespaces": {"untyped": [CHECK]}},
        mutation_rules={"disallow_all": True, "disallow_is_error": True},
        forward_rules={"allowed_headers": {"patterns": [{"exact": name} for name in HEADERS]}},
        disable_clear_route_cache=True,
    )
