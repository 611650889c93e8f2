"""What rules enforce on a request that they let pass: carried out in its bytes, or the request is refused.

Of several rules the strictest counts: the smallest number of tokens, all tools that any of them removes, each list of
models. Preambles stand in policy order.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from itertools import pairwise

from firebreak.codecs import constraints
from firebreak.codecs.constraints import Asked, Unmet, Wanted
from firebreak.codecs.generic import SURFACE as GENERIC
from firebreak.model.conversation import Conversation, PartKind
from firebreak.model.decision import Decision, Enforcement, Mode, Ruling, Verdict
from firebreak.model.exchange import Exchange
from firebreak.pipeline.edit import Splice
from firebreak.policy.glob import Glob, any_matches


def constrained(
    exchange: Exchange, conversation: Conversation, decision: Decision, redactions: Sequence[Splice]
) -> tuple[Decision, tuple[Splice, ...]]:
    """The decision, now a refusal where something could not be carried out, and all changes to the body.

    A policy that only watches changes nothing; its decision says whether it would have refused.
    """
    try:
        if conversation.requests:
            raise Unmet("", "what a rule enforces cannot be carried out in a body that holds several requests")
        if conversation.surface == GENERIC:
            raise Unmet("", "what a rule enforces cannot be carried out in a body whose form is not known")
        for one in decision.enforce:
            unmet = _unmet(exchange.body, conversation, one)
            if unmet is not None:
                return _refused(decision, unmet, one.rule), ()
        changes = _together(_changes(exchange, conversation, decision.enforce), redactions)
    except Unmet as unmet:
        return _refused(decision, unmet), ()
    return decision, () if decision.mode is Mode.SHADOW else changes


def unchangeable(decision: Decision, why: str) -> Decision:
    """The decision where the body may not be changed at all."""
    if decision.redact:
        return replace(decision, carried_out=False, description=decision.description + why)
    return _refused(decision, Unmet("", decision.description + why))


def _unmet(body: bytes, conversation: Conversation, wanted: Enforcement) -> Unmet | None:
    """What is not for us to change in somebody's request, and is not as the rule wants it."""
    try:
        if wanted.forbid_stream:
            if conversation.stream:
                return Unmet("forbid_stream", "no streamed answer is allowed: send `stream: false`")
            constraints.only_answer(body)
        if wanted.models:
            if not any_matches(_globs(wanted.models), conversation.model):
                return Unmet("models", "the model is not one of those that are allowed")
            constraints.only_model(body)
    except Unmet as unmet:
        return unmet
    return None


def _changes(exchange: Exchange, conversation: Conversation, enforced: Sequence[Enforcement]) -> tuple[Splice, ...]:
    asked = Asked(conversation.surface, exchange.api, conversation.model)
    caps = [each.max_output_tokens for each in enforced if each.max_output_tokens]
    globs = _globs(tuple(name for each in enforced for name in each.remove_tools))
    preambles = dict.fromkeys(each.system_preamble for each in enforced if each.system_preamble)
    wanted = Wanted(
        max_output_tokens=min(caps, default=0),
        remove_tools=partial(any_matches, globs)
        if globs and _removable(asked, exchange, conversation, globs)
        else None,
        system_preamble="\n\n".join(preambles),
    )
    return constraints.changes(asked, exchange.body, wanted)


def _removable(asked: Asked, exchange: Exchange, conversation: Conversation, globs: tuple[Glob, ...]) -> bool:
    """Whether tools may have to go. Raises `Unmet` where one may have to that stands in no list of tools."""
    defined = [part for part in conversation.parts if part.kind is PartKind.TOOL_DEFINITION]
    lists = constraints.tool_lists(asked, exchange.body)
    for part in defined:
        if not part.name:
            raise Unmet("remove_tools", "a tool's definition does not say what it is called")
        listed = bool(part.segments) and part.segments[0].path[0] in (lists or ())
        if lists and not listed and any_matches(globs, part.name):
            raise Unmet("remove_tools", "a tool that the policy removes is defined among the messages")
    return bool(defined) or lists is not None


def _together(changes: tuple[Splice, ...], redactions: Sequence[Splice]) -> tuple[Splice, ...]:
    both = tuple(sorted([*changes, *redactions]))
    if any(before[1] > after[0] for before, after in pairwise(both)):
        raise Unmet("", "what is redacted and what is constrained overlap")
    return both


def _refused(decision: Decision, unmet: Unmet, rule: str = "") -> Decision:
    """By the rule that wanted it, or the first that wanted such a thing."""
    wanting = [one.rule for one in decision.enforce if not unmet.wanted or getattr(one, unmet.wanted)]
    rule = rule or wanting[0]
    ruling = Ruling(f"constraint:{unmet.wanted or 'body'}", Verdict.BLOCK, rule)
    return replace(
        decision,
        verdict=Verdict.BLOCK,
        rule=rule,
        description=unmet.problem,
        color="red",
        rulings=(*decision.rulings, ruling),
        carried_out=False,
    )


def _globs(names: Sequence[str]) -> tuple[Glob, ...]:
    return tuple(Glob(name, fold=True) for name in names)
