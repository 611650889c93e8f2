from firebreak.model.errors import BadConfig, BadInput, FirebreakError
from firebreak.model.reason import Reason


def test_bad_input_names_the_place_and_never_the_content():
    error = BadInput(Reason.DUPLICATE_KEY, "/messages/0")
    assert str(error) == "/messages/0: an object has the same key twice"
    assert (error.reason, error.where) == (Reason.DUPLICATE_KEY, "/messages/0")
    assert str(BadInput(Reason.NOT_JSON)).startswith("body: ")


def test_bad_config_says_how_to_mend_it():
    assert (
        str(BadConfig("p.yaml:3", "unknown field `x`", "did you mean `y`?"))
        == "p.yaml:3: unknown field `x`; did you mean `y`?"
    )
    assert str(BadConfig("p.yaml:3", "unknown field `x`")) == "p.yaml:3: unknown field `x`"


def test_what_we_raise_on_purpose_has_one_parent():
    assert issubclass(BadInput, FirebreakError)
    assert issubclass(BadConfig, FirebreakError)
