"""What a well-formed policy may still have wrong: names that nothing declares, rules that judge nothing.

Errors keep a policy from loading. Warnings mark what loads and is probably not meant.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from firebreak.model.finding import FindingKind
from firebreak.model.intent import UNKNOWN
from firebreak.policy.dates import instant
from firebreak.policy.diagnostic import MAX_DIAGNOSTICS, Diagnostic, Level, did_you_mean, shown
from firebreak.policy.program import RESERVED_IDS, UNREADABLE
from firebreak.policy.schema import CaseForm, EnforceForm, FindingForm, MatchForm, PolicyForm, RuleForm
from firebreak.policy.strict_yaml import Node, nearest

MIN_CANARY = 8
_LOCAL_HOSTS = ("localhost", "127.0.0.1", "::1")
_NO_APPROVALS = "`REQUIRE_APPROVAL`: this version has no approvals, so the request is refused"
_NO_SPAN = "`REDACT`: only what a finding spans can be redacted, so anything else that this judges is refused"


@dataclass(frozen=True, slots=True)
class Draft:
    """A form on its way to a program, with what is needed to say where something is wrong."""

    form: PolicyForm
    root: Node
    file: str
    known_rules: Mapping[str, FindingKind]

    def say(self, level: Level, code: str, place: tuple[str | int, ...], problem: str, mend: str = "") -> Diagnostic:
        return Diagnostic(self.file, nearest(self.root, place).line, code, level, problem, mend)

    def error(self, code: str, place: tuple[str | int, ...], problem: str, mend: str = "") -> Diagnostic:
        return self.say(Level.ERROR, code, place, problem, mend)

    def warn(self, code: str, place: tuple[str | int, ...], problem: str, mend: str = "") -> Diagnostic:
        return self.say(Level.WARNING, code, place, problem, mend)


def vocabulary(form: PolicyForm) -> tuple[str, ...]:
    """Names of the categories. A policy without a list of them has those that its rules name."""
    if form.categories is not None:
        return tuple(category.name for category in form.categories)
    return tuple(dict.fromkeys(name for rule in form.rules for name in rule.match_categories or ()))


def check(draft: Draft) -> list[Diagnostic]:
    """Every problem that concerns more than one field, in the order of the checks; each tells a bounded number."""
    checks: tuple[Callable[[Draft], Iterator[Diagnostic]], ...] = (
        _header,
        _categories,
        _ids,
        _rules,
        _findings,
        _enforced,
        _canaries,
        _trust,
        _judge,
        _currency,
        _tests,
    )
    return [diagnostic for one in checks for diagnostic in _until_enough(one(draft))]


def _until_enough(found: Iterator[Diagnostic]) -> Iterator[Diagnostic]:
    """Stops after enough errors, never after warnings alone: behind those an error could hide."""
    errors = 0
    for diagnostic in found:
        yield diagnostic
        errors += diagnostic.severity is Level.ERROR
        if errors == MAX_DIAGNOSTICS:
            return


def check_dates(draft: Draft, now_s: float) -> Iterator[Diagnostic]:
    """What is wrong with the policy's dates at this time; it loads all the same."""
    header = draft.form.policy
    expires = instant(header.expires) if header.expires else None
    effective = instant(header.effective)
    if expires is not None and expires <= now_s:
        refused = "would be" if header.mode == "shadow" else "is"
        problem = f"the policy has expired, so every exchange {refused} refused"
        yield draft.warn("expired", ("policy", "expires"), problem, "agree on a new date")
    if effective is not None and effective > now_s:
        yield draft.warn("not-yet", ("policy", "effective"), "the policy is enforced before the date it names")


def _header(draft: Draft) -> Iterator[Diagnostic]:
    expires = draft.form.policy.expires
    if expires is not None and instant(expires) is None:
        mend = "write a day, `2027-02-28`, or a time with its zone, `2027-02-28T12:00:00Z`"
        yield draft.error("date", ("policy", "expires"), f"{shown(expires)} is not a date", mend)
    for name, word in draft.form.defaults:
        yield from _carried_out(draft, ("defaults", name), word, spans=name == "finding")
    if draft.form.defaults.unavailable not in ("BLOCK", "REDACT", "REQUIRE_APPROVAL"):
        problem = "a detector that fails lets the request pass uninspected"
        yield draft.warn("fails-open", ("defaults", "unavailable"), problem, "write BLOCK")


def _carried_out(draft: Draft, place: tuple[str | int, ...], word: str, *, spans: bool) -> Iterator[Diagnostic]:
    """`spans`: what is judged are findings and nothing else."""
    if word == "REQUIRE_APPROVAL":
        yield draft.warn("not-carried-out", place, _NO_APPROVALS, "write BLOCK to say so")
    if word == "REDACT" and not spans:
        yield draft.warn("not-carried-out", place, _NO_SPAN, "write BLOCK to say so")


