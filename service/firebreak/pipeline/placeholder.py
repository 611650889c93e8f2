"""What stands in the place of a redacted text: `[EMAIL_ADDRESS_1]`, the same for the same text in one exchange."""

from collections.abc import Iterable

from firebreak.model.finding import FindingKind


class Placeholders:
    """Numbers values by their rule, in the order in which they are first seen. Mutable, for one direction.

    `used` are placeholders of the other direction; their numbers are not given again.
    """

    __slots__ = ("_counts", "_names")

    def __init__(self, used: Iterable[str] = ()) -> None:
        self._names: dict[tuple[str, str], str] = {}
        self._counts: dict[str, int] = {}
        for name in used:
            label, _, number = name.strip('"[]').rpartition("_")
            if number.isdecimal():
                self._counts[label] = max(self._counts.get(label, 0), int(number))

    def name(self, rule: str, kind: FindingKind, value: str) -> str:
        label = _label(rule, kind)
        known = self._names.get((label, value))
        if known is None:
            self._counts[label] = self._counts.get(label, 0) + 1
            known = self._names[label, value] = f"[{label}_{self._counts[label]}]"
        return known


def _label(rule: str, kind: FindingKind) -> str:
    """A secret's rule would tell whose key it was; for personal data the model needs to know what stood there."""
    return rule.upper().replace("-", "_") if kind is FindingKind.PII else kind.upper()
