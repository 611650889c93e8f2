"""Which rules can never judge anything because earlier ones always do first."""

from collections.abc import Iterable, Iterator, Sequence

from firebreak.model.finding import SIGNALS, Severity, Surface
from firebreak.policy.glob import Glob
from firebreak.policy.program import EVERYWHERE, CallerMatch, CallMatch, Conditions, FindingMatch, Rule


def never_fires(rules: Sequence[Rule]) -> Iterator[tuple[Rule, Rule | None]]:
    """Rules that cannot fire, each with one that stands in its way (none where it names nothing at all).

    Sound, not complete: a rule that is told of truly cannot fire; one whose conditions only together cover it is
    not found.
    """
    for position, rule in enumerate(rules):
        earlier = [other for other in rules[:position] if not other.shadow]
        if rule.categories == () and not rule.findings and not rule.calls:
            yield rule, None
            continue
        blockers = _blockers(rule, earlier)
        if blockers:
            yield rule, blockers[0]


def idle_categories(rules: Sequence[Rule]) -> Iterator[tuple[Rule, int, Rule]]:
    """Categories that a rule names in vain though it may fire by others: the rule, the position, who judges first."""
    idle = {rule.index for rule, _ in never_fires(rules)}
    judges: dict[str, list[Rule]] = {}
    for rule in rules:
        for position, name in enumerate(rule.categories or ()):
            earlier = judges.get(name, ())
            blocker = next((other for other in earlier if _hears(other, rule, name) and _covers(other, rule)), None)
            if blocker is not None and rule.index not in idle:
                yield rule, position, blocker
        if not rule.shadow:
            for name in dict.fromkeys(rule.categories or ()):
                judges.setdefault(name, []).append(rule)


def _blockers(rule: Rule, earlier: Sequence[Rule]) -> list[Rule]:
    """Rules that between them judge everything this one names; empty if something is left for it."""
    found: list[Rule] = []
    wider = [other for other in earlier if _covers(other, rule)]
    if rule.names_exchange:
        return [other for other in wider if other.names_exchange][:1]
    for category in rule.categories or ():
        blocker = next((other for other in wider if _hears(other, rule, category)), None)
        if blocker is None:
            return []
        found.append(blocker)
    for wanted in rule.findings or ():
        blocker = next((other for other in wider if _finds(other, rule, wanted)), None)
        if blocker is None:
            return []
        found.append(blocker)
    for call in rule.calls or ():
        blocker = next((other for other in wider if _calls(other, rule, call)), None)
        if blocker is None:
            return []
        found.append(blocker)
    return found


def _covers(other: Rule, rule: Rule) -> bool:
    return _conditions_cover(other.conditions, rule.conditions)


def _hears(other: Rule, rule: Rule, category: str) -> bool:
    """Whether it judges the category wherever the rule does; a response holds all its tool calls."""
    mine = set(other.intents_on)
    mine |= {Surface.TOOL_CALL} if Surface.RESPONSE in mine else set()
    return category in (other.categories or ()) and set(rule.intents_on) - {Surface.TOOL_RESULT} <= mine


def _finds(other: Rule, rule: Rule, wanted: FindingMatch) -> bool:
    if not _surfaces_cover(other, rule.conditions.surfaces):
        return False
    return any(_finding_covers(mine, wanted) for mine in other.findings or ())


def _calls(other: Rule, rule: Rule, wanted: CallMatch) -> bool:
    places = [surface for surface in rule.conditions.surfaces if surface is not Surface.TOOL_RESULT]
    if not _surfaces_cover(other, places):
        return False
    return any(
        _glob_covers(mine.tool, wanted.tool) and _glob_covers(mine.arguments, wanted.arguments)
        for mine in other.calls or ()
    )


def _glob_covers(mine: Glob | None, theirs: Glob | None) -> bool:
    return mine is None or (theirs is not None and _within((mine,), theirs))


def _surfaces_cover(other: Rule, places: Iterable[Surface]) -> bool:
    """Tool calls and results are in both directions, so only both cover them."""
    mine = set(other.conditions.surfaces)
    return set(places) <= mine or mine.issuperset(EVERYWHERE)


def _finding_covers(mine: FindingMatch, theirs: FindingMatch) -> bool:
    signals = theirs.kind is None or theirs.kind in SIGNALS
    least = theirs.min_severity if signals else max(theirs.min_severity, Severity.LOW)
    return (
        mine.kind in (None, theirs.kind)
        and mine.rule in (None, theirs.rule)
        and mine.origin in (None, theirs.origin)
        and mine.min_score <= theirs.min_score
        and mine.min_severity <= least
    )


def _conditions_cover(mine: Conditions, theirs: Conditions) -> bool:
    """True where whatever satisfies theirs satisfies mine: each of mine is absent, or wider than each of theirs."""
    if mine.callers and not _callers_cover(mine.callers, theirs.callers):
        return False
    return all(
        not given or (wanted and all(_within(given, each) for each in wanted))
        for given, wanted in (
            (mine.models, theirs.models),
            (mine.providers, theirs.providers),
            (mine.tools, theirs.tools),
        )
    )


def _callers_cover(mine: Sequence[CallerMatch], theirs: Sequence[CallerMatch]) -> bool:
    return bool(theirs) and all(any(_caller_covers(one, each) for one in mine) for each in theirs)


def _caller_covers(mine: CallerMatch, theirs: CallerMatch) -> bool:
    wanted = dict(theirs.fields)
    return all(name in wanted and _within((glob,), wanted[name]) for name, glob in mine.fields)


def _within(wider: Sequence[Glob], narrower: Glob) -> bool:
    """Whether every name that the narrower fits is fitted by one of the wider.

    A pattern that matches the other as it is written takes in its `*` by one of its own, so whatever stands for it.
    """
    return any(glob.matches(narrower.pattern) for glob in wider)
