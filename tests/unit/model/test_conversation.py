from firebreak.model.conversation import Origin, Part, PartKind, Role, Segment


def test_a_part_that_is_printed_does_not_show_its_text():
    part = Part(PartKind.TEXT, Role.USER, Origin.USER, "the prompt", (Segment(0, ("messages", 0, "content")),), "", 3)
    for printed in (repr(part), str(part), f"{part}", repr([part])):
        assert "prompt" not in printed
        assert "10 characters" in printed
