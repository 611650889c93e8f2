"""Text that hides text: a grade for each trait of the normaliser. Traits are evidence; the grades say how good.

A few invisible characters come with copying from web pages; a hash, an image or one encoded value is ordinary. What
grows the grade is number, and encoding inside encoding.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from firebreak.detect.interface import Hit
from firebreak.model.conversation import Part
from firebreak.model.finding import FindingKind, Severity
from firebreak.text.traits import PLAIN, Sign, Traits, traits
from firebreak.text.views import View

_Grade = tuple[Severity, float]


def _by_count(count: int, steps: tuple[tuple[int, Severity, float], ...]) -> _Grade | None:
    """The grade of the highest step that the count reaches."""
    grade = None
    for least, severity, score in steps:
        if count >= least:
            grade = (severity, score)
    return grade


def _nested(found: Traits) -> _Grade | None:
    if not found.encoded.count:
        return None
    return _by_count(found.depth, ((2, Severity.MEDIUM, 0.5), (3, Severity.HIGH, 0.75), (4, Severity.HIGH, 0.9)))


@dataclass(frozen=True, slots=True)
class Trait:
    """One rule: which sign it reads and how it grades it. `description` is for the rule table."""

    rule: str
    description: str
    sign: Callable[[Traits], Sign]
    grade: Callable[[Traits], _Grade | None]


TRAITS = (
    Trait(
        "invisible-characters",
        "Characters that take no space and that neither the script nor an emoji needs",
        lambda found: found.invisible,
        lambda found: _by_count(
            found.invisible.count,
            ((1, Severity.LOW, 0.2), (4, Severity.MEDIUM, 0.5), (12, Severity.HIGH, 0.75), (60, Severity.HIGH, 0.9)),
        ),
    ),
    Trait(
        "bidi-controls",
        "Controls that make a person see another order of characters than the model",
        lambda found: found.bidi,
        lambda found: _by_count(
            found.bidi.count, ((1, Severity.LOW, 0.3), (3, Severity.MEDIUM, 0.55), (8, Severity.HIGH, 0.75))
        ),
    ),
    Trait(
        "tag-characters",
        "Characters that spell words nobody sees",
        lambda found: found.tags,
        lambda found: _by_count(found.tags.count, ((1, Severity.HIGH, 0.9),)),
    ),
    Trait(
        "mixed-scripts",
        "Words that mix letters of scripts that look alike",
        lambda found: found.mixed,
        lambda found: _by_count(
            found.mixed.count, ((1, Severity.LOW, 0.3), (2, Severity.MEDIUM, 0.5), (4, Severity.HIGH, 0.75))
        ),
    ),
    Trait(
        "sealed-content",
        "A file or base85 in the text, encoded, of which only plain words can be read",
        lambda found: found.sealed,
        lambda found: _by_count(found.sealed.count, ((1, Severity.LOW, 0.2),)),
    ),
    Trait(
        "mixed-alphabets",
        "Words of letters from five and more alphabets, as encodings with thousands of letters write them",
        lambda found: found.scripts,
        lambda found: _by_count(found.scripts.count, ((1, Severity.MEDIUM, 0.5), (4, Severity.HIGH, 0.75))),
    ),
    Trait(
        "rewritten-text",
        "Text in turned, reversed or spelled-out letters, in Morse or in leetspeak",
        lambda found: found.rewritten,
        lambda found: _by_count(found.rewritten.count, ((1, Severity.LOW, 0.3),)),
    ),
    Trait("nested-encoding", "Text inside an encoding inside an encoding", lambda found: found.encoded, _nested),
)
CUT = "decoding-cut"
CUT_DESCRIPTION = "More encoding than the normaliser follows: there is text that nobody has read"
RULES = {**{trait.rule: trait.description for trait in TRAITS}, CUT: CUT_DESCRIPTION}


class ObfuscationDetector:
    """Grades what the normaliser saw on its way."""

    name = "obfuscation"

    def detect(self, part: Part, views: Sequence[View]) -> list[Hit]:
        """At most one hit a trait, over the first to the last place of it."""
        text = part.text
        if not text:
            return []
        found = traits(text, views)
        if found is PLAIN:
            return []
        hits = []
        for trait in TRAITS:
            sign, grade = trait.sign(found), trait.grade(found)
            if grade is not None:
                start, end = sign.first[0], max(sign.first[1], sign.last[1])
                hits.append(_hit(trait.rule, grade, start, end, views[0].name))
        if found.cut:
            hits.append(_hit(CUT, (Severity.HIGH, 0.8), 0, len(text), views[0].name))
        return hits


def _hit(rule: str, grade: _Grade, start: int, end: int, view: str) -> Hit:
    return Hit(rule, FindingKind.OBFUSCATION, grade[0], grade[1], start, end, view)
