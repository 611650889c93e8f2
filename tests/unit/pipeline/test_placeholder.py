from firebreak.model.finding import FindingKind
from firebreak.pipeline.placeholder import Placeholders


def test_the_same_text_has_the_same_name_and_another_text_another():
    names = Placeholders()
    said = [names.name("email-address", FindingKind.PII, text) for text in ("a@x.de", "b@x.de", "a@x.de")]
    assert said == ["[EMAIL_ADDRESS_1]", "[EMAIL_ADDRESS_2]", "[EMAIL_ADDRESS_1]"]


def test_a_secret_does_not_say_whose_it_is():
    assert Placeholders().name("aws-access-key-id", FindingKind.SECRET, "AKIA") == "[SECRET_1]"


def test_numbers_of_the_other_direction_are_not_given_again():
    names = Placeholders(["[EMAIL_ADDRESS_2]", '"[EMAIL_ADDRESS_1]"', "", "[X_]", "nonsense"])
    assert names.name("email-address", FindingKind.PII, "c@x.de") == "[EMAIL_ADDRESS_3]"
