"""Generated parts of the documentation, and checks that the rest is true: `--check` fails where `--write` would change.

1. The table of options in docs/configuration.md is made from `Settings`.
2. The table of reason codes in docs/errors.md is made from `Reason`.
3. The command reference in docs/cli.md is made from the parsers' own help.
4. Every relative link leads to a file; every `make` target and `firebreak` command that a page names exists.
"""

import argparse
import os
import re
import sys
from pathlib import Path

os.environ["COLUMNS"] = "100"
os.environ["NO_COLOR"] = "1"

from firebreak.cli.main import parser
from firebreak.model.reason import Reason
from firebreak.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
PAGES = (*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md")))


def options_table() -> str:
    rows = ["| option | environment | default | what it does |", "|---|---|---|---|"]
    for name, field in Settings.model_fields.items():
        default = "openai, anthropic" if name == "providers" else str(field.default)
        rows.append(f"| `{name}` | `FIREBREAK_{name.upper()}` | `{default or '(empty)'}` | {field.description} |")
    return "\n".join(rows)


def reasons_table() -> str:
    rows = ["| code | HTTP status | sentence |", "|---|---|---|"]
    rows += [f"| `{reason.code}` | {reason.status} | {reason.sentence} |" for reason in Reason]
    return "\n".join(rows)


def command_reference() -> str:
    root = parser()
    pages = []
    stack = [root]
    while stack:
        command = stack.pop(0)
        pages.append(f"## `{command.prog}`\n\n```text\n{command.format_help().rstrip()}\n```")
        for action in command._actions:
            if isinstance(action, argparse._SubParsersAction):
                stack += action.choices.values()
    return "\n\n".join(pages)


GENERATED = {
    ROOT / "docs" / "configuration.md": ("options", options_table),
    ROOT / "docs" / "errors.md": ("reasons", reasons_table),
    ROOT / "docs" / "cli.md": ("commands", command_reference),
}


def regenerated(page: Path) -> str:
    mark, make = GENERATED[page]
    text = page.read_text(encoding="utf-8")
    begin, end = f"<!-- {mark}: made by tests/tools/docs.py -->", f"<!-- end of {mark} -->"
    before, _, rest = text.partition(begin)
    _, found, after = rest.partition(end)
    if not found:
        sys.exit(f"{page.relative_to(ROOT)}: the marks of `{mark}` are missing")
    return f"{before}{begin}\n{make()}\n{end}{after}"


def stale_pages(*, write: bool) -> list[str]:
    problems = []
    for page in GENERATED:
        fresh = regenerated(page)
        if fresh == page.read_text(encoding="utf-8"):
            continue
        if write:
            page.write_text(fresh, encoding="utf-8")
        else:
            problems.append(f"{page.relative_to(ROOT)}: not current; run python tests/tools/docs.py --write")
    return problems


def broken_links() -> list[str]:
    problems = []
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            if "://" not in target and not (page.parent / target).exists():
                problems.append(f"{page.relative_to(ROOT)}: the link to {target} leads nowhere")
    return problems


def unknown_commands() -> list[str]:
    targets = set(re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    commands = {
        name
        for action in parser()._actions
        if isinstance(action, argparse._SubParsersAction)
        for name in action.choices
    }
    problems = []
    for page in PAGES:
        text = "\n".join(re.findall(r"```.*?```|`[^`\n]+`", page.read_text(encoding="utf-8"), re.DOTALL))
        for name in re.findall(r"(?:^|[`\s])make ([a-z0-9-]+)", text):
            if name not in targets:
                problems.append(f"{page.relative_to(ROOT)}: no target `make {name}`")
        for name in re.findall(r"(?:^|[`\s/])firebreak ([a-z]+)(?=[\s`])", text):
            if name not in commands:
                problems.append(f"{page.relative_to(ROOT)}: no command `firebreak {name}`")
    return problems


def main() -> int:
    write = "--write" in sys.argv
    problems = [*stale_pages(write=write), *broken_links(), *unknown_commands()]
    print("\n".join(problems), end="\n" if problems else "")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
