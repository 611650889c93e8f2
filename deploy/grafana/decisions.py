"""The dashboard `Decisions`: what was decided, by which rule, and on what."""

from deploy.grafana.panels import (
    REFUSING,
    TO_RULE,
    TO_RULE_OF_ROW,
    Query,
    by_workload,
    grown,
    lines,
    linked,
    many,
    number,
    of,
    page,
    rate,
    rows,
)
from grafana_foundation_sdk.builders.dashboard import Dashboard, Row

ENFORCED, SHADOW = 'mode="enforce"', 'mode="shadow"'
REQUEST, RESPONSE = 'direction="request"', 'direction="response"'
"""An exchange has a decision on each; no panel adds the two."""

DECISIONS = "firebreak_decisions_total"
TALL = 10
"""For every rule of a policy."""


def decisions() -> Dashboard:
    board = page("firebreak-decisions", "Firebreak / Decisions", "What the policy decided, by which rule, and on what.")
    for part in (_overview, _verdicts, _rules, _refusals, _whose, _content, _answers, _usage, _tables):
        board = part(board)
    return board


def _overview(board: Dashboard) -> Dashboard:
    refused, all_enforced = grown(DECISIONS, REQUEST, REFUSING, ENFORCED), grown(DECISIONS, REQUEST, ENFORCED)
    would_be = grown(DECISIONS, REQUEST, REFUSING, SHADOW)
    return (
        board.with_row(Row("In the time range"))
        .with_panel(number("Decisions", "Requests that were decided on.", "short", Query(grown(DECISIONS, REQUEST))))
        .with_panel(number("Refused", "Requests that the policy refused.", "short", Query(f"{refused} or vector(0)")))
        .with_panel(
            number(
                "Share refused",
                "Refused requests among all that the policy was enforced on.",
                "percentunit",
                Query(f"({refused} or vector(0)) / {all_enforced}"),
            )
        )
        .with_panel(
            number(
                "Would be refused",
                "Requests that passed only because the policy is in shadow mode.",
                "short",
                Query(f"{would_be} or vector(0)"),
            )
        )
        .with_panel(
            number(
                "Unreadable",
                "Requests and answers that could not be read in one way only.",
                "short",
                Query(f"{grown('firebreak_unreadable_total')} or vector(0)"),
            )
        )
        .with_panel(
            number(
                "Alerts raised",
                "Alerts that rules of the policy raised, over all targets.",
                "short",
                Query(f"{grown('firebreak_alerts_total')} or vector(0)"),
            )
        )
    )


def _verdicts(board: Dashboard) -> Dashboard:
    return (
        board.with_row(Row("Decisions"))
        .with_panel(
            lines(
                "By verdict",
                "Decisions a second, by verdict.",
                "reqps",
                Query(rate(DECISIONS, REQUEST, by="decision"), "{{decision}}"),
                stacked=True,
            )
        )
        .with_panel(
            lines(
                "Enforced and in shadow",
                "Decisions a second by the policy's mode, and how many of them refuse or would refuse.",
                "reqps",
                Query(rate(DECISIONS, REQUEST, by="mode"), "{{mode}}"),
                Query(rate(DECISIONS, REQUEST, REFUSING, by="mode"), "{{mode}}, refusing"),
            )
        )
        .with_panel(
            lines(
                "Alerts by target",
                "Alerts a second that rules raised, by whom they are for.",
                "reqps",
                Query(rate("firebreak_alerts_total", by="target"), "{{target}}"),
            )
        )
    )


def _rules(board: Dashboard) -> Dashboard:
    by_rule = f"sort_desc({grown(DECISIONS, REQUEST, by='rule, decision, mode')} > 0)"
    counts = rows(
        "Rules", "How often each rule decided in the range.", Query(by_rule), "rule decision mode", "Decisions"
    )
    return board.with_panel(
        many(
            lines(
                "By rule",
                "Decisions a second, by the rule that decided.",
                "reqps",
                Query(rate(DECISIONS, REQUEST, by="rule"), "{{rule}}"),
                stacked=True,
                link=TO_RULE,
            )
        ).height(TALL)
    ).with_panel(counts.override_by_name("rule", linked(*TO_RULE_OF_ROW)).height(TALL))


def _refusals(board: Dashboard) -> Dashboard:
    refusals = rate(DECISIONS, REQUEST, REFUSING, ENFORCED, by="rule")
    return (
        board.with_row(Row("Refusals"))
        .with_panel(
            many(
                lines(
                    "Refusals by rule",
                    "Requests refused a second, by the rule that refused.",
                    "reqps",
                    Query(refusals, "{{rule}}"),
                    stacked=True,
                    link=TO_RULE,
                )
            )
        )
        .with_panel(
            many(
                lines(
                    "Would be refused, by rule",
                    "Requests a second that a policy in shadow mode would have refused, by rule.",
                    "reqps",
                    Query(rate(DECISIONS, REQUEST, REFUSING, SHADOW, by="rule"), "{{rule}}"),
                    stacked=True,
                    link=TO_RULE,
                )
            )
        )
    )


