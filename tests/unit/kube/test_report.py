from firebreak.kube.report import Code, Kind, Note, Refused, Remark, Report


def test_codes_are_stable_words_and_none_is_used_twice() -> None:
    codes = [each.code for each in (*Code, *Remark)]
    assert len(set(codes)) == len(codes)
    assert all(code.replace("-", "").isalpha() and code.islower() for code in codes)


def test_a_sentence_ends_with_its_detail_if_there_is_one() -> None:
    assert Report(Code.WINDOWS).sentence == "the sidecar runs on Linux only"
    assert Report(Code.WINDOWS, "here").sentence == "the sidecar runs on Linux only: here"
    assert Note(Remark.HTTP_PROXY, "app").sentence.endswith("127.0.0.1: app")
    assert Note(Remark.INIT_CONTAINERS, "").sentence.endswith("pass by")


def test_a_report_is_one_of_three_kinds() -> None:
    assert Report(Code.INJECTED).injected
    assert not Report(Code.INJECTED).refused
    assert Report(Code.OPTED_OUT).outcome.kind is Kind.SKIPPED
    assert Refused(Code.WINDOWS, "x").report == Report(Code.WINDOWS, "x")
    assert Report(Code.WINDOWS).refused
