"""Views: normalised readings of a text, each with a map back to the text's own characters."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from firebreak.text.decode import readings
from firebreak.text.fold import fold, foreign
from firebreak.text.hidden import SELECTOR_RUN, TAG_RUN, selectors, tags
from firebreak.text.layers import Runs
from firebreak.text.offsets import Offsets

MAX_LAYERS = 6  # layers of encoding peeled: four nested ones, and two that only an escape elsewhere adds
MAX_TOTAL = 8  # times the text's length, plus TOTAL_SLACK, that all views together may hold: detectors read each
TOTAL_SLACK = 65_536  # characters
MAX_VIEWS = 40  # readings of one text; a text that needs more hides on purpose
_NOT_LAYERS = ("raw", "folded", "tags", "selectors")


@dataclass(frozen=True, slots=True)
class View:
    """One reading. `name` says how it was made: `raw`, `folded`, `base64`, `percent>base64`, `tags`."""

    name: str
    text: str
    chain: tuple[Offsets, ...] = field(default=(), compare=False, repr=False)
    runs: Runs | None = None
    cut: tuple[str, ...] = ()
    """Bounds that stopped the normaliser after this view."""

    @property
    def kinds(self) -> tuple[str, ...]:
        """The encodings taken off by this view's own layer, sorted; none where `runs` is None."""
        return tuple(self.name.rpartition(">")[2].split("+")) if self.runs else ()

    @property
    def depth(self) -> int:
        """How many layers of encoding this view is away from the text."""
        return sum(step not in _NOT_LAYERS for step in self.name.split(">"))

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The characters of the original text that `text[start:end]` came from."""
        start = min(max(start, 0), len(self.text))
        end = min(max(start, end), len(self.text))
        for offsets in self.chain:
            start, end = offsets.span(start, end)
        return start, end


def views(text: str) -> tuple[View, ...]:
    """All readings of `text`; the first is the text as it stands."""
    found: list[View] = []
    budget = MAX_TOTAL * len(text) + TOTAL_SLACK
    for view in _readings(text):
        budget -= len(view.text)
        bound = "growth" if budget < 0 else "views" if len(found) == MAX_VIEWS else ""
        if bound:
            last = found.pop()
            found.append(View(last.name, last.text, last.chain, last.runs, (*last.cut, bound)))
            break
        found.append(view)
    return tuple(found)


def _readings(text: str) -> Iterator[View]:
    folded, chain, cut = fold(text)
    yield View("raw", text, cut=("growth",) if cut else ())
    if folded != text:
        yield View("folded", folded, chain)
    known = {text, folded}
    yield from _below(View("", folded, chain), 1, known)
    if folded == text:
        return  # folding takes away whatever could hide
    seen = foreign(text)
    for name, pattern, reader in (("tags", TAG_RUN, tags), ("selectors", SELECTOR_RUN, selectors)):
        read = reader(text) if pattern.search(seen) else None
        if read:
            view = View(name, read[0], (read[1],))
            yield view
            yield from _below(view, 1, known)


def _below(view: View, layer: int, known: set[str]) -> Iterator[View]:
    """What is encoded in `view`, layer by layer, each also folded where that changes it; no text comes twice."""
    made_by = tuple(view.name.rpartition(">")[2].split("+"))
    for peeled in readings(view.text, after=made_by):
        if peeled.text in known:
            continue
        kinds = "+".join(peeled.kinds)
        folded, chain, growth = fold(peeled.text)
        known |= {peeled.text, folded}
        deeper = layer == MAX_LAYERS and any(below.text not in known for below in readings(folded, after=peeled.kinds))
        bounds = (("runs", peeled.cut), ("layers", deeper), ("growth", growth))
        name = f"{view.name}>{kinds}" if view.name else kinds
        back = (peeled.offsets, *view.chain)
        yield View(name, peeled.text, back, peeled.runs, tuple(bound for bound, hit in bounds if hit))
        if folded != peeled.text:
            yield View(f"{name}>folded", folded, (*chain, *back))
        if layer < MAX_LAYERS:
            yield from _below(View(name, folded, (*chain, *back)), layer + 1, known)
