"""The board on a terminal and in a log."""

import io

import pytest
from rich.console import Console

from firebreak.local.compare import Row
from firebreak.local.scenarios import Expectation, Scenario
from firebreak.local.send import Observation
from firebreak.local.table import LiveBoard, PlainBoard, board, cells

SCENARIO = Scenario("a", "Translate [a] manual", "openai", "chat", Expectation("ALLOW", "fine"))
GOOD = Row(SCENARIO, Observation(0.0, 12.34, 200, "ALLOW", "fine", "r"), "translation", 0.914, "standard", (), "", ())
BAD = Row(
    SCENARIO,
    Observation(0.0, 1.0, 400, "BLOCK", "block-x", "r"),
    "",
    0.0,
    "",
    ("legal: block-x",),
    "answer cut: BLOCK by keys",
    ("it is wrong",),
)


def show(shown):
    with shown:
        shown.step("starting Envoy")
        shown.row(GOOD)
        shown.row(BAD)
        shown.say(["audit log verified: 2 entries"])


def test_cells_follow_the_headings():
    assert cells(GOOD)[1:] == ("Translate [a] manual", "ALLOW", "translation 0.91", "fine", "standard", "12.3", "ok")
    assert cells(BAD)[3:] == ("-", "block-x", "-", "1.0", "!!")


@pytest.mark.parametrize("live", [True, False])
def test_both_boards_show_everything(live):
    output = io.StringIO()
    show(
        LiveBoard("Title", Console(file=output, force_terminal=True, width=160))
        if live
        else PlainBoard("Title", output)
    )
    shown = output.getvalue()
    for text in (
        "Title",
        "Translate [a] manual",
        "0.91",
        "block-x",
        "answer cut",
        "legal",
        "it is wrong",
        "verified: 2 entries",
    ):
        assert text in shown


def test_a_log_gets_no_control_characters():
    output = io.StringIO()
    show(PlainBoard("Title", output))
    assert "\x1b" not in output.getvalue()
    assert "... starting Envoy\n" in output.getvalue()


def test_a_file_gets_the_plain_board():
    assert isinstance(board("Title", io.StringIO()), PlainBoard)


def test_a_terminal_gets_the_live_board(monkeypatch):
    output = io.StringIO()
    monkeypatch.setattr(output, "isatty", lambda: True)
    assert isinstance(board("Title", output), LiveBoard)


def test_the_live_board_takes_its_last_line_away():
    output = io.StringIO()
    console = Console(file=output, force_terminal=True, width=120)
    with LiveBoard("Title", console) as shown:
        shown.step("working")
    assert output.getvalue().rstrip().endswith("\x1b[?25h")


def test_a_command_to_copy_is_one_line_below_the_table():
    output = io.StringIO()
    command = "curl " + "x" * 300
    with LiveBoard("Title", Console(file=output, force_terminal=True, width=80)) as shown:
        shown.row(GOOD)
        shown.say([command])
        shown.step("up")
    assert f"{command}\n" in output.getvalue()
    assert "... up" in output.getvalue()
