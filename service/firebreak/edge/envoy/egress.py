"""The second way in: what the egress lock redirects, judged by the name that the client asks for.

Rules:
1. A connection goes where its name leads, never to the address that the client had: a name that is not the
   destination's own leads elsewhere.
2. A host that serves models is refused before anything else is looked at; then allowed names pass; all else is refused.
3. Refusing is closing before a byte or a look-up has left. Each reason has a filter chain and a counter of its own.
4. No name leads to the pod itself or to a machine's credentials, and one that nobody wrote down leads to no private
   address.
5. TLS passes as it is. Plain HTTP passes to names that were written down, request by request.
"""

from firebreak.edge.envoy.access_log import EGRESS_FIELDS, EGRESS_HTTP_FIELDS, local_log
from firebreak.edge.envoy.egress_options import NAME, Egress, either
from firebreak.edge.envoy.extension import Json, extension, seconds
from firebreak.edge.envoy.options import EnvoyOptions
from firebreak.model.networks import FORBIDDEN, NOT_PUBLIC, Network

NAMED, ANYWHERE = "egress_named", "egress_any"
HTTP = "plain_http"
LLM_HOST, NOT_ALLOWED, NO_NAME, UNREADABLE = REASONS = ("llm_host", "not_allowed", "no_name", "unreadable")
BUFFER_BYTES = 1024 * 1024
FIRST_BYTES_S = 5.0
"""How long a client may take to say whom it wants; a protocol in which the server speaks first never does."""

MAX_NAMES_CACHED = 1024
MAX_EXPRESSION = 1_000_000
_HTTP1 = ".*'http/1\\.[01]'.*"


def egress_listener(options: EnvoyOptions, egress: Egress) -> Json:
    (host, port), *others = egress.listen
    more = [{"address": _socket(*other)} for other in others]
    passing = [_chain(name, _by_name(name)) for name in (NAMED, ANYWHERE)]
    used = {NAMED: bool(egress.names), ANYWHERE: egress.anywhere}
    return {
        "name": "egress",
        "address": _socket(host, port),
        **({"additional_addresses": more} if more else {}),
        "per_connection_buffer_limit_bytes": BUFFER_BYTES,
        "listener_filters_timeout": seconds(FIRST_BYTES_S),
        "listener_filters": [
            extension(f"envoy.filters.listener.{name}", f"filters.listener.{name}.v3.{message}")
            for name, message in (
                ("original_dst", "OriginalDst"),
                ("tls_inspector", "TlsInspector"),
                ("http_inspector", "HttpInspector"),
            )
        ],
        "filter_chain_matcher": _which(egress),
        "filter_chains": [
            *(_chain(reason, _refuse(reason)) for reason in REASONS),
            *(chain for chain in passing if used[chain["name"]]),
            _chain(HTTP, [_http(options, egress)]),
        ],
        "access_log": [local_log(options, EGRESS_FIELDS)],
    }


def egress_clusters(options: EnvoyOptions, egress: Egress) -> list[Json]:
    used = {NAMED: bool(egress.names), ANYWHERE: egress.anywhere}
    return [
        {
            "name": name,
            "lb_policy": "CLUSTER_PROVIDED",
            "connect_timeout": seconds(options.connect_timeout_s),
            "per_connection_buffer_limit_bytes": BUFFER_BYTES,
            "cluster_type": extension(
                "envoy.clusters.dynamic_forward_proxy",
                "clusters.dynamic_forward_proxy.v3.ClusterConfig",
                dns_cache_config=_names(name),
            ),
        }
        for name in (NAMED, ANYWHERE)
        if used[name]
    ]


def egress_runtime() -> Json:
    """Envoy takes larger expressions than its default of 100: theirs come from us, and are matched in linear time."""
    sizes = {f"re2.max_program_size.{level}": MAX_EXPRESSION for level in ("error_level", "warn_level")}
    return {"layers": [{"name": "egress", "static_layer": sizes}]}


def egress_tags() -> list[Json]:
    """The reason becomes a label, so that one sum shows all refusals."""
    return [
        {"tag_name": "firebreak_reason", "regex": r"^egress\.((\w+)\.)rbac\."},
        {"tag_name": "firebreak_reason", "regex": r"^http\.egress\.rbac\.((\w+)\.)"},
    ]


def _which(egress: Egress) -> Json:
    """The chain for a connection. The first predicate that holds decides."""
    choices = [_sni(either(egress.llm_hosts), LLM_HOST)]
    if egress.names:
        choices.append(_sni(either(egress.names), NAMED))
    choices.append(_sni(NAME, ANYWHERE if egress.anywhere else NOT_ALLOWED))
    by_name = {"matcher": _first(choices, NO_NAME)}
    tls = {"predicate": _reads("TransportProtocolInput", {"exact": "tls"}), "on_match": by_name}
    http = {"predicate": _reads("ApplicationProtocolInput", _regex(_HTTP1)), "on_match": _to(HTTP)}
    return _first([tls, http], UNREADABLE)


def _first(choices: list[Json], otherwise: str) -> Json:
    return {"matcher_list": {"matchers": choices}, "on_no_match": _to(otherwise)}


def _sni(expression: str, chain: str) -> Json:
    """Envoy gives the name in lower case, and matches the whole of it."""
    return {"predicate": _reads("ServerNameInput", _regex(expression)), "on_match": _to(chain)}


def _reads(what: str, match: Json) -> Json:
    read = extension(what, f"matching.common_inputs.network.v3.{what}")
    return {"single_predicate": {"input": read, "value_match": match}}


