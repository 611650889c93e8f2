import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firebreak.detect import table
from firebreak.detect.engine import Pattern
from firebreak.detect.registry import PII, SECRETS
from firebreak.detect.table import in_cells


def read(text: str) -> list[str]:
    """The lines that were made of the text."""
    made = in_cells(text)
    return made[0].split("\n")[1:] if made else []


@pytest.mark.parametrize(
    "text",
    [
        "name,ssn,city\nJohn Smith,536228726,Boston\n",
        "name;ssn;city\r\nJohn Smith;536228726;Boston\r\n",
        'name\tssn\tcity\n"John"\t"536228726"\tBoston',
        '"name","ssn"\n"Smith, John","536228726"',
        "Rows, as asked:\nname,ssn\nSmith,536228726\n(1 row)",
        "| name | ssn |\n|------|:---:|\n| John | `536228726` |\n\nDone.",
        " name |    ssn    \n------+-----------\n John | 536228726\n(1 row)",
        "+------+-----------+\n| name | ssn       |\n+------+-----------+\n| John | 536228726 |\n+------+-----------+",
        "a,b,c\nname,ssn\nJohn,536228726",
        "über, alles\n\nprénom,ssn\nRené,536228726",
    ],
)
def test_a_value_stands_behind_the_name_of_its_column(text):
    assert read(text) == ["ssn: 536228726"]
    made, offsets = in_cells(text) or ("", None)
    assert offsets
    at = made.index("536")
    assert text[slice(*offsets.span(at, at + 9))] == "536228726"


@pytest.mark.parametrize("sign", [",", "\t", " | "])
@pytest.mark.parametrize("break_", ["\n", "\r\n"])
def test_a_table_that_is_a_value_of_json_is_read(sign, break_):
    rows = break_.join(sign.join(cells) for cells in (("name", "ssn"), ('"Jo"', '"536228726"'), ("Al", "536228727")))
    text = json.dumps({"id": "7", "result": rows})
    made, offsets = in_cells(text) or ("", None)
    assert [line.rstrip('"} ') for line in made.split("\n")[1:]] == ["ssn: 536228726", "ssn: 536228727"]
    assert offsets
    assert text[slice(*offsets.span(at := made.index("536"), at + 9))] == "536228726"


ROWS = [["name", "ssn"], ["Jo", "536228726"], ["Al", "536228727"]]
HTML = (
    "<table class='x'>\n <thead>\n  <tr><th>name</th><th>ssn</th></tr>\n </thead>\n <tbody>\n"
    + "".join(f"  <tr id=1>\n   <td>{name}</td>\n   <td align=left>{ssn}</td>\n  </tr>\n" for name, ssn in ROWS[1:])
    + " </tbody>\n</table>"
)


@pytest.mark.parametrize(
    "text",
    [
        HTML,
        HTML.replace("\n", "").replace("  ", ""),
        json.dumps({"page": HTML}),
        json.dumps(ROWS),
        json.dumps(ROWS, separators=(",", ":")),
        json.dumps({"columns": ROWS[0], "rows": ROWS[1:]}),
        json.dumps({"id": [1, 2], "fields": ROWS[0], "data": ROWS[1:]}, separators=(",", ":")),
    ],
)
def test_tables_of_html_and_arrays_are_read(text):
    made, offsets = in_cells(text) or ("", None)
    assert [line[:14] for line in made.split("\n")[1:]] == ["ssn: 536228726", "ssn: 536228727"]
    assert offsets
    for value in ("536228726", "536228727"):
        at = made.index(value)
        assert text[slice(*offsets.span(at, at + 9))] == value


@pytest.mark.parametrize(
    "text", ["[[1, 2], [3456, 7890]]", '[["a"], ["b1234"]]', "a[0],[1234]", "<td>1234</td><td>a</td>"]
)
def test_arrays_and_cells_without_names_are_left_alone(text):
    assert read(text) == []


def test_every_row_and_every_table_is_read():
    text = "id,api key\n1,hunter2x9\n2,hunter3x9\n\nid,phone\n7,030 123456\n"
    assert read(text) == ["api key: hunter2x9", "api key: hunter3x9", "phone: 030 123456"]


def test_a_row_of_another_length_is_left_out_and_the_rest_is_read():
    assert read("id,key\n1,ab12345\n2,x,y,z98765\n3,cd12345\nno table any more\n4,ef12345\n") == [
        "key: ab12345",
        "key: cd12345",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "name,ssn",
        "ssn\n536228726\n",
        "First, do this\nthen, do that\n",
        "First, do this\nThen tell him that in 2026, nothing will be as it was, and so on\n",
        "def f(a, b):\n    return a, 12345\n",
        "1,2,3\n4567,8901,2345\n",
        "| Option | Default |\n|---|---|\n| `--size` | 64 KiB |\n| on | 3 |\n",
    ],
)
def test_what_is_no_table_or_holds_only_words_is_left_alone(text):
    assert read(text) == []


def test_no_value_is_lost_below_long_names():
    text = f"key{'n' * 37},k\n" + "1234,x\n" * 20_000
    made, _ = in_cells(text) or ("", None)
    assert made.count("n: 1234") == 20_000
    assert len(made) <= 10 * len(text)


@given(st.text('a1234 ,;|\t"\n-\r', max_size=80).map(lambda text: f"name,ssn,x\n{text}"))
def test_a_value_is_what_stands_at_its_place(text):
    made, offsets = in_cells(text) or ("", None)
    for line in made.split("\n")[1:]:
        name, _, value = line.partition(": ")
        assert name
        at = made.index(line) + len(name) + 2
        assert offsets
        assert text[slice(*offsets.span(at, at + len(value)))] == value


CELLS = st.sampled_from(
    ("name", "Geburts-ID", "dob", "1234", "a1b2c3", '"x, y"', "", " 12 | 3", "ИНН", "`k9Xq2L`", "12", "no")
)
LINES = st.one_of(
    st.builds(str.join, st.sampled_from((",", " | ", "\t", ";")), st.lists(CELLS, min_size=1, max_size=4)),
    st.builds("| {} | {} |".format, CELLS, CELLS),
    st.sampled_from(("", "|---|---|", "---+---", "First, do this", "A line.")),
)


@settings(max_examples=300)
@given(st.lists(LINES, max_size=9).map("\n".join))
def test_no_value_is_hidden_by_the_first_look(text):
    quick = list(table._values(text))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(table, "_LIKELY", Pattern("(?s).+"))
        assert quick == list(table._values(text))


def test_names_of_any_script_count():
    assert read("имя,ИНН\nИван,500100732259") == ["ИНН: 500100732259"]
    assert read("driver's license;x\nD1234567;y") == ["driver's license: D1234567"]


def test_json_is_no_table():
    assert read(json.dumps([{"ssn": "536228726", "name": "x"}], indent=1)) == []


NO_COLUMN = {"a", "value", "she lives at"}
"""What stands before a value in an example and names no column."""


@pytest.mark.parametrize("rule", [*SECRETS, *PII], ids=lambda rule: rule.id)
def test_every_name_that_a_rule_needs_tells(rule):
    for example in rule.matches:
        start, end = next(rule.compiled.spans(example.encode()))
        if rule.compiled.found(example.encode()[start:end].decode()):
            continue  # the value says by itself what it is
        name = re.split(r"[\n\"'{,]", example.encode()[:start].decode().strip(" :=\"'([{`-"))[-1].strip(" :=\"'([{`-")
        if re.fullmatch(r"[^\W\d_][\w .'/-]{0,39}", name) and " -" not in name and name not in NO_COLUMN:
            assert table._TELLING.found(name), name
