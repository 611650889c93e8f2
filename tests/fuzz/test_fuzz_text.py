"""Contract: `views` and `traits` return for any str, and every span is inside it."""

import os

from hypothesis import given, settings
from hypothesis import strategies as st

from firebreak.text.traits import traits
from firebreak.text.views import views

EXAMPLES = int(os.environ.get("FIREBREAK_FUZZ_EXAMPLES", "200"))
ANY = st.text(st.characters(), max_size=200)  # lone surrogates included
SIGNS = st.text("%&\\ux#;=+/-_aA0fF9 \n\ud800\u200b\u202e\U000e0041\ufe0f\u0301оａ\ufdfa", max_size=400)
RUNS = st.binary(min_size=12, max_size=200).map(lambda raw: raw.hex()) | st.text(
    "ABCDabcd0123+/-_=\n\r ", min_size=16, max_size=300
)


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.lists(ANY | SIGNS | RUNS, max_size=4).map("".join))
def test_any_text_has_views(text):
    found = views(text)
    traits(text, found)
    for view in found:
        lo, hi = view.span(0, len(view.text))
        assert 0 <= lo <= hi <= len(text)
        assert view.span(-7, 10**9)[1] <= len(text)
