"""The filter that hands every answer to the service (ext_proc v3).

Rules:
1. Full duplex: only there can the service hold bytes back, end an answer well-formed, and stop the provider.
2. Nothing of an answer passes without the service: it fails closed, and it is asked before the request leaves, so that
   a service that is gone costs the client a 503 and not the provider a prompt.
3. The service learns of an answer its status, its form and its body; no header that could carry a credential.
"""

from firebreak.edge.envoy.clusters import ENGINE
from firebreak.edge.envoy.extension import Json, extension, seconds, typed
from firebreak.edge.envoy.options import EnvoyOptions

CHECK = "envoy.filters.http.ext_authz"
PROCESSING = "envoy.filters.http.ext_proc"
WITHHELD = "firebreak_response"
"""Envoy's response code details of an answer that the service gave in the place of the provider's."""

MAX_MESSAGE_BYTES = 256 * 1024
OWN_HEADERS = "content-type|x-firebreak-[a-z-]+"
"""The headers of an answer that the service gives in the provider's place."""

CHANGES = "changes"
"""The key of the check's metadata that asks for changes in the body."""

HANDED_OVER = "surface"
"""The key that the check's metadata has for each request that it lets pass, and for no other."""

_INPUTS = "matching.common_inputs.network.v3"
HEADERS = (":status", "content-type", "content-encoding")


def processing(options: EnvoyOptions) -> Json:
    """One of two processors: a request's body passes through it only where the check asked for changes.

    A request that the check has not let pass has neither, and goes no further either (`filters`, rule 4): what Envoy
    answers by itself then needs nobody's judgement.
    """
    choices = ((CHANGES, _processor(options, body=True)), (HANDED_OVER, _processor(options, body=False)))
    return extension(
        "firebreak.processing",
        "envoy.extensions.common.matching.v3.ExtensionWithMatcher",
        extension_config=extension("composite", "filters.http.composite.v3.Composite"),
        xds_matcher={"matcher_list": {"matchers": [_when(key, filter_) for key, filter_ in choices]}},
    )


def _when(key: str, filter_: Json) -> Json:
    """Where the check's metadata has the key."""
    place = {"filter": CHECK, "path": [{"key": key}]}
    there = typed("matching.input_matchers.metadata.v3.Metadata", value={"present_match": True})
    predicate = {
        "input": {"name": key, "typed_config": typed(f"{_INPUTS}.DynamicMetadataInput", **place)},
        "custom_match": {"name": "there", "typed_config": there},
    }
    action = typed("filters.http.composite.v3.ExecuteFilterAction", typed_config=filter_)
    run = {"action": {"name": "composite-action", "typed_config": action}}
    return {"predicate": {"single_predicate": predicate}, "on_match": run}


def _processor(options: EnvoyOptions, *, body: bool) -> Json:
    room = options.engine_message_bytes if body else MAX_MESSAGE_BYTES
    return extension(
        PROCESSING,
        "filters.http.ext_proc.v3.ExternalProcessor",
        stat_prefix="firebreak",
        grpc_service={"envoy_grpc": {"cluster_name": ENGINE, "max_receive_message_length": room}},
        failure_mode_allow=False,
        status_on_error={"code": "ServiceUnavailable"},
        processing_mode={
            "request_header_mode": "SEND",
            "request_body_mode": "BUFFERED" if body else "NONE",
            "request_trailer_mode": "SKIP",
            "response_header_mode": "SEND",
            "response_body_mode": "FULL_DUPLEX_STREAMED",
            "response_trailer_mode": "SEND",
        },
        response_attributes=["response.code_details"],
        message_timeout=seconds(options.stream_idle_timeout_s),
        metadata_options={"forwarding_namespaces": {"untyped": [CHECK]}},
        mutation_rules={
            "disallow_all": True,
            "disallow_is_error": True,
            # An answer in the place of the provider's has its own form.
            "allow_expression": {"regex": f"{OWN_HEADERS}|content-length" if body else OWN_HEADERS},
        },
        allow_content_length_header=body,
        forward_rules={"allowed_headers": {"patterns": [{"exact": name} for name in HEADERS]}},
        disable_clear_route_cache=True,
    )
