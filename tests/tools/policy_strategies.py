"""Policies and facts for the policy tests: a few names that collide often, so that rules meet subjects."""

import json
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from firebreak.model.decision import Decision
from firebreak.model.exchange import Caller
from firebreak.model.facts import Absence, Call, Facts
from firebreak.model.finding import Direction, Finding, FindingKind, Severity, Span, Surface
from firebreak.model.intent import UNKNOWN, Intent, IntentSource
from firebreak.policy.compile import load
from firebreak.policy.program import Program

CATEGORIES = ("translation", "coding", "weapons")
KNOWN_RULES = {
    "aws-access-key-id": FindingKind.SECRET,
    "email-address": FindingKind.PII,
    "ignore-previous": FindingKind.INJECTION,
}
DECISIONS = ("ALLOW", "WARN", "ALLOW_CONSTRAINED", "REDACT", "REQUIRE_APPROVAL", "BLOCK")
ORIGINS = ("system", "user", "assistant", "tool", "retrieval")
GLOBS = ("*", "a", "a*", "*b", "a*b", "b")
NAMES = ("", "a", "ab", "B", "axxb")


@dataclass(frozen=True)
class Case:
    """A policy as plain data, which a test can change before it compiles it."""

    document: dict[str, Any]

    def compile(self) -> Program:
        return load(json.dumps(self.document), "p.yaml", KNOWN_RULES)

    def with_rules(self, rules: list[dict[str, Any]]) -> "Case":
        return Case({**self.document, "rules": rules})

    @property
    def rules(self) -> list[dict[str, Any]]:
        return list(self.document["rules"])


def outcome(decision: Decision) -> tuple[Any, ...]:
    """All of a decision but what is in the order of the subjects: its rulings, and what is redacted."""
    return tuple(getattr(decision, name) for name in Decision.__slots__ if name not in ("rulings", "redact"))


def globs():
    return st.lists(st.sampled_from(GLOBS), min_size=1, max_size=2)


def finding_matches():
    by_rule = st.sampled_from(sorted(KNOWN_RULES)).map(lambda rule: {"rule": rule})
    by_kind = st.fixed_dictionaries({}, optional={"kind": st.sampled_from(list(FindingKind)).map(str)})
    rest = st.fixed_dictionaries(
        {},
        optional={
            "min_score": st.sampled_from([0.0, 0.5, 1.0]),
            "min_severity": st.sampled_from(["info", "low", "medium", "critical"]),
            "origin": st.sampled_from(ORIGINS),
        },
    )
    return st.builds(lambda first, second: {**first, **second}, by_rule | by_kind, rest)


def matches():
    conditions = {
        "callers": st.lists(
            st.dictionaries(st.sampled_from(["namespace", "pod", "user"]), st.sampled_from(GLOBS), min_size=1),
            min_size=1,
            max_size=2,
        ),
        "models": globs(),
        "providers": globs(),
        "tools": globs(),
    }
    findings = st.lists(finding_matches(), min_size=1, max_size=2)
    calls = st.lists(call_matches(), min_size=1, max_size=2)
    anywhere = st.fixed_dictionaries({}, optional={"findings": findings, "calls": calls, **conditions})
    surfaces = st.lists(st.sampled_from(list(Surface)).map(str), min_size=1, max_size=2)
    placed = st.fixed_dictionaries({"on": surfaces, "findings": findings}, optional=conditions)
    called = st.fixed_dictionaries({"on": surfaces.filter(lambda on: set(on) != {"tool_result"}), "calls": calls})
    return anywhere | placed | called


def call_matches():
    return st.dictionaries(st.sampled_from(["tool", "arguments"]), st.sampled_from(GLOBS), min_size=1)


