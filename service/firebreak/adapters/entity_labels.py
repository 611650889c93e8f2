"""What the labels of published taggers mean: of the many that models have, those of people and of addresses."""

import re
from collections.abc import Mapping, Sequence

from firebreak.pipeline.mentions import Label, Sort

_PEOPLE = """
    PER PERS PERSON PERSONNAME NAME FULLNAME FIRSTNAME GIVENNAME MIDDLENAME LASTNAME SURNAME FAMILYNAME NAMESTUDENT
    PATIENT STAFF DOCTOR HCW
"""
_ADDRESSES = """
    ADDRESS ADDR POSTALADDRESS FULLADDRESS STREET STREETNAME STREETADDRESS SECONDARYADDRESS LOCATIONADDRESS
"""
_PLACES = """
    LOC LOCATION GPE CITY TOWN COUNTY STATE COUNTRY ZIP ZIPCODE POSTALCODE POSTCODE BUILDINGNUM BUILDINGNUMBER
    HOUSENUMBER
"""
MEANINGS: Mapping[str, Sort] = {
    **dict.fromkeys(_PEOPLE.split(), Sort.PERSON),
    **dict.fromkeys(_ADDRESSES.split(), Sort.ADDRESS),
    **dict.fromkeys(_PLACES.split(), Sort.PLACE),
}
"""By a label's letters in upper case. PER, LOC: CoNLL and WikiNER; PERSON, GPE: OntoNotes; PATIENT, STAFF: i2b2; the
rest: data sets of personal data."""

_PREFIX = re.compile(r"([BILUES])[-_](?=.)")
"""Of IOB2, BILUO and IOBES."""
_BEGINS = frozenset("BUS")


def bare(name: str) -> str:
    """A label's name without `B-` or `I-`."""
    return _PREFIX.sub("", name, count=1) if _PREFIX.match(name) else name


def meanings(names: Sequence[str], said: Mapping[str, Sort | None]) -> tuple[Label, ...]:
    """The labels with what they mean: as was `said` of one by its bare name, else as published ones mean it."""
    return tuple(_label(name, said) for name in names)


def is_prefixed(name: str) -> bool:
    return _PREFIX.match(name) is not None


def _label(name: str, said: Mapping[str, Sort | None]) -> Label:
    prefix, own = _PREFIX.match(name), bare(name)
    sort = said[own] if own in said else MEANINGS.get("".join(filter(str.isalpha, own)).upper())
    return Label(own, sort, sort is not None and prefix is not None and prefix[1] in _BEGINS)
