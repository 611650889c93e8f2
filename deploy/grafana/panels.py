"""The few kinds of panel that the dashboards are made of, and what both dashboards share."""

from dataclasses import dataclass

from grafana_foundation_sdk.builders import common, dashboard, prometheus, stat, table, timeseries
from grafana_foundation_sdk.models.common import (
    BigValueColorMode,
    BigValueGraphMode,
    LegendDisplayMode,
    LegendPlacement,
    StackingMode,
    TooltipDisplayMode,
    VizOrientation,
)
from grafana_foundation_sdk.models.dashboard import (
    DashboardCursorSync,
    DashboardLinkType,
    DataSourceRef,
    DataTransformerConfig,
    DynamicConfigValue,
    VariableOption,
    VariableRefresh,
)
from grafana_foundation_sdk.models.prometheus import PromQueryFormat

DATASOURCE = DataSourceRef(type_val="prometheus", uid="${datasource}")
REFUSING = 'decision=~"BLOCK|REDACT|REQUIRE_APPROVAL"'
TAG = "firebreak"
HEIGHT = 8


@dataclass(frozen=True, slots=True)
class Query:
    """A PromQL expression; `legend` names its lines, with labels as `{{label}}`."""

    expr: str
    legend: str = ""


def of(metric: str, *matchers: str) -> str:
    """The metric in the namespaces and pods that are chosen; everywhere where targets have no such labels."""
    chosen = ('namespace=~"$namespace"', 'pod=~"$pod"', *matchers)
    return f"{metric}{{{', '.join(chosen)}}}"


def rate(metric: str, *matchers: str, by: str = "") -> str:
    summed = f"sum by ({by}) " if by else "sum"
    return f"{summed}(rate({of(metric, *matchers)}[$__rate_interval]))"


def grown(metric: str, *matchers: str, by: str = "") -> str:
    """By how much a counter grew in the dashboard's time range."""
    summed = f"sum by ({by}) " if by else "sum"
    return f"{summed}(increase({of(metric, *matchers)}[$__range]))"


def quantile(share: float, metric: str, *matchers: str, by: str = "") -> str:
    labels = f"le, {by}" if by else "le"
    return f"histogram_quantile({share:g}, {rate(f'{metric}_bucket', *matchers, by=labels)})"


def lines(title: str, text: str, unit: str, *queries: Query, stacked: bool = False) -> timeseries.Panel:
    """Lines over time; stacked areas where the parts add up to a whole."""
    panel = (
        timeseries.Panel()
        .title(title)
        .description(text)
        .unit(unit)
        .min(0)
        .datasource(DATASOURCE)
        .height(HEIGHT)
        .span(8)
        .no_value("none")
        .fill_opacity(30 if stacked else 8)
        .legend(
            common.VizLegendOptions()
            .display_mode(LegendDisplayMode.LIST)
            .placement(LegendPlacement.BOTTOM)
            .show_legend(True)
        )
        .tooltip(common.VizTooltipOptions().mode(TooltipDisplayMode.MULTI))
    )
    if stacked:
        panel = panel.stacking(common.StackingConfig().mode(StackingMode.NORMAL))
    for number, query in enumerate(queries):
        panel = panel.with_target(_target(query, number).range())
    return panel


def number(title: str, text: str, unit: str, query: Query) -> stat.Panel:
    """One figure, as of the end of the time range."""
    return (
        stat.Panel()
        .title(title)
        .description(text)
        .unit(unit)
        .datasource(DATASOURCE)
        .height(4)
        .span(4)
        .no_value("none")
        .graph_mode(BigValueGraphMode.NONE)
        .color_mode(BigValueColorMode.NONE)
        .orientation(VizOrientation.AUTO)
        .reduce_options(common.ReduceDataOptions().calcs(["lastNotNull"]))
        .with_target(_target(query, 0).instant())
    )


def rows(title: str, text: str, unit: str, query: Query, value: str) -> table.Panel:
    """A table with a row for each series, the largest first; `value` heads the column of figures."""
    tidy = {"excludeByName": {"Time": True}, "renameByName": {"Value": value}}
    return (
        table.Panel()
        .title(title)
        .description(text)
        .datasource(DATASOURCE)
        .height(HEIGHT)
        .span(12)
        .no_value("none")
        .override_by_name(value, [DynamicConfigValue("unit", unit), DynamicConfigValue("decimals", 0)])
        .with_transformation(DataTransformerConfig("organize", options=tidy))
        .with_target(_target(query, 0).instant().format(PromQueryFormat.TABLE))
    )


def page(uid: str, title: str, text: str) -> dashboard.Dashboard:
    """An empty dashboard with the choices at the top and a link to the other one."""
    link = (
        dashboard.DashboardLink("Firebreak")
        .type(DashboardLinkType.DASHBOARDS)
        .tags([TAG])
        .include_vars(True)
        .keep_time(True)
    )
    return (
        dashboard.Dashboard(title)
        .uid(uid)
        .description(text)
        .tags([TAG])
        .readonly()
        .tooltip(DashboardCursorSync.CROSSHAIR)
        .time("now-1h", "now")
        .refresh("30s")
        .link(link)
        .with_variable(dashboard.DatasourceVariable("datasource").label("Data source").type("prometheus"))
        .with_variable(_labels("namespace", "Namespace", "firebreak_build_info"))
        .with_variable(_labels("pod", "Pod", 'firebreak_build_info{namespace=~"$namespace"}'))
    )


def _labels(name: str, title: str, metric: str) -> dashboard.QueryVariable:
    """A choice among a label's values. `All` is `.*`, which also holds where the label is missing."""
    return (
        dashboard.QueryVariable(name)
        .label(title)
        .datasource(DATASOURCE)
        .query(f"label_values({metric}, {name})")
        .refresh(VariableRefresh.ON_TIME_RANGE_CHANGED)
        .multi(True)
        .include_all(True)
        .all_value(".*")
        .current(VariableOption(True, "All", "$__all"))
    )


def _target(query: Query, number: int) -> prometheus.Dataquery:
    built = prometheus.Dataquery().expr(query.expr).ref_id(chr(ord("A") + number)).datasource(DATASOURCE)
    return built.legend_format(query.legend) if query.legend else built
