"""The linear glob and the table of prefixes say the same of every pattern and name."""

from hypothesis import given, settings
from hypothesis import strategies as st

from firebreak.policy.glob import Glob
from firebreak.policy.reference import glob_fits


@settings(max_examples=1000, deadline=None)
@given(st.text("ab*", max_size=8), st.text("abA", max_size=10), st.booleans())
def test_globs_match_alike(pattern, name, fold):
    glob = Glob(pattern, fold=fold)
    assert glob.matches(name) == glob_fits(glob, name)
