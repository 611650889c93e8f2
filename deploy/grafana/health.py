"""The dashboard `Service health`: is it up, is it quick, does it write its records, and what Envoy sees of it."""

from deploy.grafana.panels import Query, lines, number, of, page, quantile, rate, rows, width
from grafana_foundation_sdk.builders.dashboard import Dashboard, Row

CHECK, STAGE, APPEND = (
    f"firebreak_{name}" for name in ("check_duration_seconds", "stage_duration_seconds", "audit_append_seconds")
)
ENGINE_TIME = "envoy_cluster_upstream_rq_time"
"""In milliseconds, as all of Envoy's times."""

TARGET = "namespace, pod, instance"
POD = "{{pod}} {{instance}}"
PROVIDERS, ENGINE = 'envoy_cluster_name=~"provider_.+"', 'envoy_cluster_name="engine"'
LLM, EXT_AUTHZ = 'envoy_http_conn_manager_prefix="llm"', 'envoy_ext_authz_prefix="firebreak"'
IN_FORCE = "namespace pod instance name version digest"
SLOW_S = "0.032"
"""The bound of the latency objective; a bucket's bound, as in deploy/prometheus/firebreak.rules.yaml."""


def health() -> Dashboard:
    board = page("firebreak-health", "Firebreak / Service health", "Whether the service and its Envoy do their work.")
    for part in (_state, _latency, _stages, _audit, _faults, _envoy_traffic, _envoy_providers, _envoy_state, _injector):
        board = part(board)
    return board


def _state(board: Dashboard) -> Dashboard:
    builds = f"count by (version, python) ({of('firebreak_build_info')} == 1)"
    running, in_force = of("firebreak_checks_in_flight"), of("firebreak_policy_info")
    ready = f"count by ({TARGET}) ({in_force} == 1)"
    quick = rate(f"{CHECK}_bucket", f'le="{SLOW_S}"')
    slow = f"1 - {quick} / {rate(f'{CHECK}_count')}"
    return (
        board.with_row(Row("State"))
        .with_panel(number("With a policy", "Services that have a policy in force.", "none", Query(f"count({ready})")))
        .with_panel(
            number(
                "Without a policy",
                "Services that run without a policy: they refuse everything.",
                "none",
                Query(f"count(sum by ({TARGET}) ({running}) unless {ready}) or vector(0)"),
                bad_from=1,
            )
        )
        .with_panel(
            number(
                "Policy refused",
                "Services whose newest policy does not load; the one before it stays in force.",
                "none",
                Query(f"sum({of('firebreak_policy_refused')})"),
                bad_from=1,
            )
        )
        .with_panel(number("Checks a second", "Requests decided on a second.", "reqps", Query(rate(f"{CHECK}_count"))))
        .with_panel(
            number(
                "Slow checks",
                "Share of the checks above 32 ms; 1 % is the objective.",
                "percentunit",
                Query(slow),
                bad_from=0.01,
            )
        )
        .with_panel(
            rows(
                "Builds",
                "Versions that run, the webhook's too, and in how many pods.",
                Query(builds),
                "version python",
                "Pods",
            )
            .span(4)
            .height(4)
            .override_by_name("version", [width(60)])
            .override_by_name("python", [width(60)])
            .override_by_name("Pods", [width(50)])
        )
    )


def _latency(board: Dashboard) -> Dashboard:
    return (
        board.with_row(Row("Latency and saturation"))
        .with_panel(
            lines(
                "Check, in the service and as Envoy sees it",
                "In the service: without the wire and the wait for the record. Envoy: from its question to the answer.",
                "s",
                Query(quantile(0.5, CHECK), "p50, service"),
                Query(quantile(0.99, CHECK), "p99, service"),
                Query(f"{quantile(0.5, ENGINE_TIME, ENGINE)} / 1000", "p50, Envoy"),
                Query(f"{quantile(0.99, ENGINE_TIME, ENGINE)} / 1000", "p99, Envoy"),
            )
        )
        .with_panel(
            lines(
                "Checks without an answer",
                "Checks that the service is working on, by pod.",
                "none",
                Query(f"sum by ({TARGET}) ({of('firebreak_checks_in_flight')})", POD),
            )
        )
        .with_panel(
            lines(
                "Envoy's questions",
                "Checks that Envoy waits for, and those among them that have no place in a connection yet.",
                "none",
                Query(f"sum({of('envoy_cluster_upstream_rq_active', ENGINE)})", "asked"),
                Query(f"sum({of('envoy_cluster_upstream_rq_pending_active', ENGINE)})", "waiting for a place"),
            )
        )
    )


