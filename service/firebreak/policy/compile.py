"""The text of a policy to a program, or to everything that is wrong with it."""

import hashlib
from collections.abc import Mapping

from firebreak.model.category import Category
from firebreak.model.decision import AuditLevel, Enforcement, Mode, Verdict
from firebreak.model.exchange import Caller
from firebreak.model.facts import Call
from firebreak.model.finding import FindingKind, Severity, Surface
from firebreak.model.judge import JudgeApi, JudgeConfig
from firebreak.model.record import PolicyRef
from firebreak.policy import complaints, schema, semantics, strict_yaml
from firebreak.policy.dates import instant
from firebreak.policy.diagnostic import BadDocument, Diagnostic, Level, refuse_errors, shown
from firebreak.policy.glob import Glob
from firebreak.policy.program import (
    DEFAULT_CALL,
    DEFAULT_EXCHANGE,
    DEFAULT_FINDING,
    DEFAULT_RESPONSE,
    DEFAULT_SIGNAL,
    DEFAULT_UNAVAILABLE,
    POLICY_EXPIRED,
    TRUST_SAFETY,
    UNKNOWN_INTENT,
    CallerMatch,
    CallMatch,
    Conditions,
    Defaults,
    Expectation,
    FindingMatch,
    PolicyTest,
    Price,
    Program,
    Rule,
)
from firebreak.policy.reach import idle_categories, never_fires
from firebreak.policy.schema import (
    CallForm,
    CaseCallForm,
    CaseForm,
    DefaultsForm,
    EnforceForm,
    FindingForm,
    JudgeForm,
    MatchForm,
    PolicyForm,
    PriceForm,
    RuleForm,
)
from firebreak.policy.semantics import Draft

__all__ = ["Program", "lint", "load"]


def load(text: str, file: str, known_rules: Mapping[str, FindingKind]) -> Program:
    """The program in the text. Raises `BadDocument`, which is a `BadConfig`, with every error in the file."""
    draft = _draft(text, file, known_rules)
    refuse_errors(semantics.check(draft))
    return _program(draft, text)


def lint(text: str, file: str, known_rules: Mapping[str, FindingKind], now_s: float) -> list[Diagnostic]:
    """Every error and warning in the text, in the order of its lines; no error means that it loads."""
    try:
        draft = _draft(text, file, known_rules)
    except BadDocument as error:
        return list(error.diagnostics)
    found = semantics.check(draft)
    found.extend(semantics.check_dates(draft, now_s))
    if all(diagnostic.severity is not Level.ERROR for diagnostic in found):
        found.extend(_unreachable(draft))
    return sorted(found)


def _draft(text: str, file: str, known_rules: Mapping[str, FindingKind]) -> Draft:
    root = strict_yaml.read(text, file)
    form = schema.read_form(strict_yaml.to_plain(root, schema.TEXT_PATHS))
    if not isinstance(form, PolicyForm):
        raise BadDocument(complaints.explain(form, root, file, schema.fields_at))
    return Draft(form, root, file, known_rules)


def _unreachable(draft: Draft) -> list[Diagnostic]:
    found, rules = [], _rules(draft.form)
    for rule, blocker in never_fires(rules):
        why = f"`{blocker.id}` always judges first" if blocker else "it names no category"
        mend = "delete it, or move it up" if blocker else "name one, or delete the rule"
        found.append(draft.warn("never-fires", ("rules", rule.index), f"the rule `{rule.id}` never fires: {why}", mend))
    for rule, position, blocker in idle_categories(rules):
        place = ("rules", rule.index, "match_categories", position)
        name = shown((rule.categories or ())[position])
        problem = f"`{blocker.id}` always judges {name} first, so naming it here does nothing"
        found.append(draft.warn("judged-before", place, problem, "delete it in one of the two rules"))
    return found


