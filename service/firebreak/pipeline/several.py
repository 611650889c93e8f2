"""A body that holds several requests: each is judged as if it had come alone, and the strictest verdict is that of all.

The laws:
1. A batch is never decided more loosely than any request in it would be: a model, a tool or an ask in one line hides
   behind no other.
2. What stands around the requests is judged with each of them, since it would be a rule's matter in each.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import TypeVar

from firebreak.model.conversation import Conversation
from firebreak.model.decision import Decision
from firebreak.model.facts import Facts
from firebreak.model.finding import Finding
from firebreak.model.intent import Intent
from firebreak.policy.program import Program

T = TypeVar("T")

MAX_JUDGED = 8
"""Requests of one batch for which a judge may be asked, one after the other: a check has a second."""


@dataclass(frozen=True, slots=True)
class Single:
    """One request with what stands around it. `rows` are the indices of its parts among all, in order."""

    conversation: Conversation
    rows: tuple[int, ...]

    def of(self, values: Sequence[T]) -> list[T]:
        """Its share of what there is one of for each part."""
        return [values[row] for row in self.rows]

    def findings(
        self, found: Sequence[Finding], by_part: dict[int, list[int]]
    ) -> tuple[tuple[int, ...], list[Finding]]:
        """Its share of all findings, with their indices. `by_part` are the indices by the part's."""
        picked = tuple(chain.from_iterable(by_part.get(row, ()) for row in self.rows))
        return picked, [found[index] for index in picked]


def singles(conversation: Conversation) -> Iterator[Single]:
    """The requests of a body, one where it holds no others."""
    parts = conversation.parts
    if not conversation.requests:
        yield Single(conversation, tuple(range(len(parts))))
        return
    start = around = len(parts) - sum(len(one.parts) for one in conversation.requests)
    for one in conversation.requests:
        end = start + len(one.parts)
        known = replace(
            one,
            parts=(*parts[:around], *one.parts),
            user=one.user or conversation.user,
            session=one.session or conversation.session,
        )
        yield Single(known, (*range(around), *range(start, end)))
        start = end


def by_part(findings: Sequence[Finding]) -> dict[int, list[int]]:
    """Indices of findings by the part they are in."""
    found: dict[int, list[int]] = {}
    for index, finding in enumerate(findings):
        found.setdefault(finding.part, []).append(index)
    return found


def strictest(program: Program, decided: Sequence[tuple[Decision, Sequence[int]]]) -> Decision:
    """One decision for all. With each come the indices that its findings have among all of them.

    Its rule is the first in policy order of those that gave the strictest verdict; rulings that are alike stand once.
    """
    if len(decided) == 1 and list(decided[0][1]) == list(range(len(decided[0][1]))):
        return decided[0][0]
    order = {rule.id: rule.index for rule in program.rules}
    decisions = [decision for decision, _ in decided]
    most = max(decision.verdict for decision in decisions)
    chief = min((one for one in decisions if one.verdict is most), key=lambda one: order.get(one.rule, len(order)))
    enforce = dict.fromkeys(chain.from_iterable(one.enforce for one in decisions))
    return replace(
        chief,
        audit=max(one.audit for one in decisions),
        alerts=_together([one.alerts for one in decisions]),
        constraints=_together([one.constraints for one in decisions]),
        requires_human=any(one.requires_human for one in decisions),
        rulings=_together([one.rulings for one in decisions]),
        redact=tuple(sorted({known[index] for decision, known in decided for index in decision.redact})),
        enforce=tuple(sorted(enforce, key=lambda one: order.get(one.rule, len(order)))),
    )


def combined(conversation: Conversation, known: Sequence[tuple[Single, Facts]], findings: tuple[Finding, ...]) -> Facts:
    """The facts of the whole, for its record: each intent as the request that showed it most clearly had it."""
    facts = [one for _, one in known]
    first = facts[0]
    if not conversation.requests:
        return first
    best: dict[tuple[str, bool], Intent] = {}
    for single, one in known:
        for intent in one.intents:
            key = (intent.category, intent.primary)
            if key not in best or best[key].confidence < intent.confidence:
                best[key] = replace(intent, part=single.rows[intent.part] if intent.part >= 0 else -1)
    return replace(
        first,
        surface=conversation.surface,
        model=conversation.model,
        stream=conversation.stream,
        tools=_together([one.tools for one in facts]),
        intents=tuple(best.values()),
        findings=findings,
        unavailable=_together([one.unavailable for one in facts]),
        calls=_together([one.calls for one in facts]),
    )


def _together(lists: Sequence[tuple[T, ...]]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(chain.from_iterable(lists)))
