from firebreak.model.facts import Call


def test_a_call_is_shown_without_what_it_says():
    assert repr(Call("run", "run\nthe secret")) == "Call('run', 14 characters)"
