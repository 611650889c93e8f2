from firebreak.text.layers import CONTEXT, Runs, assemble, whole


def test_runs_stand_in_their_surroundings_and_lead_back():
    peeled = assemble("a [x] b [y] c", [whole(2, 5, "one"), whole(8, 11, "two")], ("k",), cut=False)
    assert (peeled.text, peeled.runs, peeled.kinds, peeled.cut) == (
        "a one b two c",
        Runs(2, (2, 5), (8, 11)),
        ("k",),
        False,
    )
    assert [peeled.offsets.span(*place) for place in ((2, 5), (3, 4), (6, 7), (8, 9))] == [
        (2, 5),
        (2, 5),
        (6, 7),
        (8, 11),
    ]


def test_a_run_without_edits_stays_and_is_not_counted():
    peeled = assemble("a [x] bcd", [(2, 5, "[x]", ()), whole(6, 7, "B")], ("k",), cut=True)
    assert (peeled.text, peeled.runs.count) == ("a [x] Bcd", 1)


def test_what_is_far_is_left_out_at_a_blank():
    text = "word " * CONTEXT + "X"
    peeled = assemble(text, [whole(len(text) - 1, len(text), "y")], ("k",), cut=False)
    assert len(peeled.text) < CONTEXT + 10
    assert peeled.offsets.span(len(peeled.text) - 1, len(peeled.text)) == (len(text) - 1, len(text))