def _program(draft: Draft, text: str) -> Program:
    form, header = draft.form, draft.form.policy
    rules = _rules(form)
    by_finding = [rule for rule in rules if rule.findings is not None]
    return Program(
        ref=PolicyRef(header.name, header.version, hashlib.sha256(text.encode()).hexdigest()),
        mode=Mode(header.mode),
        rules=rules,
        defaults=_defaults(form.defaults, len(rules)),
        categories=_categories(form),
        judge=_judge(form.judge) if form.judge else None,
        tests=tuple(_test(case, index, draft) for index, case in enumerate(form.tests)),
        expires_s=instant(header.expires) if header.expires else None,
        by_category=_by_category(rules, {Surface.REQUEST}),
        in_answers=_by_category(rules, {Surface.RESPONSE, Surface.TOOL_CALL}),
        by_kind={kind: tuple(rule for rule in by_finding if _may_find(rule, kind)) for kind in FindingKind},
        for_calls=tuple(rule for rule in rules if rule.calls is not None),
        for_exchange=tuple(
            rule for rule in rules if rule.names_exchange and Surface.REQUEST in rule.conditions.surfaces
        ),
        effective=header.effective,
        signatories=header.signatories,
        canaries=tuple(form.canaries),
        allowed=frozenset(bytes.fromhex(one.sha256) for one in form.allowed_values),
        restore=form.redaction.restore,
        prices=tuple(_price(one) for one in form.prices),
        currency=form.currency if form.prices else "",
    )


def _by_category(rules: tuple[Rule, ...], places: set[Surface]) -> dict[str, tuple[Rule, ...]]:
    found: dict[str, list[Rule]] = {}
    for rule in rules:
        for name in dict.fromkeys(rule.categories or ()) if places.intersection(rule.intents_on) else ():
            found.setdefault(name, []).append(rule)
    return {name: tuple(judges) for name, judges in found.items()}


def _may_find(rule: Rule, kind: FindingKind) -> bool:
    return any(wanted.kind in (None, kind) for wanted in rule.findings or ())


def _categories(form: PolicyForm) -> tuple[Category, ...]:
    if form.categories is None:
        return tuple(Category(name) for name in semantics.vocabulary(form))
    return tuple(
        Category(one.name, one.description, tuple(one.examples), tuple(one.counterexamples)) for one in form.categories
    )


def _rules(form: PolicyForm) -> tuple[Rule, ...]:
    return tuple(_rule(rule, index) for index, rule in enumerate(form.rules))


def _rule(form: RuleForm, index: int) -> Rule:
    match = form.match or MatchForm()
    return Rule(
        index=index,
        id=form.id,
        verdict=Verdict[form.decision],
        description=form.description,
        audit=AuditLevel[form.audit.upper()],
        requires_human=form.requires_human,
        constraints=tuple(form.constraints),
        alerts=tuple(form.alerts),
        color=form.color,
        note=form.note,
        shadow=form.mode == "shadow",
        categories=None if form.match_categories is None else tuple(form.match_categories),
        intents_on=_intents_on(match),
        findings=None if match.findings is None else tuple(_finding(one) for one in match.findings),
        calls=None if match.calls is None else tuple(_call(one) for one in match.calls),
        conditions=_conditions(match),
        enforce=None if form.enforce is None else _enforcement(form.id, form.enforce),
    )


def _intents_on(match: MatchForm) -> tuple[Surface, ...]:
    """A rule that does not say where counts in requests: whoever allows an ask has not judged its answer."""
    said = "on" in match.model_fields_set
    return tuple(dict.fromkeys(Surface(word) for word in match.on)) if said else (Surface.REQUEST,)


def _enforcement(rule: str, form: EnforceForm) -> Enforcement:
    return Enforcement(
        rule=rule,
        max_output_tokens=form.max_output_tokens or 0,
        remove_tools=tuple(form.remove_tools or ()),
        system_preamble=form.system_preamble or "",
        forbid_stream=form.forbid_stream,
        models=tuple(form.models or ()),
    )


def _call(form: CallForm) -> CallMatch:
    tool, arguments = (None if one is None else Glob(one, fold=True) for one in (form.tool, form.arguments))
    return CallMatch(tool, arguments)


