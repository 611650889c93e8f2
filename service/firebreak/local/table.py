"""The demo's table: live on a terminal, one line after another where the output goes to a file or a CI log."""

import sys
import time
from collections.abc import Sequence
from types import TracebackType
from typing import Protocol, Self, TextIO

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from firebreak.local.compare import Row
from firebreak.local.scenarios import REFUSED

COLORS = {
    "ALLOW": "green",
    "WARN": "yellow",
    "ALLOW_CONSTRAINED": "yellow",
    "REDACT": "magenta",
    "REQUIRE_APPROVAL": "magenta",
    "BLOCK": "red",
    REFUSED: "red",
}
HEADINGS = ("time", "scenario", "decision", "intent", "rule", "audit", "ms", "")
WIDTHS = (8, 43, 17, 27, 30, 8, 6, 2)
ALERTS_SHOWN = 6


class Board(Protocol):
    """Where the demo shows what it does."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def step(self, what: str) -> None:
        """What is going on now."""

    def row(self, row: Row) -> None:
        """One scenario is over."""

    def say(self, lines: Sequence[str]) -> None:
        """Lines that stay, below everything else."""


def board(title: str, output: TextIO = sys.stdout) -> Board:
    """A live board on a terminal, a plain one elsewhere."""
    console = Console(file=output)
    return LiveBoard(title, console) if console.is_terminal else PlainBoard(title, output)


class PlainBoard:
    """Lines only: no cursor movement, no colour."""

    def __init__(self, title: str, output: TextIO) -> None:
        self._title = title
        self._output = output
        self._started = False

    def __enter__(self) -> Self:
        self._print(self._title)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    def step(self, what: str) -> None:
        self._print(f"... {what}")

    def row(self, row: Row) -> None:
        if not self._started:
            self._started = True
            self._print(_fixed(HEADINGS))
        self._print(_fixed(cells(row)))
        if row.answer:
            self._print(f"         {row.answer}")
        for alert in row.alerts:
            self._print(f"         alert {alert}")
        for problem in row.wrong:
            self._print(f"         NOT AS EXPECTED: {problem}")

    def say(self, lines: Sequence[str]) -> None:
        for line in lines:
            self._print(line)

    def _print(self, line: str) -> None:
        self._output.write(f"{line}\n")
        self._output.flush()


class LiveBoard:
    """The table, redrawn in place, with the alerts below it."""

    def __init__(self, title: str, console: Console) -> None:
        self._console = console
        self._table = Table(title=title, title_style="bold", expand=False)
        for heading in HEADINGS:
            self._table.add_column(heading, justify="right" if heading == "ms" else "left", overflow="ellipsis")
        self._alerts: list[Text] = []
        self._doing: RenderableType = Text("")
        self._live = Live(self._view(), console=console, refresh_per_second=8)

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._freeze()

    def step(self, what: str) -> None:
        if not self._live.is_started:
            self._console.print(Text(f"... {what}", "dim"))
            return
        self._doing = Spinner("dots", text=what)
        self._live.update(self._view(), refresh=True)

    def row(self, row: Row) -> None:
        texts = [Text(cell) for cell in cells(row)]
        texts[2].stylize(COLORS.get(row.seen.decision, ""))
        texts[-1].stylize("bold red" if row.wrong else "green")
        self._table.add_row(*texts)
        clock = texts[0].plain
        self._alerts += [Text(f"{clock}  {row.answer}", "magenta")] if row.answer else []
        self._alerts += [Text(f"{clock}  alert  {alert}", "red") for alert in row.alerts]
        self._alerts += [Text(f"{clock}  NOT AS EXPECTED  {problem}", "bold red") for problem in row.wrong]
        self._live.update(self._view(), refresh=True)

    def say(self, lines: Sequence[str]) -> None:
        self._freeze()
        for line in lines:
            # Whole, however long: it may be a command to copy.
            self._console.print(Text(line), soft_wrap=True)

    def _freeze(self) -> None:
        """Leave the table as it is; what comes from now on is printed below it."""
        if self._live.is_started:
            self._doing = Text("")
            self._live.update(self._view(), refresh=True)
            self._live.stop()

    def _view(self) -> Group:
        rows = (self._table,) if self._table.row_count else ()
        return Group(*rows, *self._alerts[-ALERTS_SHOWN:], self._doing)


def cells(row: Row) -> tuple[str, ...]:
    """The row's texts, in the order of the headings."""
    clock = time.strftime("%H:%M:%S", time.localtime(row.seen.time_s))
    intent = f"{row.intent} {row.confidence:.2f}" if row.intent else "-"
    mark = "!!" if row.wrong else "ok"
    latency = f"{row.seen.latency_ms:.1f}"
    return (
        clock,
        row.scenario.title,
        row.seen.decision or "-",
        intent,
        row.seen.rule or "-",
        row.audit or "-",
        latency,
        mark,
    )


def _fixed(texts: Sequence[str]) -> str:
    padded = (text.ljust(width)[:width] for text, width in zip(texts, WIDTHS, strict=True))
    return " ".join(padded).rstrip()
