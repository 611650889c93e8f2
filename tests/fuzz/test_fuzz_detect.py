"""Contract: the detectors return hits inside the text, for any text, and raise nothing."""

import os

from hypothesis import given, settings
from hypothesis import strategies as st

from firebreak.detect.registry import RULES, detectors
from firebreak.model.conversation import Origin, Part, PartKind, Role, Segment
from firebreak.text.views import View, views

EXAMPLES = int(os.environ.get("FIREBREAK_FUZZ_EXAMPLES", "200"))
PIECES = [text for rule in RULES for text in (*rule.matches, *rule.ignores)]
HOSTILE = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=20), st.characters()), max_size=30).map("".join)


@given(HOSTILE, st.sampled_from(Origin), st.sampled_from(PartKind))
@settings(max_examples=EXAMPLES, deadline=None)
def test_detectors_return_hits_inside_the_text(text: str, origin: Origin, kind: PartKind) -> None:
    part = Part(kind, Role.USER, origin, text, (Segment(0, ()),))
    readings = views(text) if text.isprintable() else (View("raw", text),)
    for detector in detectors():
        for hit in detector.detect(part, readings):
            assert 0 <= hit.start <= hit.end <= len(text)
