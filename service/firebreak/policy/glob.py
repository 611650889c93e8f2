"""Names with `*` for any run of characters, matched in time linear in the name."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Glob:
    """`pattern` as written. With `fold`, letters match in either case. An empty name is unknown and never matches."""

    pattern: str
    fold: bool = False
    _pieces: tuple[str, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        pattern = self.pattern.lower() if self.fold else self.pattern
        object.__setattr__(self, "_pieces", tuple(pattern.split("*")))

    def matches(self, name: str) -> bool:
        return self.matches_folded(name.lower() if self.fold else name)

    def matches_folded(self, name: str) -> bool:
        """For a name that is folded already, where this glob folds: many globs may ask of one long text.

        Earliest fit of each piece between the fixed ends; an earlier fit never spoils a later one.
        """
        pieces = self._pieces
        first, last = pieces[0], pieces[-1]
        if len(pieces) == 1:
            return name == first and name != ""
        end = len(name) - len(last)
        at = len(first)
        if not name or at > end or not name.startswith(first) or not name.endswith(last):
            return False
        for piece in pieces[1:-1]:
            found = name.find(piece, at, end)
            if found < 0:
                return False
            at = found + len(piece)
        return True


def any_matches(globs: tuple[Glob, ...], name: str) -> bool:
    return any(glob.matches(name) for glob in globs)
