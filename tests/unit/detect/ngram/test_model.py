import json
from itertools import pairwise

import numpy as np
import pytest

from firebreak.detect.ngram.features import BLOCK, BUCKETS, codes, grams
from firebreak.detect.ngram.model import (
    FEW,
    LONGEST,
    MAGIC,
    PIECES,
    STEP,
    WHOLE,
    WIDE,
    Model,
    Table,
    Voice,
    parse,
    pieces,
    size,
    spans,
    standing_out,
)
from firebreak.model.errors import BadConfig

KNOTS = ((-2.0, 0.0), (0.0, 0.5), (30.0, 1.0))
HEADER = {
    "tables": [{"name": name, "scale": 0.5, "offset": -1.0} for name in (PIECES, "user")],
    "voices": [{"name": "user", "knots": KNOTS, "short_knots": KNOTS, "piece_knots": KNOTS, "lean": 0.5, "usual": 0}],
}


def table(*words):
    """One that knows these words and nothing else."""
    weights = np.zeros(BUCKETS, np.int8)
    if words:
        weights[grams(codes(" ".join(words))).words[0]] = 100
    return Table(weights, 1.0, -1.0)


def model(wide=(), small=(), lean=0.0, usual=0.0):
    return Model({"user": table(*wide), PIECES: table(*small)}, {"user": Voice(KNOTS, KNOTS, KNOTS, lean, usual)})


def asset(**changed):
    text = json.dumps(HEADER | changed).encode()
    return MAGIC + len(text).to_bytes(4, "little") + text + bytes(2 * BUCKETS)


def test_an_asset_is_read():
    read = parse(asset(), "m.bin")
    assert read.voices == {"user"}
    assert read.windows("some words", "user").scores.tolist() == [0.25]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        MAGIC,
        b"x" * 100,
        asset()[:-1],
        MAGIC + b"\x02\0\0\0[]",
        MAGIC + b"\x01\0\0\0{",
        asset(tables=None),
        asset(tables=[]),
        asset(voices=[{"name": "user"}]),
        asset(
            voices=[
                {"name": "other", "knots": KNOTS, "short_knots": KNOTS, "piece_knots": KNOTS, "lean": 0, "usual": 0}
            ]
        ),
        asset(
            voices=[{"name": "user", "knots": [], "short_knots": KNOTS, "piece_knots": KNOTS, "lean": 0, "usual": 0}]
        ),
        asset(
            voices=[{"name": "user", "knots": [[1]], "short_knots": KNOTS, "piece_knots": KNOTS, "lean": 0, "usual": 0}]
        ),
        asset(
            voices=[
                {
                    "name": "user",
                    "knots": [[1, 0.5], [0, 0.7]],
                    "short_knots": KNOTS,
                    "piece_knots": KNOTS,
                    "lean": 0,
                    "usual": 0,
                }
            ]
        ),
        asset(
            voices=[
                {
                    "name": "user",
                    "knots": KNOTS,
                    "short_knots": KNOTS,
                    "piece_knots": [[0, 0.5], [1, 1.5]],
                    "lean": 0,
                    "usual": 0,
                }
            ]
        ),
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


def test_pieces_begin_at_seams_and_cover_the_text():
    text = "A first sentence stands here. A second one follows it, and it is long enough.\n" * 9
    seams = grams(codes(text)).seams
    starts, ends = pieces(seams)
    assert set(starts) == set(seams[:-1])
    assert all(0 < end - start <= LONGEST for start, end in zip(starts, ends, strict=True))
    covered = np.zeros(len(text), np.bool_)
    for start, end in zip(starts, ends, strict=True):
        covered[start:end] = True
    assert covered.all()


def test_the_window_with_the_words_stands_out():
    text = "calm " * 400 + "forbidden fruit " + "calm " * 400
    windows = model(("forbidden", "fruit")).windows(text, "user")
    best = int(windows.scores.argmax())
    assert windows.starts[best] <= text.index("forbidden") < windows.ends[best]
    assert (windows.scores > 0.25).sum() <= 3