def _categories(draft: Draft) -> Iterator[Diagnostic]:
    declared = vocabulary(draft.form)
    seen: set[str] = set()
    for index, name in enumerate(declared):
        place = ("categories", index)
        if name in seen:
            problem = f"the category {shown(name)} stands here a second time"
            yield draft.error("duplicate-category", place, problem, "delete it")
        seen.add(name)
        if name == UNKNOWN and draft.form.categories is not None:
            problem = f"{shown(UNKNOWN)} is the name for an ask that fits no category"
            yield draft.error("reserved", place, problem, "take another name")
    for index, rule in enumerate(draft.form.rules):
        for position, name in enumerate(rule.match_categories or ()):
            where = ("rules", index, "match_categories", position)
            if name == UNKNOWN:
                problem = f"a rule cannot name {shown(UNKNOWN)}: no category fits such an ask"
                yield draft.error("reserved", where, problem, "set `defaults: {intent: ...}`")
            elif name not in seen:
                mend = did_you_mean(name, seen, otherwise="add it to `categories`")
                yield draft.error("undeclared-category", where, f"the category {shown(name)} is not declared", mend)


def _ids(draft: Draft) -> Iterator[Diagnostic]:
    seen: dict[str, int] = {}
    for index, rule in enumerate(draft.form.rules):
        place = ("rules", index, "id")
        if rule.id in seen:
            first = nearest(draft.root, ("rules", seen[rule.id], "id")).line
            problem = f"the rule id {shown(rule.id)} is taken by the rule in line {first}"
            yield draft.error("duplicate-rule", place, problem, "take another id")
        if rule.id in RESERVED_IDS:
            yield draft.error("reserved", place, f"the id {shown(rule.id)} belongs to a default", "take another id")
        seen.setdefault(rule.id, index)


def _rules(draft: Draft) -> Iterator[Diagnostic]:
    for index, rule in enumerate(draft.form.rules):
        place = ("rules", index)
        if rule.match_categories is None and rule.match is None:
            mend = "add `match_categories`, or `match: {}` for every exchange"
            yield draft.error("names-nothing", place, f"the rule {shown(rule.id)} names nothing", mend)
        named = [word for word, names in _named(rule).items() if names is not None]
        yield from _carried_out(draft, (*place, "decision"), rule.decision, spans=named == ["findings"])
        if len(named) > 1:
            listed = " and ".join(f"`{word}`" for word in named)
            problem = f"the rule judges what {listed} name each on its own: none waits for another"
            yield draft.warn("names-both", (*place, "match"), problem, "write two rules")
        if rule.match is not None:
            yield from _match(draft, rule, rule.match, (*place, "match"))


def _named(rule: RuleForm) -> dict[str, object]:
    match = rule.match or MatchForm()
    return {"match_categories": rule.match_categories or None, "findings": match.findings, "calls": match.calls}


def _match(draft: Draft, rule: RuleForm, match: MatchForm, place: tuple[str | int, ...]) -> Iterator[Diagnostic]:
    named = rule.match_categories is not None or match.findings is not None or match.calls is not None
    if "request" not in match.on and not named:
        problem = "the exchange itself is judged in the request only, so the rule never fires there"
        mend = "add `match_categories`, `findings` or `calls`, or `request` to `on`"
        yield draft.error("never-fires", (*place, "on"), problem, mend)
    if rule.match_categories is not None and set(match.on) == {"tool_result"}:
        problem = "what a tool's result is about is judged in the request only"
        yield draft.error("never-fires", (*place, "on"), problem, "add `request`, `response` or `tool_call` to `on`")
    if match.calls is not None and set(match.on) == {"tool_result"}:
        yield draft.error("never-fires", (*place, "on"), "a tool's result holds no call", "add `tool_call` to `on`")
    for index, call in enumerate(match.calls or ()):
        if not call.model_fields_set:
            mend = "name a `tool`, or `arguments`"
            yield draft.error("empty", (*place, "calls", index), "the call asks for nothing", mend)
    for index, caller in enumerate(match.callers or ()):
        if not caller.model_fields_set:
            mend = "name a field, or delete `callers`"
            yield draft.error("empty", (*place, "callers", index), "the caller asks for nothing", mend)


def _trust(draft: Draft) -> Iterator[Diagnostic]:
    for index, rule in enumerate(draft.form.rules):
        callers = rule.match.callers if rule.match else None
        claimed = any(caller.user or caller.session for caller in callers or ())
        if claimed and rule.decision in ("ALLOW", "WARN", "ALLOW_CONSTRAINED"):
            problem = "user and session come from the body, so any client can claim what this rule allows"
            place = ("rules", index, "match", "callers")
            yield draft.warn("claimed-caller", place, problem, "name a namespace or service account")


def _findings(draft: Draft) -> Iterator[Diagnostic]:
    for index, rule in enumerate(draft.form.rules):
        for position, wanted in enumerate((rule.match.findings if rule.match else None) or ()):
            place = ("rules", index, "match", "findings", position)
            yield from _finding(draft, wanted, place)


