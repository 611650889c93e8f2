"""`firebreak eval`: how good the detectors and a policy are on labelled texts, and whether they hold their floors."""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from firebreak.adapters import logs
from firebreak.app.compose import Composer
from firebreak.cli.parsers import Subparsers
from firebreak.evaluation import differences, floors, page, runs, table
from firebreak.evaluation.compose import Ground, composer, ground
from firebreak.evaluation.decisions import Decided, Outcome, decide, outcomes
from firebreak.evaluation.examples import INTENT, KINDS, Example, read
from firebreak.evaluation.measure import Seen, measure
from firebreak.evaluation.tally import Cut, Tally, tallies
from firebreak.model.errors import BadConfig
from firebreak.model.finding import FindingKind

OK, MISSED = 0, 1


def add_parser(subparsers: Subparsers) -> None:
    parser = subparsers.add_parser(
        "eval",
        help="measure detectors and a policy on labelled texts",
        description="Run the shipped detectors, and a policy, over labelled JSONL (docs/evaluation.md) and print "
        "rates with 95 % bounds. Exit status 1 when a floor is missed.",
    )
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="labelled texts: .jsonl or .jsonl.gz")
    parser.add_argument("--policy", type=Path, metavar="FILE", help="also decide on each text by this policy")
    parser.add_argument(
        "--compare",
        type=Path,
        metavar="OTHER",
        help="a second policy (.yaml), or what an earlier run wrote with --json (.json)",
    )
    parser.add_argument("--encoder-dir", default="", metavar="DIR", help="with the encoders of this directory")
    parser.add_argument("--floors", type=Path, metavar="FILE", help="floors to hold (YAML)")
    parser.add_argument("--report", type=Path, metavar="OUT.html", help="write a page with curves and the worst misses")
    parser.add_argument("--with-texts", action="store_true", help="show the worst misses' texts in the page")
    parser.add_argument(
        "--json", type=Path, metavar="OUT.json", help="write figures and what was said of each text, without the texts"
    )
    parser.add_argument(
        "--kind",
        choices=KINDS,
        default=FindingKind.INJECTION.value,
        help="what the labels of lines that name no kind are about (default: %(default)s)",
    )
    cut = parser.add_mutually_exclusive_group()
    cut.add_argument("--threshold", type=float, metavar="T", help="count texts with this score or more as found")
    cut.add_argument(
        "--fpr", type=float, metavar="F", help="count texts over the score that this share of harmless exceed"
    )
    parser.set_defaults(run=run)


@dataclass(frozen=True, slots=True)
class _Run:
    """What was measured of all texts."""

    ground: Ground
    tallies: Sequence[Tally]
    decided: Sequence[Decided]
    flags: Sequence[tuple[Seen, bool]]

    @property
    def outcomes(self) -> list[Outcome]:
        return outcomes(self.decided)


def run(arguments: argparse.Namespace) -> int:
    logs.setup("error")
    _check(arguments)
    bars = floors.load(arguments.floors) if arguments.floors else floors.NO_FLOORS
    examples = read(arguments.files, arguments.kind)
    parts = composer(arguments.encoder_dir)
    measured = _measured(examples, arguments, bars, parts)
    held = floors.hold(bars, runs.figures(measured.tallies, measured.outcomes))
    compared = _compared(measured, examples, arguments.compare, parts)
    _print(measured, compared, held)
    _write(measured, compared, held, arguments)
    return MISSED if any(one.missed for one in held) else OK


def _check(arguments: argparse.Namespace) -> None:
    """Refuses what could only fail after minutes of work."""
    if arguments.fpr is not None and not 0 <= arguments.fpr < 1:
        raise BadConfig("--fpr", "it is no share", "give a number such as 0.01")
    if arguments.threshold is not None and not 0 <= arguments.threshold <= 1:
        raise BadConfig("--threshold", "it is no score", "give a number from 0 to 1")
    if arguments.compare and not _is_run(arguments.compare) and not arguments.policy:
        raise BadConfig("--compare", "there is no policy to compare with", "give the first one with --policy")


def _is_run(file: Path) -> bool:
    return file.suffix == ".json"


def _measured(examples: Sequence[Example], arguments: argparse.Namespace, bars: floors.Floors, parts: Composer) -> _Run:
    on = ground(arguments.policy, parts)
    seen = measure(examples, on.screen, encoder=bool(arguments.encoder_dir))
    cut = Cut(arguments.threshold, arguments.fpr)
    asked = examples if arguments.policy else [one for one in examples if one.kind == INTENT]
    flags = [pair for kind in sorted({one.kind for one in examples}) for pair in _flags(seen, kind, cut)]
    return _Run(on, tallies(seen, bars.pools, cut), decide(asked, on.decider, on.program), flags)


def _flags(seen: Sequence[Seen], kind: str, cut: Cut) -> list[tuple[Seen, bool]]:
    group = [one for one in seen if one.example.kind == kind]
    return list(zip(group, cut.flags(group), strict=True))


def _compared(
    measured: _Run, examples: Sequence[Example], other: Path | None, parts: Composer
) -> tuple[list[list[str]], list[str]]:
    """The rows and the sentences of a comparison."""
    if other is None:
        return [], []
    if _is_run(other):
        first, names = runs.load(other), (other.name, "this run")
        second = runs.answers(measured.flags, measured.decided)
    else:
        beside = ground(other, parts)
        first, names = runs.answers([], measured.decided), (measured.ground.file, str(other))
        second = _due_alike(first, runs.answers([], decide(examples, beside.decider, beside.program)))
    found = differences.differences(first, second)
    return differences.rows(found), differences.sentences(found, *names)


def _due_alike(first: dict[str, runs.Answer], second: dict[str, runs.Answer]) -> dict[str, runs.Answer]:
    """What the first policy has to refuse is the yardstick for both."""
    return {key: runs.Answer(one.kind, one.set, first[key].due, one.flag) for key, one in second.items()}


def _print(measured: _Run, compared: tuple[list[list[str]], list[str]], held: Sequence[floors.Held]) -> None:
    for tally in measured.tallies:
        print(f"{tally.kind}\n{table.text(table.HEAD, table.rows(tally))}\n")
    for kind in sorted({one.kind for one in measured.outcomes}):
        lines = table.outcome_rows([one for one in measured.outcomes if one.kind == kind])
        print(f"{kind}, by {measured.ground.file}\n{table.text(table.OUTCOME_HEAD, lines)}\n")
    rows, sentences = compared
    if rows:
        print(f"{table.text(differences.HEAD, rows)}\n")
    for sentence in sentences:
        print(sentence)
    for one in held:
        print(one)
    if held:
        print(f"{sum(not one.missed for one in held)} of {len(held)} floors are held")


def _write(
    measured: _Run,
    compared: tuple[list[list[str]], list[str]],
    held: Sequence[floors.Held],
    arguments: argparse.Namespace,
) -> None:
    if arguments.report:
        files = ", ".join(file.name for file in arguments.files)
        notes = [f"Policy: {measured.ground.file}", *compared[1]]
        report = page.Report(f"Evaluation of {files}", measured.tallies, measured.outcomes, held, notes, compared[0])
        arguments.report.write_text(page.html(report, with_texts=arguments.with_texts), encoding="utf-8")
    if arguments.json:
        figures = runs.figures(measured.tallies, measured.outcomes)
        told = runs.dumps(figures, runs.answers(measured.flags, measured.decided))
        arguments.json.write_text(told, encoding="utf-8")
    sys.stdout.flush()