def _whose(board: Dashboard) -> Dashboard:
    refusals = (DECISIONS, REQUEST, REFUSING, ENFORCED)
    return (
        board.with_panel(
            lines(
                "Refusals by workload",
                "Requests refused a second, by namespace and workload; the workload is the pod's name without its end.",
                "reqps",
                Query(by_workload(*refusals), "{{namespace}} {{workload}}"),
                stacked=True,
            )
        )
        .with_panel(
            lines(
                "Refusals by provider",
                "Requests refused a second, by the provider they were meant for.",
                "reqps",
                Query(rate(*refusals, by="provider"), "{{provider}}"),
                stacked=True,
            )
        )
        .with_panel(
            lines(
                "Unreadable, by reason",
                "Requests and answers a second that could not be read, by the reason.",
                "reqps",
                Query(rate("firebreak_unreadable_total", by="reason"), "{{reason}}"),
                stacked=True,
            )
        )
    )


def _content(board: Dashboard) -> Dashboard:
    return (
        board.with_row(Row("What is asked, and what is in it"))
        .with_panel(
            many(
                lines(
                    "Intents",
                    "Requests a second, by the policy's category of what they ask for.",
                    "reqps",
                    Query(rate("firebreak_intent_total", by="category"), "{{category}}"),
                    stacked=True,
                )
            )
        )
        .with_panel(
            many(
                lines(
                    "Findings by kind",
                    "Findings a second in requests and answers, by kind.",
                    "ops",
                    Query(rate("firebreak_findings_total", by="kind"), "{{kind}}"),
                    stacked=True,
                )
            )
        )
    )


def _answers(board: Dashboard) -> Dashboard:
    return (
        board.with_row(Row("What is answered"))
        .with_panel(
            lines(
                "Answers by verdict",
                "Decisions a second on what providers answered, by verdict.",
                "reqps",
                Query(rate(DECISIONS, RESPONSE, by="decision"), "{{decision}}"),
                stacked=True,
            )
        )
        .with_panel(
            lines(
                "How answers ended",
                "Answers a second: complete, cut in the middle, refused as a whole, or aborted without a proper end.",
                "reqps",
                Query(rate("firebreak_stream_endings_total", by="ending"), "{{ending}}"),
                stacked=True,
            )
        )
        .with_panel(
            lines(
                "Answers refused, by rule",
                "Answers a second that were cut or changed, or would have been in shadow mode, by the rule.",
                "reqps",
                Query(rate(DECISIONS, RESPONSE, REFUSING, by="rule, mode"), "{{rule}} ({{mode}})"),
                stacked=True,
                link=TO_RULE,
            )
        )
    )


def _usage(board: Dashboard) -> Dashboard:
    return (
        board.with_panel(
            lines(
                "Tokens",
                "Tokens a second; cached ones are part of input, reasoning of output. Estimated: input and output of "
                "answers whose provider did not count all of them.",
                "short",
                Query(rate("firebreak_tokens_total", by="type"), "{{type}}"),
                Query(rate("firebreak_tokens_total", 'type=~"input|output"', 'estimated="true"'), "estimated"),
            )
        )
        .with_panel(
            lines(
                "Tokens by model",
                "Input and output tokens a second, by model; other: models beyond the hundred that a worker counts.",
                "short",
                Query(rate("firebreak_tokens_total", 'type=~"input|output"', by="model"), "{{model}}"),
                stacked=True,
            )
        )
        .with_panel(
            lines(
                "Cost by model",
                "What answers cost an hour, by the prices of the policy, in its currency, estimates included.",
                "short",
                Query(f"3600 * {rate('firebreak_cost_total', by='model, currency')}", "{{model}}, {{currency}}"),
                stacked=True,
            )
        )
    )


def _tables(board: Dashboard) -> Dashboard:
    by_rule = f"sort_desc({grown('firebreak_findings_total', by='kind, rule')} > 0)"
    in_force = f"count by (name, version, digest) ({of('firebreak_policy_info')} == 1)"
    return board.with_panel(
        rows(
            "Findings by rule", "How often each detector rule found something.", Query(by_rule), "rule kind", "Findings"
        )
    ).with_panel(
        rows(
            "Policies in force",
            "Each policy in force, and in how many pods.",
            Query(in_force),
            "name version digest",
            "Pods",
        )
    )