def _regex(expression: str) -> Json:
    return {"safe_regex": {"google_re2": {}, "regex": expression}}


def _to(chain: str) -> Json:
    name = {"@type": "type.googleapis.com/google.protobuf.StringValue", "value": chain}
    return {"action": {"name": chain, "typed_config": name}}


def _chain(name: str, filters: list[Json]) -> Json:
    return {"name": name, "filters": filters}


def _refuse(reason: str) -> list[Json]:
    """Rules without a policy let nothing pass: the first byte that is read ends the connection.

    A chain must end in a filter that keeps what it gets; this one has no way to anywhere.
    """
    return [
        extension(
            "envoy.filters.network.rbac",
            "filters.network.rbac.v3.RBAC",
            stat_prefix=f"egress.{reason}.",
            rules={"action": "ALLOW"},
        ),
        extension("envoy.filters.network.echo", "filters.network.echo.v3.Echo"),
    ]


def _by_name(cluster: str) -> list[Json]:
    """To the name's address, at the port that the client wanted, which the redirection keeps as the local one."""
    port = {
        "object_key": "envoy.upstream.dynamic_port",
        "format_string": {"text_format_source": {"inline_string": "%DOWNSTREAM_LOCAL_PORT%"}},
    }
    return [
        extension(
            "envoy.filters.network.set_filter_state",
            "filters.network.set_filter_state.v3.Config",
            on_new_connection=[port],
        ),
        extension(
            "envoy.filters.network.sni_dynamic_forward_proxy",
            "filters.network.sni_dynamic_forward_proxy.v3.FilterConfig",
            port_value=443,
            dns_cache_config=_names(cluster),
        ),
        extension(
            "envoy.filters.network.tcp_proxy",
            "filters.network.tcp_proxy.v3.TcpProxy",
            stat_prefix=cluster,
            cluster=cluster,
        ),
    ]


def _names(cluster: str) -> Json:
    """Full names only: the search list of a pod would turn one name into others."""
    return {
        "name": cluster,
        "dns_lookup_family": "V4_PREFERRED",
        "max_hosts": MAX_NAMES_CACHED,
        "resolved_address_filter": {"ranges": _ranges(FORBIDDEN if cluster == NAMED else NOT_PUBLIC)},
        "typed_dns_resolver_config": extension(
            "envoy.network.dns_resolver.cares",
            "network.dns_resolver.cares.v3.CaresDnsResolverConfig",
            dns_resolver_options={"no_default_search_domain": True},
        ),
    }


def _ranges(networks: tuple[Network, ...]) -> list[Json]:
    return [{"address_prefix": str(net.network_address), "prefix_len": net.prefixlen} for net in networks]


def _http(options: EnvoyOptions, egress: Egress) -> Json:
    return extension(
        "envoy.filters.network.http_connection_manager",
        "filters.network.http_connection_manager.v3.HttpConnectionManager",
        stat_prefix="egress",
        codec_type="HTTP1",
        strip_matching_host_port=True,
        server_header_transformation="PASS_THROUGH",
        generate_request_id=False,
        use_remote_address=True,
        skip_xff_append=True,
        stream_idle_timeout=seconds(options.stream_idle_timeout_s),
        request_headers_timeout="10s",
        common_http_protocol_options={"idle_timeout": "300s"},
        local_reply_config={"body_format": _refusal()},
        access_log=[local_log(options, EGRESS_HTTP_FIELDS)],
        http_filters=_http_filters(egress),
        route_config=_routes(egress),
    )


def _http_filters(egress: Egress) -> list[Json]:
    """Each of the first refuses for one reason; what is left was written down, and the next finds its address."""
    found = extension(
        "envoy.filters.http.dynamic_forward_proxy",
        "filters.http.dynamic_forward_proxy.v3.FilterConfig",
        dns_cache_config=_names(NAMED),
    )
    return [
        _refuse_request(NO_NAME, {"not_rule": _host(NAME)}),
        _refuse_request(LLM_HOST, _host(either(egress.llm_hosts))),
        _refuse_request(NOT_ALLOWED, {"not_rule": _host(either(egress.names))} if egress.names else {"any": True}),
        *([found] if egress.names else ()),
        extension("envoy.filters.http.router", "filters.http.router.v3.Router", suppress_envoy_headers=True),
    ]


def _host(expression: str) -> Json:
    return {"header": {"name": ":authority", "string_match": {"safe_regex": {"regex": f"(?i:{expression})"}}}}


def _refuse_request(reason: str, permission: Json) -> Json:
    """The policy's name is what the log gives as the reason."""
    return extension(
        f"firebreak.egress.{reason}",
        "filters.http.rbac.v3.RBAC",
        rules={"action": "DENY", "policies": {reason: {"permissions": [permission], "principals": [{"any": True}]}}},
        rules_stat_prefix=f"{reason}.",
    )


def _refusal() -> Json:
    words = "the egress lock lets nothing pass to this host: %RESPONSE_CODE_DETAILS%\n"
    return {"text_format_source": {"inline_string": words}, "content_type": "text/plain; charset=utf-8"}


def _routes(egress: Egress) -> Json:
    way = {"cluster": NAMED, "timeout": "0s"} if egress.names else None
    leads = {"route": way} if way else {"direct_response": {"status": 403}}
    routes = [{"name": HTTP, "match": {"prefix": "/"}, **leads}]
    return {"name": "egress", "virtual_hosts": [{"name": "egress", "domains": ["*"], "routes": routes}]}


def _socket(host: str, port: int) -> Json:
    return {"socket_address": {"address": host, "port_value": port}}
