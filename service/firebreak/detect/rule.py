"""A pattern rule: what to look for and the proof that it finds it."""

from collections.abc import Callable
from dataclasses import dataclass, field

from firebreak.detect.engine import Pattern
from firebreak.model.finding import FindingKind, Severity

LEFT = r"(?:\b|\\[nrtu])"
"""Left edge of a token that starts with a word character. The escape is for text that is itself source or JSON, where
the letter of a line break's escape would touch the token."""

CERTAIN = 0.99
"""Score of a text that proves itself: its check digits, or the structure inside it, are right."""

_TOLD = ("pattern", "group", "ignore_case", "trigger", "overlaps", "matches", "ignores")


@dataclass(frozen=True, slots=True)
class PatternRule:
    """One rule. `score` is how sure a match makes us, `severity` how bad it is if we are right.

    The span of a finding is that of `group`, and `check` judges that group's text. `trigger` is a cheaper expression
    for the first pass, found wherever `pattern` is. With `overlaps`, a candidate that `check` refuses may hide the
    start of a right one (a row of numbers); only for patterns of bounded length. A `general` rule keeps silent where a
    specific rule of its kind has the same place. `derived` says whether it also reads normalised and decoded views.
    `near` says of a trigger's end whether what `check` wants may stand there: for patterns that are dear to read.
    `opens` says that the trigger begins where the pattern does, which spares a look at what stands before it.
    A text for which `sure` holds (its check digits are right) scores `CERTAIN`; a mistyped one is still found.
    """

    id: str
    kind: FindingKind
    severity: Severity
    score: float
    pattern: str
    description: str
    matches: tuple[str, ...] = field(repr=False)
    ignores: tuple[str, ...] = field(repr=False)
    group: int = 0
    ignore_case: bool = False
    trigger: str = ""
    check: Callable[[str], bool] | None = None
    sure: Callable[[str], bool] | None = None
    overlaps: bool = False
    general: bool = False
    derived: bool = True
    near: Callable[[bytes, int], bool] | None = None
    opens: bool = False

    def prove(self) -> None:
        """Raises ValueError, naming the rule, when it and its examples disagree: no detector is made of such a rule."""
        pattern = self.compiled
        try:
            pattern.prove()
        except ValueError as e:
            raise ValueError(f"{self.id}: {e}") from e
        if not self.matches:
            raise ValueError(f"{self.id}: has no example that must be found")
        for i, text in enumerate(self.matches):
            if not pattern.found(text):
                raise ValueError(f"{self.id}: matches[{i}] is not found")
            if not pattern.triggers(text):
                raise ValueError(f"{self.id}: matches[{i}] does not trigger")
        for i, text in enumerate(self.ignores):
            if pattern.found(text):
                raise ValueError(f"{self.id}: ignores[{i}] is found")

    @property
    def told(self) -> str:
        """All that a proof rests on, and the name of the check."""
        check = f"{self.check.__module__}.{self.check.__qualname__}" if self.check else ""
        return repr((self.id, *(getattr(self, name) for name in _TOLD), check))

    @property
    def compiled(self) -> Pattern:
        """The pattern as the engine takes it."""
        facts = (self.pattern, self.ignore_case, self.group, self.trigger, self.check, self.overlaps, self.near)
        return Pattern(*facts, opens=self.opens)

    def finds(self, text: str) -> bool:
        """Whether the text holds a match."""
        return self.compiled.found(text)