def _finding(form: FindingForm) -> FindingMatch:
    return FindingMatch(
        kind=FindingKind(form.kind) if form.kind else None,
        rule=form.rule,
        min_score=form.min_score,
        min_severity=_least(form),
        origin=form.origin,
    )


def _least(form: FindingForm) -> Severity:
    if form.min_severity is not None:
        return Severity[form.min_severity.upper()]
    return Severity.LOW if form.kind is None and form.rule is None else Severity.INFO


def _conditions(form: MatchForm) -> Conditions:
    callers = [
        CallerMatch(tuple((name, Glob(pattern)) for name, pattern in caller if pattern is not None))
        for caller in form.callers or ()
    ]
    return Conditions(
        surfaces=tuple(dict.fromkeys(Surface(word) for word in form.on)),
        callers=tuple(callers),
        models=tuple(Glob(pattern, fold=True) for pattern in form.models or ()),
        providers=tuple(Glob(pattern, fold=True) for pattern in form.providers or ()),
        tools=tuple(Glob(pattern, fold=True) for pattern in form.tools or ()),
    )


def _defaults(form: DefaultsForm, count: int) -> Defaults:
    """Default rules come after all rules of the file, so that theirs is the last word and not the first."""
    intent = _default(count, UNKNOWN_INTENT, form.intent, "No matching rule for intent category")
    finding = _default(count + 1, DEFAULT_FINDING, form.finding, "No matching rule for this finding")
    unavailable = _default(count + 2, DEFAULT_UNAVAILABLE, form.unavailable, "A check could not be carried out")
    exchange = _default(count + 3, DEFAULT_EXCHANGE, "ALLOW", "No rule judges the exchange itself")
    call = _default(count + 4, DEFAULT_CALL, "ALLOW", "No rule names this tool call")
    response = _default(count + 5, DEFAULT_RESPONSE, "ALLOW", "Nothing in the response is judged by a rule")
    signal = _default(count + 6, DEFAULT_SIGNAL, "ALLOW", "No rule names this signal")
    expired = _default(count + 7, POLICY_EXPIRED, "BLOCK", "The policy has expired")
    return Defaults(intent, finding, unavailable, exchange, call, response, signal, expired)


def _default(index: int, rule_id: str, word: str, description: str) -> Rule:
    verdict = Verdict[word]
    if verdict.refuses:
        return Rule(
            index, rule_id, verdict, description, audit=AuditLevel.CRITICAL, alerts=(TRUST_SAFETY,), color="red"
        )
    return Rule(index, rule_id, verdict, description, color="green" if verdict is Verdict.ALLOW else "yellow")


def _judge(form: JudgeForm) -> JudgeConfig:
    return JudgeConfig(**{**form.model_dump(), "api": JudgeApi(form.api)})


def _price(form: PriceForm) -> Price:
    models = tuple(Glob(pattern, fold=True) for pattern in form.models)
    return Price(models, form.input, form.output, form.input if form.cached is None else form.cached)


def _test(form: CaseForm, index: int, draft: Draft) -> PolicyTest:
    expect = form.expect
    if form.messages is not None:
        messages = tuple((message.role, message.content) for message in form.messages)
    else:
        messages = (("user", form.prompt),) if form.prompt is not None else ()
    return PolicyTest(
        name=form.name or f"test {index + 1}",
        line=strict_yaml.nearest(draft.root, ("tests", index)).line,
        expect=Expectation(
            Verdict[expect.decision],
            expect.rule,
            expect.intent,
            None if expect.findings is None else tuple(expect.findings),
        ),
        messages=messages,
        tool_result=form.tool_result or "",
        caller=Caller(**form.caller.model_dump()) if form.caller else Caller(),
        model=form.model,
        tools=tuple(form.tools),
        response=form.response or "",
        response_call=_called(form.response_call) if form.response_call else None,
    )


def _called(form: CaseCallForm) -> Call:
    """With the text that a codec makes of a call."""
    return Call(form.tool, f"{form.tool}\n{form.arguments}")
