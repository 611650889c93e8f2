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
    Threshold,
    ThresholdsMode,
    VariableOption,
    VariableRefresh,
)
from grafana_foundation_sdk.models.prometheus import PromQueryFormat

DATASOURCE = DataSourceRef(type_val="prometheus", uid="${datasource}")
REFUSING = 'decision=~"BLOCK|REDACT|REQUIRE_APPROVAL"'
TAG = "firebreak"
HEIGHT = 8
FIGURE_PX = 90
REFUSALS = "firebreak-refusals"
"""The dashboard that lists refusals one by one."""

_KEPT = "${__url_time_range}&var-datasource=${datasource}"
TO_RULE = ("The refusals of this rule", f"/d/{REFUSALS}?{_KEPT}&var-rule=${{__field.labels.rule}}")
"""Title and address of the link from a line of a graph to what it counts."""

TO_RULE_OF_ROW = ("The refusals of this rule", f"/d/{REFUSALS}?{_KEPT}&var-rule=${{__value.text}}")

POD_NAME = "(.+?)(-[bcdfghjklmnpqrstvwxz2456789]{6,10})?-([bcdfghjklmnpqrstvwxz2456789]{5}|[0-9]+)"
"""How controllers name pods: the workload's name, a Deployment's hash, and five random signs or a number."""


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


def by_workload(metric: str, *matchers: str) -> str:
    """The rate by namespace and workload, whose name is taken from the pod's."""
    named = f'label_replace(rate({of(metric, *matchers)}[$__rate_interval]), "workload", "$1", "pod", "(.+)")'
    return f'sum by (namespace, workload) (label_replace({named}, "workload", "$1", "pod", "{POD_NAME}"))'


def lines(
    title: str, text: str, unit: str, *queries: Query, stacked: bool = False, link: tuple[str, str] = ("", "")
) -> timeseries.Panel:
    """Lines over time; stacked areas where the parts add up to a whole. `link` is of each line."""
    legend = common.VizLegendOptions().display_mode(LegendDisplayMode.LIST).show_legend(True)
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
        .legend(legend.placement(LegendPlacement.BOTTOM))
        .tooltip(common.VizTooltipOptions().mode(TooltipDisplayMode.MULTI))
    )
    if link[1]:
        panel = panel.data_links([dashboard.DashboardLink(link[0]).url(link[1])])
    if stacked:
        panel = panel.stacking(common.StackingConfig().mode(StackingMode.NORMAL))
    for number, query in enumerate(queries):
        panel = panel.with_target(_target(query, number).range())
    return panel


def many(panel: timeseries.Panel) -> timeseries.Panel:
    """For more lines than fit below the graph: half a row, and the names beside it."""
    legend = common.VizLegendOptions().display_mode(LegendDisplayMode.LIST).show_legend(True)
    return panel.span(12).legend(legend.placement(LegendPlacement.RIGHT))


def number(title: str, text: str, unit: str, query: Query, *, bad_from: float | None = None) -> stat.Panel:
    """One figure, as of the end of the time range; red from `bad_from` on."""
    panel = (
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
    if bad_from is None:
        return panel
    steps = [Threshold(value=None, color="green"), Threshold(value=bad_from, color="red")]
    limits = dashboard.ThresholdsConfig().mode(ThresholdsMode.ABSOLUTE).steps(steps)
    return panel.thresholds(limits).color_mode(BigValueColorMode.VALUE)


def rows(title: str, text: str, query: Query, columns: str, value: str) -> table.Panel:
    """A row for each series. `columns` are its labels in their order; `value` heads the column of figures."""
    places = {name: index for index, name in enumerate([*columns.split(), "Value"])}
    tidy = {"excludeByName": {"Time": True}, "indexByName": places, "renameByName": {"Value": value}}
    return (
        table.Panel()
        .title(title)
        .description(text)
        .datasource(DATASOURCE)
        .height(HEIGHT)
        .span(12)
        .no_value("none")
        .override_by_name(value, [*_whole_numbers(), width(FIGURE_PX)])
        .with_transformation(DataTransformerConfig("organize", options=tidy))
        .with_target(_target(query, 0).instant().format(PromQueryFormat.TABLE))
    )


def width(pixels: int) -> DynamicConfigValue:
    """A property of a table's column."""
    return DynamicConfigValue("custom.width", pixels)


def _whole_numbers() -> list[DynamicConfigValue]:
    return [DynamicConfigValue("unit", "none"), DynamicConfigValue("decimals", 0)]


def linked(title: str, url: str) -> list[DynamicConfigValue]:
    """Properties of a table's column whose cells lead to another page."""
    return [DynamicConfigValue("links", [{"title": title, "url": url, "targetBlank": False}])]


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
        .with_variable(labels("namespace", "Namespace", "firebreak_build_info"))
        .with_variable(labels("pod", "Pod", 'firebreak_build_info{namespace=~"$namespace"}'))
    )


def labels(name: str, title: str, metric: str) -> dashboard.QueryVariable:
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
