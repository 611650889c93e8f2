"""The chart's README and its copies of files, made from their sources: `--check` fails where `--write` would change.

1. The table of values in helm/firebreak/README.md is made from values.yaml: a value's line is the comment that begins
   with `--` above it, and a value without one is an error.
2. What stands elsewhere and goes with the chart is copied to helm/firebreak/files: the policy, the dashboards, the rules.
"""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
CHART = ROOT / "helm" / "firebreak"
BOARDS = CHART / "files" / "dashboards"
BEGIN, END = "<!-- values: made by tests/tools/chart_docs.py -->", "<!-- end of values -->"


def described(text: str) -> Iterator[tuple[str, str]]:
    """Each value that has a line of its own, by its path, with that line."""
    path: list[tuple[int, str]] = []
    words: list[str] = []
    for line in text.splitlines():
        comment, key = re.fullmatch(r"\s*# ?(.*)", line), re.match(r"( *)([A-Za-z_]+):", line)
        if comment and (words or comment[1].startswith("-- ")):
            words.append(comment[1].removeprefix("-- "))
        elif key:
            path = [(depth, name) for depth, name in path if depth < len(key[1])] + [(len(key[1]), key[2])]
            if words:
                yield ".".join(name for _, name in path), " ".join(words)
            words = []


def leaves(values: object, covered: set[str], path: str = "") -> Iterator[tuple[str, object]]:
    """Each value down to where it has a line of its own, and below that where more have one."""
    inner = values if isinstance(values, dict) else {}
    deeper = any(it.startswith(f"{path}.") for it in covered) or not path
    if path in covered and not deeper:
        yield path, values
    elif inner:
        for name, value in inner.items():
            yield from leaves(value, covered, f"{path}.{name}".lstrip("."))
    else:
        yield path, values


def table() -> str:
    text = (CHART / "values.yaml").read_text(encoding="utf-8")
    lines = dict(described(text))
    rows = ["| value | default | what it does |", "|---|---|---|"]
    for path, value in leaves(yaml.safe_load(text), set(lines)):
        if path not in lines:
            sys.exit(f"helm/firebreak/values.yaml: {path} has no line that begins with `# --`")
        rows.append(f"| `{path}` | `{json.dumps(value)}` | {lines[path]} |")
    rows.append(f"| `options` | | {lines['options']} |")
    return "\n".join(rows)


def readme() -> str:
    before, _, rest = (CHART / "README.md").read_text(encoding="utf-8").partition(BEGIN)
    _, found, after = rest.partition(END)
    if not found:
        sys.exit("helm/firebreak/README.md: the marks of the values are missing")
    return f"{before}{BEGIN}\n{table()}\n{END}{after}"


def copies() -> dict[Path, str]:
    sources = {
        CHART / "files" / "baseline.yaml": ROOT / "policies" / "baseline.yaml",
        CHART / "files" / "firebreak.rules.yaml": ROOT / "deploy" / "prometheus" / "firebreak.rules.yaml",
    }
    sources |= {BOARDS / board.name: board for board in (ROOT / "deploy" / "grafana").glob("*.json")}
    return {copy: source.read_text(encoding="utf-8") for copy, source in sources.items()}


def main() -> int:
    wanted = {CHART / "README.md": readme()} | copies()
    left_over = [board for board in BOARDS.glob("*.json") if board not in wanted]
    for file in left_over:
        print(f"{file.relative_to(ROOT)}: its source is gone; remove it")
    stale = [file for file, text in wanted.items() if not file.exists() or file.read_text(encoding="utf-8") != text]
    for file in stale:
        if "--write" in sys.argv:
            file.write_text(wanted[file], encoding="utf-8")
        else:
            print(f"{file.relative_to(ROOT)}: not current; run python -m tests.tools.chart_docs --write")
    return 1 if left_over or (stale and "--write" not in sys.argv) else 0


if __name__ == "__main__":
    sys.exit(main())