def _stages(board: Dashboard) -> Dashboard:
    stage_p99, stage_sum = quantile(0.99, STAGE, by="stage"), rate(f"{STAGE}_sum", by="stage")
    return (
        board.with_panel(
            lines("Stages, p99", "99 of 100 checks spend less in the stage.", "s", Query(stage_p99, "{{stage}}"))
        )
        .with_panel(
            lines(
                "Stages, share of a second",
                "Seconds a second spent in each stage: 1 is a whole core.",
                "none",
                Query(stage_sum, "{{stage}}"),
                stacked=True,
            )
        )
        .with_panel(
            lines(
                "Checks by pod",
                "Requests decided on a second, by pod.",
                "reqps",
                Query(rate(f"{CHECK}_count", by=TARGET), POD),
                stacked=True,
            )
        )
    )


def _audit(board: Dashboard) -> Dashboard:
    head = f"max by ({TARGET}, worker) ({of('firebreak_audit_head_seq')})"
    return (
        board.with_row(Row("Audit log"))
        .with_panel(
            lines(
                "Append",
                "How long it takes until a record is durable; the answer waits for it.",
                "s",
                Query(quantile(0.5, APPEND), "p50"),
                Query(quantile(0.99, APPEND), "p99"),
            )
        )
        .with_panel(
            lines(
                "Records",
                "Records made durable a second, and those that could not be: their requests are refused.",
                "ops",
                Query(rate("firebreak_audit_entries_total"), "written"),
                Query(rate("firebreak_audit_failures_total"), "failed"),
            )
        )
        .with_panel(
            lines(
                "Head",
                "Number of the last durable entry; it never falls while the log is whole.",
                "none",
                Query(head, "{{pod}} {{instance}} worker {{worker}}"),
            )
        )
    )


def _faults(board: Dashboard) -> Dashboard:
    reloads = f"sum by (result) ({of('firebreak_policy_reload_total')})"
    policies = f"max by ({TARGET}, name, version, digest) ({of('firebreak_policy_info')} == 1)"
    return (
        board.with_row(Row("Policy and faults"))
        .with_panel(
            lines(
                "Policy reloads",
                "Policies loaded and refused since the services started.",
                "none",
                Query(reloads, "{{result}}"),
            )
        )
        .with_panel(
            lines(
                "Bugs",
                "Checks a second that ended in an error nobody foresaw, and were refused.",
                "ops",
                Query(rate("firebreak_bugs_total", by="error"), "{{error}}"),
            )
        )
        .with_panel(
            lines(
                "Detectors that could not answer",
                "Requests a second on which a detector, the classifier or the judge gave no answer.",
                "ops",
                Query(rate("firebreak_unavailable_total", by="part"), "{{part}}"),
            )
        )
        .with_panel(
            rows("Policy by pod", "Which policy is in force where.", Query(policies), IN_FORCE, "In force")
            .span(24)
            .height(6)
        )
    )


def _envoy_traffic(board: Dashboard) -> Dashboard:
    sent, classes = rate("envoy_cluster_upstream_rq_total", PROVIDERS), "envoy_response_code_class"
    verdicts = [Query(rate(f"envoy_http_ext_authz_{word}", EXT_AUTHZ), word) for word in ("ok", "denied", "error")]
    return (
        board.with_row(Row("Envoy: traffic (needs envoy_status_listen)"))
        .with_panel(
            lines(
                "Answers to the workload",
                "Requests a second at Envoy, by the class of the answer's status.",
                "reqps",
                Query(rate("envoy_http_downstream_rq_xx", LLM, by=classes), f"{{{{{classes}}}}}xx"),
                stacked=True,
            )
        )
        .with_panel(
            lines(
                "Checks, as Envoy counts them",
                "Requests a second that the service let pass, refused, or gave no verdict on (refused, too).",
                "reqps",
                *verdicts,
            )
        )
        .with_panel(
            lines(
                "Allowed and sent",
                "Requests a second that a check allowed, that went to providers, and whose answers are judged: "
                "never more sent than either of the others.",
                "reqps",
                Query(rate("envoy_http_ext_authz_ok", EXT_AUTHZ), "allowed"),
                Query(sent, "sent"),
                Query(rate("envoy_http_ext_proc_firebreak_streams_started"), "answers judged"),
            )
        )
    )


