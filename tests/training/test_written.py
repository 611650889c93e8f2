"""The texts that were written one by one."""

import json
import re

import pytest

from training import written
from training.example import reading

FILES = sorted(written.FOLDER.glob("*.jsonl"))


@pytest.fixture(scope="module")
def examples():
    return list(written.examples())


def texts(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_every_file_is_read():
    assert {path.stem for path in FILES} == {*written.HARMLESS, *written.ATTACKS, "documents"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_line_is_one_text_and_none_is_there_twice(path):
    lines = texts(path)
    assert all(set(line) == {"text"} and len(line["text"]) > 20 for line in lines)
    assert len({re.sub(r"\W+", "", line["text"].casefold()) for line in lines}) == len(lines) >= 60


def test_harmless_texts_hold_no_marks_and_documents_one_order_each():
    for path in FILES:
        for line in texts(path):
            marks = [mark for mark in line["text"] if mark in written.OPENS + written.CLOSES]
            assert marks == ([written.OPENS, written.CLOSES] if path.stem == "documents" else [])


def test_an_order_in_a_document_is_placed_and_the_document_without_it_is_harmless(examples):
    found = [one for one in examples if one.group == "w_documents"]
    for said, plain, line in zip(found[::2], found[1::2], texts(written.FOLDER / "documents.jsonl"), strict=True):
        order = reading(line["text"].partition(written.OPENS)[2].partition(written.CLOSES)[0])
        assert (said.user, said.data, plain.user, plain.data) == (True, True, False, False)
        assert said.text[said.start : said.end] == order
        assert said.text[: said.start] + said.text[said.end :] == plain.text


def test_requests_are_harmless_to_a_user_and_not_asked_about_in_documents(examples):
    asked = {one.group: (one.user, one.data) for one in examples if one.group != "w_documents"}
    harmless = {f"w_{name}": (False, None) for name in written.HARMLESS}
    assert asked == {**harmless, **{f"w_{name}": (True, True) for name in written.ATTACKS}}
