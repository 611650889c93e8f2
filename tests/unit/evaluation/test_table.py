from tests.unit.evaluation.test_tally import SEEN

from firebreak.evaluation import table
from firebreak.evaluation.decisions import Outcome
from firebreak.evaluation.figures import Rate
from firebreak.evaluation.tally import tallies


def test_a_row_tells_only_what_was_counted():
    pooled, attacks, benign, _ = table.rows(tallies(SEEN)[0])
    assert pooled[:6] == ["pooled", "3", "3", "0.667 (0.208-0.939)", "0.333 (0.061-0.792)", "0.667"]
    assert attacks[2] == attacks[4] == ""
    assert (pooled[7], attacks[7], benign[7]) == ("0.667 / 0.000", "0.500", "0.000")
    assert len(pooled) == len(table.HEAD)


def test_an_outcome_is_a_row_too():
    outcome = Outcome("intent", "s", Rate(0, 20), Rate(0, 0), Rate(10, 20), Rate(1, 20))
    (row,) = table.outcome_rows([outcome])
    assert row == ["s", "20", "", "0.000 (0.000-0.161)", "", "0.500", "0.050"]
    assert len(row) == len(table.OUTCOME_HEAD)


def test_columns_stand_under_each_other():
    assert table.text(["set", "n"], [["ab", "1"], ["long name", "22"]]).split("\n") == [
        "set         n",
        "---------  --",
        "ab          1",
        "long name  22",
    ]