def test_the_piece_with_the_words_stands_out():
    text = "All is calm here today. " * 60 + "Take the forbidden fruit. " + "All is calm here today. " * 60
    windows = model(small=("forbidden", "fruit")).windows(text, "user")
    best = int(windows.scores.argmax())
    assert text[windows.starts[best] : windows.ends[best]].strip() == "Take the forbidden fruit."


def test_pieces_that_all_say_the_same_speak_for_none():
    text = "Take the forbidden fruit. " * 40
    plain, leaning = (model(small=("forbidden",), lean=lean).windows(text, "user") for lean in (0.0, 1.0))
    assert leaning.scores.max() < plain.scores.max()


def test_among_few_harmless_pieces_one_stands_out_as_among_many():
    orders = "Take the forbidden fruit now. "
    best = [
        model(small=("forbidden", "fruit"), lean=1.0).windows(orders + "All is calm here today. " * count, "user")
        for count in (8, 60)
    ]
    few, many = (float(windows.scores.max()) for windows in best)
    assert few == pytest.approx(many, abs=0.02)


@pytest.mark.parametrize("usual", [-3.0, 3.0])
def test_a_text_of_one_piece_is_held_against_what_is_usual(usual):
    said = [{"name": "user", "knots": KNOTS, "short_knots": KNOTS, "piece_knots": KNOTS, "lean": 0.5, "usual": usual}]
    text = "x" * (FEW + 1)
    windows = parse(asset(voices=said), "m.bin").windows(text, "user")
    (places, scores), alone = np.array(KNOTS).T, -2.0  # the offsets of both tables, whose weights are nothing
    assert windows.scores[1:].tolist() == [np.interp(alone - 0.5 * usual, places, scores)] * 2


def overlapping(rng, count):
    """Pieces as they are cut: one short and one long from each seam."""
    seams = np.concatenate(([0], np.cumsum(rng.integers(1, 90, count))))
    return pieces(seams.astype(np.intp))


@pytest.mark.parametrize("count", [1, 2, 3, 40])
def test_a_piece_is_held_against_the_longer_ones_that_do_not_touch_it(count):
    rng = np.random.default_rng(count)
    starts, ends = overlapping(rng, count)
    odds = rng.normal(size=len(starts))
    found = standing_out(odds, starts, ends, 0.5, -4.0)
    for number, (start, end) in enumerate(zip(starts, ends, strict=True)):
        others = [odds[k] for k in range(count, 2 * count) if ends[k] <= start or end <= starts[k]]
        assert found[number] == pytest.approx(odds[number] - 0.5 * (np.mean(others) if others else -4.0))


def test_both_tables_say_side_by_side_what_each_says_alone():
    rng = np.random.default_rng(1)
    wide, small = (Table(rng.integers(-127, 128, BUCKETS, np.int8), 0.01, -0.5) for _ in range(2))
    both = Model({"user": wide, PIECES: small}, {"user": Voice(KNOTS, KNOTS, KNOTS, 0.0, 0.0)})
    text = "Wer liest das? Der Prüfer, 日本語 auch. " * 60
    windows, found = both.windows(text, "user"), grams(codes(text))
    (places, scores), count = np.array(KNOTS).T, len(spans(len(text))[0])
    for tables, part in (((wide,), slice(count)), ((wide, small), slice(count, None))):
        starts, ends = windows.starts[part], windows.ends[part]
        odds = sum(table.odds(found, starts, ends, size(found, starts, ends)) for table in tables)
        assert windows.scores[part].tolist() == np.interp(odds, places, scores).tolist()


def test_a_short_text_is_one_piece():
    text = "Take the forbidden fruit. "
    assert len(model(small=("forbidden",)).windows(text * (FEW // len(text)), "user").scores) == 1


def test_long_texts_are_read_as_if_in_one_piece():
    text = "calm " * (BLOCK // 2) + "forbidden"
    windows = model(("forbidden",)).windows(text, "user")
    found = windows.scores > 0.25
    assert all(windows.ends[found] == len(text))
    assert found.any()


def test_a_text_without_words_says_nothing():
    assert model(("x",)).windows("", "user").scores.tolist() == [0.25]
