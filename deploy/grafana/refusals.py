"""The dashboard `Refusals`: one by one, each with its trace and the id of its record.

Metrics carry no ids. The lists are read from what Envoy and the service send to `otlp_endpoint`: the access log, which
Loki keeps, and the spans, which Tempo keeps.
"""

import json

from deploy.grafana.panels import (
    HEIGHT,
    REFUSALS,
    REFUSING,
    TAG,
    TO_RULE,
    Query,
    grown,
    labels,
    lines,
    linked,
    many,
    number,
    rate,
    width,
)
from grafana_foundation_sdk.builders import dashboard, loki, table, tempo
from grafana_foundation_sdk.builders.dashboard import Dashboard, Row
from grafana_foundation_sdk.models.dashboard import (
    DashboardLinkType,
    DataSourceRef,
    DataTransformerConfig,
    DynamicConfigValue,
)
from grafana_foundation_sdk.models.tempo import SearchTableType

TRACES = DataSourceRef(type_val="tempo", uid="${traces}")
LOGS = DataSourceRef(type_val="loki", uid="${logs}")
ENVOY_LOG = '{service_name="firebreak-envoy"}'
DECISIONS, UNREADABLE = "firebreak_decisions_total", "firebreak_unreadable_total"
CHOSEN = 'rule=~"$rule"'
NO_RECORD = "none"
MOST_ROWS = 200
LISTED = "Time record decision rule mode status path trace_id"
BY_ITSELF = "Time reason status details route path duration_ms trace_id"
WHOLE = "Time record rule status upstream check_us duration_ms trace_id"
"""Columns of the access log, in their order; everything else stays in the log."""

WIDTHS_PX = {"Time": 165, "record": 270, "trace_id": 270} | dict.fromkeys(
    ("decision", "mode", "status", "route", "check_us", "duration_ms"), 100
)
"""Of columns whose content is of one length; the others share the rest."""


def refusals() -> Dashboard:
    board = (
        dashboard.Dashboard("Firebreak / Refusals")
        .uid(REFUSALS)
        .description("Refusals one by one: the rule, the record and the trace. Needs otlp_endpoint, Loki and Tempo.")
        .tags([TAG])
        .readonly()
        .time("now-1h", "now")
        .refresh("30s")
        .link(
            dashboard.DashboardLink("Firebreak")
            .type(DashboardLinkType.DASHBOARDS)
            .tags([TAG])
            .include_vars(True)
            .keep_time(True)
        )
    )
    for part in (_choices, _figures, _lists, _one):
        board = part(board)
    return board


def _choices(board: Dashboard) -> Dashboard:
    return (
        board.with_variable(dashboard.DatasourceVariable("datasource").label("Metrics").type("prometheus"))
        .with_variable(dashboard.DatasourceVariable("logs").label("Logs").type("loki"))
        .with_variable(dashboard.DatasourceVariable("traces").label("Traces").type("tempo"))
        .with_variable(labels("namespace", "Namespace", DECISIONS))
        .with_variable(labels("pod", "Pod", f'{DECISIONS}{{namespace=~"$namespace"}}'))
        .with_variable(labels("rule", "Rule", f"{DECISIONS}{{{REFUSING}}}").multi(False))
        .with_variable(dashboard.TextBoxVariable("record").label("Record").default_value(NO_RECORD))
    )


def _figures(board: Dashboard) -> Dashboard:
    refused = grown(DECISIONS, 'direction="request"', REFUSING, CHOSEN)
    return (
        board.with_row(Row("How many"))
        .with_panel(
            number(
                "Refused or would be",
                "Requests that the chosen rule refused, or in shadow mode would have.",
                "short",
                Query(f"{refused} or vector(0)"),
            )
            .height(HEIGHT)
            .span(4)
        )
        .with_panel(
            many(
                lines(
                    "Refusals of the rule",
                    "Decisions a second that refuse, in shadow mode too, by rule and direction.",
                    "reqps",
                    Query(rate(DECISIONS, REFUSING, CHOSEN, by="rule, direction"), "{{rule}} ({{direction}})"),
                    stacked=True,
                    link=TO_RULE,
                )
            ).span(20)
        )
    )


