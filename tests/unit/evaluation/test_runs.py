import json
import math

import pytest
from tests.unit.evaluation.test_tally import SEEN

from firebreak.evaluation.decisions import Decided, outcomes
from firebreak.evaluation.examples import Example
from firebreak.evaluation.runs import Answer, answers, dumps, figures, load
from firebreak.evaluation.tally import tallies
from firebreak.model.errors import BadConfig

DECIDED = [Decided(Example("q", "asks", "intent", "t", category="coding"), True, False, "r", "math", "coding")]


def test_figures_of_detectors_and_policy_stand_together():
    told = figures(tallies(SEEN), outcomes(DECIDED))
    assert told["injection", "attacks"]["recall"] == 0.5
    assert told["intent", "asks"]["false_block"] == 1.0
    assert "false_allow" not in told["injection", "attacks"]


def test_a_run_comes_back_without_a_word_of_any_text(tmp_path):
    first = answers([(one, one.found) for one in SEEN], DECIDED)
    file = tmp_path / "run.json"
    file.write_text(dumps(figures(tallies(SEEN), outcomes(DECIDED)), first), encoding="utf-8")
    assert load(file) == first
    assert first["q"] == Answer("intent", "asks", due=False, flag=True)
    document = json.loads(file.read_text())
    assert "xxxx" not in file.read_text()
    assert all(
        math.isfinite(value) for row in document["figures"] for value in row.values() if isinstance(value, float)
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '{"version": 2, "texts": {}}',
        '{"version": 1}',
        '{"version": 1, "texts": {"a": [1]}}',
        '{"version": 1, "texts": {"a": ["k", "s", 1, true]}}',
    ],
)
def test_what_is_no_run_is_refused(tmp_path, text):
    file = tmp_path / "run.json"
    file.write_text(text)
    with pytest.raises(BadConfig, match=r"run\.json"):
        load(file)
    with pytest.raises(BadConfig, match="No such file"):
        load(tmp_path / "absent.json")