def _envoy_providers(board: Dashboard) -> Dashboard:
    classes = "envoy_response_code_class"
    return (
        board.with_panel(
            lines(
                "Answers of the providers",
                "Answers a second that came from a provider, by its cluster in Envoy and the class of the status.",
                "reqps",
                Query(
                    rate("envoy_cluster_external_upstream_rq_xx", PROVIDERS, by=f"envoy_cluster_name, {classes}"),
                    f"{{{{envoy_cluster_name}}}} {{{{{classes}}}}}xx",
                ),
                stacked=True,
            )
        )
        .with_panel(
            lines(
                "Time of the providers, p99",
                "From the request's end to the end of the provider's answer, in 99 of 100 requests.",
                "ms",
                Query(
                    quantile(0.99, "envoy_cluster_upstream_rq_time", PROVIDERS, by="envoy_cluster_name"),
                    "{{envoy_cluster_name}}",
                ),
            )
        )
        .with_panel(
            lines(
                "Requests in Envoy",
                "Requests of the workload that Envoy is working on.",
                "none",
                Query(f"sum by ({TARGET}) ({of('envoy_http_downstream_rq_active', LLM)})", POD),
            )
        )
    )


def _envoy_state(board: Dashboard) -> Dashboard:
    def each(name: str, *matchers: str) -> Query:
        return Query(f"sum by ({TARGET}) ({of(name, *matchers)})", POD)

    known, healthy = (each(f"envoy_cluster_membership_{word}", ENGINE).expr for word in ("total", "healthy"))
    return (
        board.with_row(Row("Envoy: state (needs envoy_status_listen)"))
        .with_panel(
            lines(
                "Workers that Envoy finds ill",
                "Workers of the service without a healthy answer to Envoy; with none healthy it refuses everything.",
                "none",
                Query(f"{known} - {healthy}", POD),
            ).axis_soft_max(1)
        )
        .with_panel(
            lines(
                "Memory of Envoy",
                "What Envoy holds of the machine's.",
                "bytes",
                each("envoy_server_memory_physical_size"),
            )
        )
        .with_panel(
            lines(
                "Pressure on Envoy's memory",
                "Memory as a part of envoy_memory_bytes; Envoy sheds load before 100 %.",
                "percent",
                each("envoy_overload_envoy_resource_monitors_fixed_heap_pressure"),
            )
        )
    )


def _injector(board: Dashboard) -> Dashboard:
    ends = of("firebreak_webhook_certificate_end_timestamp_seconds")
    took = "firebreak_injection_duration_seconds"
    return (
        board.with_row(Row("Injector (needs firebreak webhook)"))
        .with_panel(
            lines(
                "Pods",
                "Pods a second by what became of them, and requests that were no question about a pod.",
                "ops",
                Query(f"{rate('firebreak_injections_total', by='outcome, code')} > 0", "{{outcome}} {{code}}"),
                Query(rate("firebreak_webhook_faults_total", by="fault"), "fault {{fault}}"),
            )
        )
        .with_panel(
            lines(
                "Decision on a pod",
                "How long the webhook takes, without the wire.",
                "s",
                Query(quantile(0.5, took), "p50"),
                Query(quantile(0.99, took), "p99"),
            )
        )
        .with_panel(
            lines(
                "Certificate",
                "How long the webhook's certificate holds, by pod; without one the API server refuses to ask.",
                "s",
                Query(f"min by ({TARGET}) ({ends}) - time()", POD),
            )
        )
    )