def _lists(board: Dashboard) -> Dashboard:
    decided = f'| firebreak_{REFUSING} | firebreak_rule=~"${{rule}}"'
    by_itself = '| firebreak_decision="-" | http_response_status_code=~"[45].."'
    return (
        board.with_row(Row("One by one (needs otlp_endpoint and Loki)"))
        .with_panel(
            _exchanges(
                "Refusals",
                "Exchanges whose request the policy refused, or in shadow mode would have; the newest first.",
                f"{ENVOY_LOG} {decided}",
                LISTED,
            ).height(12)
        )
        .with_panel(
            _exchanges(
                "Refused by Envoy itself",
                "Exchanges that ended without a decision: too large, not well-formed, or no service that answered.",
                f"{ENVOY_LOG} {by_itself}",
                BY_ITSELF,
            )
        )
    )


def _one(board: Dashboard) -> Dashboard:
    return (
        board.with_row(Row("One record (choose it above, or by its id in the list)"))
        .with_panel(
            _exchanges(
                "The exchange in Envoy's log",
                "What Envoy logged of the exchange with this record.",
                f'{ENVOY_LOG} | firebreak_record="$record"',
                WHOLE,
            ).height(6)
        )
        .with_panel(_spans())
    )


def _exchanges(title: str, text: str, expr: str, columns: str) -> table.Panel:
    """Lines of Envoy's access log, a column for each field that is shown."""
    fields = columns.split()
    names = {"status": "http_response_status_code", "path": "url_path", "Time": "Time"}
    labelled = {names.get(field, f"firebreak_{field}"): field for field in fields}
    tidy = {
        "includeByName": dict.fromkeys(labelled, True),
        "indexByName": {label: index for index, label in enumerate(labelled)},
        "renameByName": labelled,
    }
    query = loki.Dataquery().expr(expr).ref_id("A").datasource(LOGS).query_type("range").max_lines(MOST_ROWS)
    panel = (
        table.Panel()
        .title(title)
        .description(text)
        .unit("string")
        .datasource(LOGS)
        .height(HEIGHT)
        .span(24)
        .no_value("none")
        .with_transformation(DataTransformerConfig("extractFields", options={"source": "labels", "keepTime": True}))
        .with_transformation(DataTransformerConfig("organize", options=tidy))
        .with_target(query)
    )
    special = {
        "Time": [DynamicConfigValue("unit", "dateTimeAsIso")],
        "record": linked("This record", _record()),
        "trace_id": linked("The trace", _explore()),
    }
    for field in fields:
        properties = special.get(field, []) + ([width(WIDTHS_PX[field])] if field in WIDTHS_PX else [])
        if properties:
            panel = panel.override_by_name(field, properties)
    return panel


def _spans() -> table.Panel:
    ours = 'resource.service.name = "firebreak" && span.firebreak.record = "$record"'
    shown = "span.firebreak.decision, span.firebreak.rule, span.firebreak.intents, span.firebreak.findings"
    query = (
        tempo.TempoQuery()
        .query(f"{{ {ours} }} | select({shown})")
        .query_type("traceql")
        .table_type(SearchTableType.SPANS)
        .limit(20)
        .ref_id("A")
        .datasource(TRACES)
    )
    return (
        table.Panel()
        .title("The check's span")
        .description("The span of the check with this record; its trace id leads to Envoy's spans and the stages.")
        .unit("string")
        .datasource(TRACES)
        .height(6)
        .span(24)
        .no_value("none")
        .with_target(query)
    )


def _record() -> str:
    kept = "&".join(f"var-{name}=${{{name}}}" for name in ("datasource", "logs", "traces"))
    return f"/d/{REFUSALS}?${{__url_time_range}}&{kept}&var-record=${{__value.text}}"


def _explore() -> str:
    """The trace in Grafana's Explore page."""
    query = {"refId": "A", "datasource": {"type": "tempo", "uid": "${traces}"}, "queryType": "traceql"}
    pane = {
        "datasource": "${traces}",
        "queries": [query | {"query": "${__value.text}"}],
        "range": {"from": "${__from}", "to": "${__to}"},
    }
    return f"/explore?schemaVersion=1&panes={json.dumps({'trace': pane}, separators=(',', ':'))}"
