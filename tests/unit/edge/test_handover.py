import json
from dataclasses import replace

import pytest
from tests import answers

from firebreak.edge.envoy.processing import CHANGES, HANDED_OVER
from firebreak.edge.handover import from_metadata, to_metadata
from firebreak.model.handover import Fingerprints

FULL = answers.handover(changes=((0, 3, b"[X_1]"), (3, 9, b""), (12, 15, "\u00e9".encode())))


def test_there_and_back():
    assert from_metadata(to_metadata(FULL)) == FULL
    assert from_metadata(to_metadata(answers.handover())) == answers.handover()


def test_fingerprints_of_a_prompt_go_along_in_few_bytes():
    prompt = Fingerprints(tuple(range(2**32 - 64, 2**32)), 36)
    handed = replace(FULL, prompt=prompt)
    assert from_metadata(to_metadata(handed)) == handed
    assert len(to_metadata(handed)["prompt"]) <= 350
    assert "prompt" not in to_metadata(FULL)


@pytest.mark.parametrize("prompt", ["x", "3", "3:AAA", "0:AAAAAA==", "3:####", "-1:AAAAAA==", ":AAAAAA=="])
def test_fingerprints_that_make_no_sense_are_no_handover(prompt):
    assert from_metadata({**to_metadata(FULL), "prompt": prompt}) is None


def test_the_estimate_of_a_request_goes_along_where_there_is_one():
    handed = replace(FULL, tokens=1234)
    assert from_metadata(to_metadata(handed)) == handed
    assert "tokens" not in to_metadata(FULL)
    assert from_metadata({**to_metadata(FULL), "tokens": "many"}) is None


def test_the_keys_by_which_envoy_chooses():
    assert HANDED_OVER in to_metadata(answers.handover())
    assert CHANGES not in to_metadata(answers.handover())
    assert CHANGES in to_metadata(FULL)


def test_nothing_but_texts():
    assert all(value and type(value) is str for value in to_metadata(FULL).values())


@pytest.mark.parametrize(
    "changes",
    [
        "",
        "x",
        "3",
        "[1]",
        "[[1, 2]]",
        '[[3, 2, "a"]]',
        '[[0, 5, "a"], [4, 6, "b"]]',
        '[[-1, 2, "a"]]',
        '[[0.5, 2, "a"]]',
        '[["0", 2, "a"]]',
        '{"abc": 1}',
        "[[[], [], []]]",
    ],
)
def test_changes_that_make_no_sense_are_no_handover(changes):
    assert from_metadata({**to_metadata(FULL), CHANGES: changes}) is None


@pytest.mark.parametrize("key", ["record", "surface"])
def test_without_a_record_or_a_codec_there_is_none(key):
    values = to_metadata(FULL)
    del values[key]
    assert from_metadata(values) is None
    assert from_metadata({}) is None
    assert from_metadata({**values, key: 3}) is None


def test_the_changes_are_json():
    assert json.loads(to_metadata(FULL)[CHANGES])[0] == [0, 3, "[X_1]"]
