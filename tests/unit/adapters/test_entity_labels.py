"""The labels of published taggers mean what their data sets say."""

import pytest

from firebreak.adapters.entity_labels import bare, is_prefixed, meanings
from firebreak.pipeline.mentions import Label, Sort


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("O", Label("O")),
        ("B-PER", Label("PER", Sort.PERSON, begins=True)),
        ("I-PER", Label("PER", Sort.PERSON)),
        ("PERSON", Label("PERSON", Sort.PERSON)),
        ("U-PATIENT", Label("PATIENT", Sort.PERSON, begins=True)),
        ("B_FIRST_NAME", Label("FIRST_NAME", Sort.PERSON, begins=True)),
        ("I-GivenName1", Label("GivenName1", Sort.PERSON)),
        ("I-STREET", Label("STREET", Sort.ADDRESS)),
        ("B-street_address", Label("street_address", Sort.ADDRESS, begins=True)),
        ("B-LOC", Label("LOC", Sort.PLACE, begins=True)),
        ("ZIP_CODE", Label("ZIP_CODE", Sort.PLACE)),
        ("B-ORG", Label("ORG")),
        ("USERNAME", Label("USERNAME")),
    ],
)
def test_what_published_labels_mean(name, label):
    assert meanings([name], {}) == (label,)


def test_what_is_said_of_a_label_counts():
    said = {"LOC": Sort.ADDRESS, "PER": None, "Kunde": Sort.PERSON}
    found = meanings(["I-LOC", "B-PER", "B-Kunde"], said)
    assert [one.sort for one in found] == [Sort.ADDRESS, None, Sort.PERSON]
    assert [one.begins for one in found] == [False, False, True]


def test_a_prefix_is_no_part_of_a_name():
    assert [bare(name) for name in ("B-PER", "PER", "B-", "S-B-C")] == ["PER", "PER", "B-", "B-C"]
    assert is_prefixed("E-PER")
    assert not is_prefixed("EMAIL-ADDRESS")
