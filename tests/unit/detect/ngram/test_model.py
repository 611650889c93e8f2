import json
from itertools import pairwise

import numpy as np
import pytest

from firebreak.detect.ngram.features import BLOCK, BUCKETS, codes, grams
from firebreak.detect.ngram.model import MAGIC, STEP, WHOLE, WIDE, Head, parse, spans
from firebreak.model.errors import BadConfig

KNOTS = ((-2.0, 0.0), (0.0, 0.5), (2.0, 1.0))


def head(*words):
    """One that knows these words and nothing else."""
    weights = np.zeros(BUCKETS, np.int8)
    weights[grams(codes(" ".join(words))).words[0]] = 100
    return Head(weights, 1.0, -1.0, KNOTS)


def asset(**changed):
    header = {"heads": [{"name": "user", "scale": 0.5, "offset": -1.0, "knots": KNOTS}], **changed}
    text = json.dumps(header).encode()
    return MAGIC + len(text).to_bytes(4, "little") + text + bytes(BUCKETS)


def test_an_asset_is_read():
    read = parse(asset(), "m.bin")["user"]
    assert (read.scale, read.offset, read.knots) == (0.5, -1.0, KNOTS)
    assert read.weights.shape == (BUCKETS,)
    assert not read.weights.flags.writeable


@pytest.mark.parametrize(
    "data",
    [
        b"",
        MAGIC,
        b"x" * 100,
        asset()[:-1],
        MAGIC + b"\x02\0\0\0[]",
        MAGIC + b"\x01\0\0\0{",
        asset(heads=None),
        asset(heads=[{"name": "user"}]),
        asset(heads=[{"name": "user", "scale": 1, "offset": 0, "knots": []}]),
        asset(heads=[{"name": "user", "scale": 1, "offset": 0, "knots": [[1]]}]),
        asset(heads=[{"name": "user", "scale": 1, "offset": 0, "knots": [[1, 0.5], [0, 0.7]]}]),
        asset(heads=[{"name": "user", "scale": 1, "offset": 0, "knots": [[0, 0.5], [1, 1.5]]}]),
    ],
)
def test_what_is_no_model_is_refused(data):
    with pytest.raises(BadConfig, match=r"m\.bin: the injection model cannot be read"):
        parse(data, "m.bin")


@pytest.mark.parametrize("length", [0, 1, WHOLE, WHOLE + 1, 5 * WIDE, 5 * WIDE + 1])
def test_windows_cover_the_text(length):
    starts, ends = spans(length)
    assert starts[0] == 0
    assert ends[-1] == length
    assert all(0 < after - before <= STEP for before, after in pairwise(starts))


def test_the_window_with_the_words_stands_out():
    text = "calm " * 400 + "forbidden fruit " + "calm " * 400
    windows = head("forbidden", "fruit").windows(text)
    best = int(windows.odds.argmax())
    assert windows.starts[best] <= text.index("forbidden") < windows.ends[best]
    assert (windows.odds > -1).sum() <= 3


def test_long_texts_are_read_as_if_in_one_piece():
    text = "calm " * (BLOCK // 2) + "forbidden"
    odds = head("forbidden").windows(text).odds
    assert odds[-1] > -1
    assert (odds[:-1] == -1).sum() >= len(odds) - 2


def test_a_text_without_words_says_nothing():
    assert head("x").windows("").odds.tolist() == [-1.0]


def test_scores_follow_the_knots():
    one = head("x")
    assert [one.score(odds) for odds in (-9.0, -1.0, 0.0, 1.0, 9.0)] == [0.0, 0.25, 0.5, 0.75, 1.0]
