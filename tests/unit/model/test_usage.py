from firebreak.model.usage import MAX_TOKENS, Usage


def test_counts_are_kept_within_bounds():
    assert Usage(-1, 10**5000, 7, MAX_TOKENS) == Usage(0, MAX_TOKENS, 7, MAX_TOKENS)
    assert Usage() == Usage(0, 0, 0, 0, estimated=False)
