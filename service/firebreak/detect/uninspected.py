"""Parts that are not text: one hit each, so that a policy can refuse what nobody has read."""

from collections.abc import Sequence

from firebreak.detect.interface import Hit
from firebreak.model.conversation import UNINSPECTED_KINDS, Part
from firebreak.model.finding import FindingKind, Severity
from firebreak.text.views import View

RULES = {f"uninspected-{kind}": kind for kind in sorted(UNINSPECTED_KINDS)}


class UninspectedDetector:
    """Says that a part was not read. What text comes with it (a file name, a URL) other detectors read."""

    name = "uninspected"

    def detect(self, part: Part, views: Sequence[View]) -> list[Hit]:
        """One hit over the whole text of an uninspected part, none otherwise."""
        if part.kind not in UNINSPECTED_KINDS:
            return []
        rule = f"uninspected-{part.kind}"
        return [Hit(rule, FindingKind.UNINSPECTED, Severity.MEDIUM, 1.0, 0, len(part.text), views[0].name)]
