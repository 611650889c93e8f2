"""Fails when a module has no unit test file at the mirrored path, or a unit test file has no module."""

import ast
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SERVICE, UNIT = ROOT / "service" / "firebreak", ROOT / "tests" / "unit"


def is_exempt(module: Path) -> bool:
    """Interfaces, packages' docstrings and modules that only hold data have nothing to call."""
    if module.name in {"__init__.py", "__main__.py", "interface.py"}:
        return True
    body = ast.parse(module.read_text(encoding="utf-8")).body
    return not any(has_behaviour(node) for node in body)


def has_behaviour(node: ast.stmt) -> bool:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return True
    return isinstance(node, ast.ClassDef) and any(
        isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef) for inner in node.body
    )


def main() -> int:
    modules = {path.relative_to(SERVICE): path for path in SERVICE.rglob("*.py")}
    tests = {path.relative_to(UNIT) for path in UNIT.rglob("test_*.py")}
    missing = [
        str(name)
        for name, path in sorted(modules.items())
        if name.with_name(f"test_{name.name}") not in tests and not is_exempt(path)
    ]
    orphans = [str(name) for name in sorted(tests) if name.with_name(name.name.removeprefix("test_")) not in modules]
    for name in missing:
        print(f"service/firebreak/{name}: no tests/unit/{Path(name).with_name('test_' + Path(name).name)}")
    for name in orphans:
        print(f"tests/unit/{name}: no such module")
    return 1 if missing or orphans else 0


if __name__ == "__main__":
    sys.exit(main())
