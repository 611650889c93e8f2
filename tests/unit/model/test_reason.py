import re

from firebreak.model.reason import Reason


def test_codes_are_stable_words_and_unique():
    codes = [reason.code for reason in Reason]
    assert len(set(codes)) == len(codes)
    assert all(re.fullmatch(r"[a-z][a-z0-9_]+", code) for code in codes)
    assert all(reason.code == reason.name.lower() for reason in Reason)


def test_every_reason_says_whose_fault_it_is():
    for reason in Reason:
        providers = reason.code.startswith("response_")
        ours = reason.code.endswith("_unavailable")
        assert reason.status in ({502} if providers else {503} if ours else {400, 403, 413, 415}), reason


def test_who_calls_is_a_reason_of_its_own():
    assert {reason for reason in Reason if reason.unproven} == {
        reason for reason in Reason if reason.code.startswith("caller_")
    }


def test_sentences_follow_one_style():
    for reason in Reason:
        assert not reason.sentence.endswith("."), reason
        assert reason.sentence[:3] == "NaN" or reason.sentence[0].islower(), reason
