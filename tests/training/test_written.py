"""The texts that were written one by one."""

import json
import re
from dataclasses import replace
from random import Random

import pytest

from training import written
from training.example import reading

WITH_ORDERS = (*written.DOCUMENTS, *written.ODD, *written.MESSAGES)
FILES = sorted(written.FOLDER.glob("*.jsonl"))


@pytest.fixture(scope="module")
def examples():
    return list(written.examples())


def texts(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_every_file_is_read():
    kinds = (*written.HARMLESS, *written.PAPERS, *written.ATTACKS, *WITH_ORDERS)
    assert {path.stem for path in FILES} == {*kinds}
    assert len(FILES) == len(kinds)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_line_is_one_text_and_none_is_there_twice(path):
    lines = texts(path)
    assert all(set(line) == {"text"} and len(line["text"]) > 5 for line in lines)
    assert len({re.sub(r"\W+", "", line["text"].casefold()) for line in lines}) == len(lines) >= 60


def test_harmless_texts_hold_no_marks_and_documents_one_order_each():
    for path in FILES:
        for line in texts(path):
            marks = [mark for mark in line["text"] if mark in written.OPENS + written.CLOSES]
            assert marks == ([written.OPENS, written.CLOSES] if path.stem in WITH_ORDERS else [])


@pytest.mark.parametrize(
    ("made", "names", "swaps"),
    [(written.examples, written.DOCUMENTS, ()), (written.odd, (*written.ODD, *written.MESSAGES), written.SWAPS)],
)
def test_an_order_in_a_document_is_placed_and_the_document_without_it_is_harmless(made, names, swaps):
    found = [one for one in made() if one.group.removeprefix(written.GROUP) in WITH_ORDERS]
    lines = [(name, line) for name in names for line in texts(written.FOLDER / f"{name}.jsonl")]
    orders = [reading(line["text"].partition(written.OPENS)[2].partition(written.CLOSES)[0]) for _, line in lines]
    step = len(swaps) + 2
    assert len(found) == step * len(lines)
    for number, (name, _) in enumerate(lines):
        *said, plain = found[number * step : number * step + step]
        assert (plain.user, plain.data) == (False, None if name in written.MESSAGES else False)
        assert {one.group for one in (*said, plain)} == {written.GROUP + name}
        for one, far in zip(said, (0, *swaps), strict=True):
            assert (one.user, one.data) == (True, True)
            assert one.text[one.start : one.end] == orders[(number + far) % len(orders)]
            assert one.text[: one.start] + one.text[one.end :] == plain.text


def test_the_small_model_learns_the_same_orders_lightly():
    light = [replace(one, weight=0.0) for one in written.odd_lightly()]
    full = [replace(one, weight=0.0) for one in written.odd() if one.weight != written.SWAPPED_WEIGHT]
    assert light == full
    assert {(one.user, one.weight) for one in written.odd_lightly()} == {(True, 1.0), (False, 3.0)}


def test_requests_are_harmless_to_a_user_and_not_asked_about_in_documents(examples):
    alone = [one for one in examples if one.group.removeprefix(written.GROUP) not in WITH_ORDERS]
    assert {one.group: (one.user, one.data) for one in alone} == {
        **{f"w_{name}": (False, None) for name in written.HARMLESS},
        **{f"w_{name}": (False, False) for name in written.PAPERS},
        **{f"w_{name}": (True, True) for name in written.ATTACKS},
    }


def test_an_attack_amid_requests_is_placed():
    found = list(written.amid(Random(1)))
    assert len(found) == written.AMID
    attacks = {reading(line["text"]) for name in written.ATTACKS for line in texts(written.FOLDER / f"{name}.jsonl")}
    harmless = [one for one in found if not one.user]
    assert len(harmless) == written.AMID // 2
    assert all((one.user, one.data, one.end) == (False, None, 0) for one in harmless)
    for one in (one for one in found if one.user):
        assert one.text[one.start : one.end] in attacks
        assert one.end - one.start < len(one.text)
        assert one.data is None
    assert found == list(written.amid(Random(1)))
