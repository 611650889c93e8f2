"""What is wrong with a file, where, and how to mend it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum

from firebreak.model.errors import BadConfig

MAX_DIAGNOSTICS = 100  # a file with more is not a policy with mistakes, and each suggestion costs time
_SHOWN_CHARACTERS = 40
_LONGEST_GUESS = 64  # comparing names costs the product of their lengths


class Level(StrEnum):
    """A file with an error does not load; one with warnings does."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True)
class Diagnostic:
    """`code` is stable and kebab-case, `problem` one idea, `mend` what to write instead (may be empty)."""

    file: str
    line: int
    code: str
    severity: Level
    problem: str
    mend: str = ""

    @property
    def place(self) -> str:
        return f"{self.file}:{self.line}"

    def __str__(self) -> str:
        return f"{self.place}: {self.severity}[{self.code}]: {self.problem}" + (f"; {self.mend}" if self.mend else "")


class BadDocument(BadConfig):
    """A file with at least one error: the place, problem and mend are the first one's, `diagnostics` has all."""

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        first = diagnostics[0]
        super().__init__(first.place, first.problem, first.mend)
        self.diagnostics = tuple(diagnostics)

    def __str__(self) -> str:
        return "\n".join(str(diagnostic) for diagnostic in self.diagnostics)


def refuse_errors(diagnostics: Iterable[Diagnostic]) -> None:
    """Raise `BadDocument` with the errors among the diagnostics, in the order of their lines, if there are any."""
    errors = sorted(each for each in diagnostics if each.severity is Level.ERROR)
    if errors:
        raise BadDocument(errors[:MAX_DIAGNOSTICS])


def did_you_mean(word: str, known: Iterable[str], *, otherwise: str = "") -> str:
    """A mend that names the nearest known word, or `otherwise`."""
    names = sorted(known)
    near = get_close_matches(word.lower(), [name.lower() for name in names], n=1) if len(word) <= _LONGEST_GUESS else []
    for name in names:
        if near and name.lower() == near[0]:
            return f"did you mean `{name}`?"
    return otherwise


def shown(text: str) -> str:
    """A word of the file in a form fit for one line."""
    flat = "".join(char if char.isprintable() else "?" for char in text[:_SHOWN_CHARACTERS])
    return f"`{flat}{'…' if len(text) > _SHOWN_CHARACTERS else ''}`"
