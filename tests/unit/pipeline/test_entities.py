"""What people and tools say goes to the tagger; what it finds is placed in the part, what it does not read is a fact."""

import asyncio
import re

import pytest

from firebreak.detect.interface import Hit
from firebreak.detect.registry import TAGGED
from firebreak.model.conversation import Origin, Part, PartKind, Role
from firebreak.model.errors import Unavailable
from firebreak.model.facts import Absence
from firebreak.model.finding import FindingKind, Severity
from firebreak.pipeline.entities import OVERLAP, SEVERITIES, TAGGER, WIDTH, Entities, passages
from firebreak.pipeline.mentions import Sort, Word
from firebreak.text.views import views


class WordTagger:
    """`Anna Smith` and `Oak Street`, word by word."""

    origins = frozenset({Origin.USER, Origin.TOOL})
    max_passages = 4

    def __init__(self, failure=None):
        self.asked = []
        self._failure = failure

    async def words(self, texts):
        if self._failure:
            raise self._failure
        self.asked.append(list(texts))
        return [tuple(map(_word, re.finditer(r"\b(Anna|Smith|Oak|Street)\b", text))) for text in texts]


def _word(match):
    sort = Sort.PERSON if match[0] in ("Anna", "Smith") else Sort.ADDRESS
    return Word(match.start(), match.end(), sort, sort.name, match[0] in ("Anna", "Oak"), 0.876)


def part(text, origin=Origin.USER, kind=PartKind.TEXT):
    return Part(kind, Role.USER, origin, text, ())


def settle(*texts, tagger=None):
    entities = Entities(tagger or WordTagger())
    unread = [entities.readings(part(text), views(text)) for text in texts]
    looks, absences = asyncio.run(entities.settle(unread))
    return [look.hits for look in looks], absences


def test_names_and_addresses_are_personal_data_in_their_places():
    ((first, second),), absences = settle("It is Anna Smith, 12 Oak Street.")
    assert absences == ()
    assert first == Hit("person-name", FindingKind.PII, Severity.LOW, 0.88, 6, 16)
    assert second == Hit("postal-address", FindingKind.PII, Severity.MEDIUM, 0.88, 21, 31)


@pytest.mark.parametrize(
    ("origin", "kind", "read"),
    [
        (Origin.USER, PartKind.TEXT, True),
        (Origin.TOOL, PartKind.TOOL_RESULT, True),
        (Origin.SYSTEM, PartKind.TEXT, False),
        (Origin.ASSISTANT, PartKind.TEXT, False),
        (Origin.USER, PartKind.METADATA, False),
        (Origin.USER, PartKind.IMAGE, False),
        (Origin.TOOL, PartKind.TOOL_DEFINITION, False),
    ],
)
def test_who_is_read(origin, kind, read):
    assert bool(Entities(WordTagger()).readings(part("Anna", origin, kind), views("Anna"))) is read


def test_an_empty_text_is_not_read():
    assert Entities(WordTagger()).readings(part(""), views("")) == ()


def test_a_text_is_read_once_folded_and_decoded():
    text = "An\u200bna and %41%6e%6e%61%20%53%6d%69%74%68"
    readings = Entities(WordTagger()).readings(part(text), views(text))
    assert [view.name for view in readings] == ["folded", "percent"]
    (hits,), _ = settle(text)
    assert [text[hit.start : hit.end] for hit in hits] == ["An\u200bna", "%41%6e%6e%61%20%53%6d%69%74%68"]
    assert [hit.view for hit in hits] == ["folded", "percent"]


def test_a_passage_is_shown_once():
    tagger = WordTagger()
    hits, _ = settle("Anna", "Anna", tagger=tagger)
    assert tagger.asked == [["Anna"]]
    assert [len(some) for some in hits] == [1, 1]


@pytest.mark.parametrize("at", [0, WIDTH - 5, WIDTH - OVERLAP, WIDTH, 2000])
def test_a_name_is_found_wherever_a_text_is_cut(at):
    text = "x " * (at // 2) + "Anna Smith " + "y " * 1000
    (hits,), _ = settle(text)
    assert [text[hit.start : hit.end] for hit in hits] == ["Anna Smith"]


@pytest.mark.parametrize(
    "text", ["", "a", "a" * 5000, "ab " * 3000, "王" * 3000, "\n" * 3000, "a" * 990 + " " + "b" * 999]
)
def test_passages_overlap_and_hold_all_of_a_text(text):
    end = 0
    for number, (start, passage) in enumerate(passages(text)):
        assert len(passage) <= WIDTH
        assert text[start : start + len(passage)] == passage
        assert start <= end - OVERLAP if number else start == 0
        end = start + len(passage)
    assert end == len(text)


def test_words_are_not_cut():
    text = "Elizabeth " * 500
    for start, passage in passages(text):
        assert passage.startswith("Elizabeth")
        assert start % 10 == 0


def test_what_is_too_much_is_a_fact_and_the_first_passages_are_read():
    text = "Anna Smith " + "".join(f"number {number} " for number in range(1000))
    tagger = WordTagger()
    (hits,), absences = settle(text, tagger=tagger)
    assert absences == (Absence(TAGGER, "over_budget"),)
    assert [len(asked) for asked in tagger.asked] == [WordTagger.max_passages]
    assert len(hits) == 1


@pytest.mark.parametrize(("failure", "reason"), [(TimeoutError(), "over_budget"), (Unavailable("x"), "crashed")])
def test_a_tagger_that_does_not_answer_is_a_fact(failure, reason):
    hits, absences = settle("Anna", "Bob", tagger=WordTagger(failure))
    assert hits == [(), ()]
    assert absences == (Absence(TAGGER, reason),)


def test_its_rules_are_those_that_policies_may_name():
    assert set(SEVERITIES) == set(TAGGED)