def _finding(draft: Draft, wanted: FindingForm, place: tuple[str | int, ...]) -> Iterator[Diagnostic]:
    if wanted.rule is None:
        return
    kind = draft.known_rules.get(wanted.rule)
    if kind is None:
        problem = f"no detector has the rule {shown(wanted.rule)}"
        mend = did_you_mean(wanted.rule, draft.known_rules, otherwise="match by `kind`")
        yield draft.error("unknown-detector-rule", (*place, "rule"), problem, mend)
    elif wanted.kind is not None and wanted.kind != kind:
        problem = f"the rule {shown(wanted.rule)} finds {kind}, not {wanted.kind}"
        yield draft.error("never-fires", (*place, "kind"), problem, f"write `kind: {kind}`, or leave it out")


def _enforced(draft: Draft) -> Iterator[Diagnostic]:
    for index, rule in enumerate(draft.form.rules):
        if rule.enforce is None:
            continue
        place = ("rules", index, "enforce")
        if rule.decision != "ALLOW_CONSTRAINED":
            problem = f"a rule that says {rule.decision} enforces nothing"
            yield draft.error("never-fires", place, problem, "write `decision: ALLOW_CONSTRAINED`")
        if rule.match is not None and set(rule.match.on) == {"response"}:
            problem = "only a request can be constrained, and the rule judges responses"
            yield draft.error("never-fires", place, problem, "add `request` to `on`, or delete `enforce`")
        if rule.enforce == EnforceForm():
            mend = "name what it enforces: `max_output_tokens`, `remove_tools`, `system_preamble`, ..."
            yield draft.error("empty", place, "`enforce` asks for nothing", mend)


def _canaries(draft: Draft) -> Iterator[Diagnostic]:
    for index, text in enumerate(draft.form.canaries):
        if sum(map(str.isalnum, text)) < MIN_CANARY:
            problem = f"the canary {shown(text)} has fewer than {MIN_CANARY} letters and digits, and only these count"
            yield draft.error("canary", ("canaries", index), problem, "take a longer one")


def _judge(draft: Draft) -> Iterator[Diagnostic]:
    judge = draft.form.judge
    if judge is None:
        return
    parts = urlsplit(judge.url)
    if parts.scheme == "http" and parts.hostname not in _LOCAL_HOSTS:
        problem = "the judge is sent the text of requests without encryption"
        yield draft.warn("plain-http", ("judge", "url"), problem, "use https")


def _currency(draft: Draft) -> Iterator[Diagnostic]:
    form = draft.form
    if not (form.currency.isascii() and form.currency.isalpha() and form.currency.isupper()):
        problem = f"{shown(form.currency)} is not the code of a currency"
        yield draft.error("currency", ("currency",), problem, "write three capital letters, `USD`")
    if "currency" in form.model_fields_set and not form.prices:
        yield draft.warn("no-prices", ("currency",), "a currency without `prices` says nothing", "add `prices`")


def _tests(draft: Draft) -> Iterator[Diagnostic]:
    names = {rule.id for rule in draft.form.rules} | set(RESERVED_IDS)
    intents = {*vocabulary(draft.form), UNKNOWN}
    found = {*FindingKind, *draft.known_rules}
    for index, case in enumerate(draft.form.tests):
        place = ("tests", index)
        yield from _test_input(draft, case, place)
        expect = case.expect
        where = (*place, "expect")
        if expect.rule is not None and expect.rule not in names and not expect.rule.startswith(UNREADABLE):
            problem = f"no rule has the id {shown(expect.rule)}"
            yield draft.error("unknown-rule", (*where, "rule"), problem, did_you_mean(expect.rule, names))
        if expect.intent is not None and expect.intent not in intents:
            problem = f"the category {shown(expect.intent)} is not declared"
            yield draft.error("undeclared-category", (*where, "intent"), problem, did_you_mean(expect.intent, intents))
        for position, name in enumerate(expect.findings or ()):
            if name not in found:
                problem = f"{shown(name)} is no kind of finding and no detector's rule"
                yield draft.error("unknown-finding", (*where, "findings", position), problem, did_you_mean(name, found))
    doubled = [name for name, count in Counter(case.name for case in draft.form.tests).items() if name and count > 1]
    for index, case in enumerate(draft.form.tests):
        if case.name in doubled:
            yield draft.warn("duplicate-test", ("tests", index), "another test has the same name")


def _test_input(draft: Draft, case: CaseForm, place: tuple[str | int, ...]) -> Iterator[Diagnostic]:
    given = (
        case.prompt is not None or case.tool_result is not None,
        case.messages is not None,
        case.response is not None or case.response_call is not None,
    )
    if sum(given) != 1:
        problem = "the test has nothing to judge" if not any(given) else "the test has two things to judge"
        mend = "give `messages`, or `prompt`, `tool_result` or both, or `response`, `response_call` or both"
        yield draft.error("test-input", place, problem, mend)
