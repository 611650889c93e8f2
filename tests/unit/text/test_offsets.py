from firebreak.text.offsets import MAX_EDITS, Offsets


def test_what_is_copied_maps_to_itself_shifted():
    # "ab[cd]ef" became "abXef"
    offsets = Offsets(6, lambda: [(2, 4, 1, 0)])
    assert offsets.span(0, 2) == (0, 2)
    assert offsets.span(3, 5) == (4, 6)


def test_a_hit_inside_an_indivisible_edit_maps_to_all_of_it():
    offsets = Offsets(20, lambda: [(4, 16, 4, 0)])
    assert offsets.span(5, 6) == (4, 16)
    assert offsets.span(3, 5) == (3, 16)
    assert offsets.span(7, 8) == (4, 16)


def test_a_stepped_edit_tells_its_characters_apart():
    # "%41%42%43" became "ABC"
    offsets = Offsets(9, lambda: [(0, 9, 3, 3)])
    assert [offsets.span(n, n + 1) for n in range(3)] == [(0, 3), (3, 6), (6, 9)]


def test_what_was_taken_out_belongs_to_no_character():
    # "a..b" became "ab"
    offsets = Offsets(4, lambda: [(1, 3, 0, 0)])
    assert offsets.span(0, 1) == (0, 1)
    assert offsets.span(1, 2) == (3, 4)
    assert offsets.span(0, 2) == (0, 4)


def test_no_characters_lie_at_one_place():
    assert Offsets(4, lambda: [(1, 3, 0, 0)]).span(2, 2) == (4, 4)
    assert Offsets(3, lambda: [(0, 3, 0, 0)]).span(0, 0) == (3, 3)
    assert Offsets(9, lambda: [(0, 9, 2, 0)]).span(1, 1) == (0, 0)


def test_the_map_is_built_only_when_asked():
    asked: list[int] = []

    def edits() -> list[tuple[int, int, int, int]]:
        asked.append(1)
        return [(1, 3, 0, 0)]

    offsets = Offsets(4, edits)
    assert not asked
    offsets.span(0, 1)
    offsets.span(1, 2)
    assert asked == [1]


def test_beyond_the_bound_a_span_errs_wide():
    source = 2 * (MAX_EDITS + 100)
    offsets = Offsets(source, lambda: ((n, n + 1, 0, 0) for n in range(0, source, 2)))
    assert offsets.span(10, 11) == (21, 22)
    assert offsets.span(MAX_EDITS + 10, MAX_EDITS + 11) == (2 * MAX_EDITS, source)