@st.composite
def rules(draw, modes=("enforce", "enforce", "shadow")):
    rule: dict[str, Any] = {
        "id": "r",
        "decision": draw(st.sampled_from(DECISIONS)),
        "mode": draw(st.sampled_from(modes)),
    }
    form = draw(st.sampled_from(["categories", "match", "both"]))
    if form != "match":
        rule["match_categories"] = draw(st.lists(st.sampled_from(CATEGORIES), max_size=2))
    if form != "categories":
        rule["match"] = draw(matches())
        if form == "both" and set(rule["match"].get("on", ())) == {"tool_result"}:
            rule["match"].pop("on")
    elif draw(st.booleans()):
        rule["match"] = {
            "on": draw(st.lists(st.sampled_from(["request", "response", "tool_call"]), min_size=1, max_size=2))
        }
    rule["audit"] = draw(st.sampled_from(["standard", "enhanced", "critical"]))
    rule["alerts"] = draw(st.lists(st.sampled_from(["x", "y"]), max_size=2))
    rule["constraints"] = draw(st.lists(st.sampled_from(["c", "d"]), max_size=1))
    rule["requires_human"] = draw(st.booleans())
    if rule["decision"] == "ALLOW_CONSTRAINED" and set(rule.get("match", {}).get("on", ())) != {"response"}:
        rule |= draw(st.sampled_from([{}, {"enforce": {"forbid_stream": True}}, {"enforce": {"remove_tools": ["a*"]}}]))
    return rule


@st.composite
def policies(draw, modes=("enforce", "shadow"), rule_modes=("enforce", "enforce", "shadow")):
    found = draw(st.lists(rules(rule_modes), min_size=1, max_size=6))
    header: dict[str, Any] = {"name": "p", "version": "1", "mode": draw(st.sampled_from(modes))}
    defaults = draw(
        st.fixed_dictionaries(
            {}, optional={name: st.sampled_from(DECISIONS) for name in ("intent", "finding", "unavailable")}
        )
    )
    return Case(
        {
            "policy": header,
            "defaults": defaults,
            "categories": list(CATEGORIES),
            "rules": [{**rule, "id": f"r{index}"} for index, rule in enumerate(found)],
        }
    )


def intents():
    return st.builds(
        Intent,
        category=st.sampled_from([*CATEGORIES, UNKNOWN, "elsewhere"]),
        confidence=st.floats(0, 1),
        source=st.just(IntentSource.LOCAL),
        primary=st.booleans(),
        surface=st.sampled_from(list(Surface)),
    )


def findings():
    detector_rules = [*KNOWN_RULES.items(), ("other", FindingKind.OBFUSCATION), ("image", FindingKind.UNINSPECTED)]
    return st.builds(
        lambda named, severity, score, surface, origin, start: Finding(
            named[0], named[1], severity, score, surface, origin, 0, Span(start, start + 5)
        ),
        st.sampled_from(detector_rules),
        st.sampled_from(list(Severity)),
        st.sampled_from([0.0, 0.4, 0.5, 1.0]),
        st.sampled_from(list(Surface)),
        st.sampled_from(ORIGINS),
        st.integers(0, 3),
    )


def absences():
    return st.builds(Absence, st.sampled_from(["patterns", "intent"]), st.sampled_from(["crashed", "over_budget"]))


def calls():
    names = st.sampled_from(NAMES)
    return st.builds(lambda tool, rest: Call(tool, tool + rest), names, names)


def facts():
    names = st.sampled_from(NAMES)
    return st.builds(
        Facts,
        provider=names,
        surface=st.just("openai.chat"),
        model=names,
        stream=st.booleans(),
        caller=st.builds(Caller, pod=names, namespace=names, user=names),
        tools=st.lists(names, max_size=2).map(tuple),
        intents=st.lists(intents(), max_size=2).map(tuple),
        findings=st.lists(findings(), max_size=4).map(tuple),
        unavailable=st.lists(absences(), max_size=1).map(tuple),
        calls=st.lists(calls(), max_size=2).map(tuple),
        direction=st.sampled_from(list(Direction)),
    )
