from firebreak.detect.secrets.github import is_checked


def test_a_tokens_last_part_ends_with_its_check():
    body = "zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ"
    assert is_checked("ghp_" + body + "0mLq17")
    assert is_checked("github_pat_x_" + body + "0mLq17")
    assert not is_checked("ghp_" + body + "0mLq18")
