"""Two runs over the same texts: which texts they disagree on, whether that can be chance, and how the figures moved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from firebreak.evaluation import table
from firebreak.evaluation.examples import POOLED
from firebreak.evaluation.figures import Rate, difference, mcnemar, rate
from firebreak.evaluation.runs import Answer

HEAD = ("set", "texts", "rate", "first", "second", "change (95 %)", "only first", "only second", "p")
LISTED = 50
"""Texts that are named, of those on which two runs disagree."""


@dataclass(frozen=True, slots=True)
class Change:
    """The rate of flagged (or refused) texts of one set that should be, or of those that should not."""

    name: str
    due: bool
    first: Rate
    second: Rate
    only_first: int
    only_second: int

    @property
    def chance(self) -> float:
        return mcnemar(self.only_first, self.only_second)


@dataclass(frozen=True, slots=True)
class Differences:
    """`gained` are ids that only the second run flagged, `lost` those that only the first did, both sorted.

    `apart` counts texts that one of the runs did not have, or had with another label.
    """

    changes: tuple[Change, ...]
    gained: tuple[str, ...]
    lost: tuple[str, ...]
    apart: int


def differences(first: Mapping[str, Answer], second: Mapping[str, Answer]) -> Differences:
    both = [key for key in sorted(first) if key in second and _comparable(first[key], second[key])]
    names = sorted({(first[key].kind, first[key].set) for key in both})
    kinds = sorted({kind for kind, _ in names})
    groups = {f"{kind} {POOLED}": [key for key in both if first[key].kind == kind] for kind in kinds}
    for kind, name in names:
        groups[f"{kind} {name}"] = [key for key in both if (first[key].kind, first[key].set) == (kind, name)]
    return Differences(
        changes=tuple(
            _change(name, [key for key in keys if first[key].due is due], first, second, due=due)
            for name, keys in groups.items()
            for due in (True, False)
            if any(first[key].due is due for key in keys)
        ),
        gained=tuple(key for key in both if second[key].flag and not first[key].flag),
        lost=tuple(key for key in both if first[key].flag and not second[key].flag),
        apart=len(set(first) | set(second)) - len(both),
    )


def _comparable(one: Answer, other: Answer) -> bool:
    return (one.kind, one.set, one.due) == (other.kind, other.set, other.due)


def _change(
    name: str, keys: Sequence[str], first: Mapping[str, Answer], second: Mapping[str, Answer], *, due: bool
) -> Change:
    pairs = [(first[key].flag, second[key].flag) for key in keys]
    return Change(
        name=name,
        due=due,
        first=rate(one for one, _ in pairs),
        second=rate(other for _, other in pairs),
        only_first=sum(one and not other for one, other in pairs),
        only_second=sum(other and not one for one, other in pairs),
    )


def rows(found: Differences) -> list[list[str]]:
    return [
        [
            one.name,
            str(one.first.n),
            "recall" if one.due else "FPR",
            table.number(one.first.value),
            table.number(one.second.value),
            "{:+.3f} ({:+.3f} to {:+.3f})".format(*difference(one.first, one.second)),
            str(one.only_first),
            str(one.only_second),
            f"{one.chance:.3g}",
        ]
        for one in found.changes
    ]


def sentences(found: Differences, first: str, second: str) -> list[str]:
    """Which texts the runs disagree on, by id."""
    told = [
        f"{_named(ids)} flagged by {who} alone" for ids, who in ((found.lost, first), (found.gained, second)) if ids
    ]
    if not told:
        told.append(f"{first} and {second} flag the same texts")
    if found.apart:
        told.append(f"{found.apart} texts are in one of the runs only, or are labelled otherwise there")
    return told


def _named(ids: Sequence[str]) -> str:
    more = f" and {len(ids) - LISTED} more" if len(ids) > LISTED else ""
    return f"{len(ids)} {'text is' if len(ids) == 1 else 'texts are'} ({', '.join(ids[:LISTED])}{more})"
