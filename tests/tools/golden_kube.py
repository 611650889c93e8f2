"""The injector's reviewed manifests; `make golden` rewrites what `tests/golden/kube` expects of each input.

The first line of an input is the command that it is given to. `X.golden.yaml` is what comes out, `X.golden.txt` the
exit status and what is said.
"""

import io
import shlex
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from firebreak.cli import main as command_line

GOLDEN = Path(__file__).parents[1] / "golden" / "kube"
INPUTS = tuple(sorted(path for path in GOLDEN.glob("*.yaml") if not path.name.endswith(".golden.yaml")))


def arguments(path: Path) -> list[str]:
    words = shlex.split(path.read_text(encoding="utf-8").split("\n", 1)[0].removeprefix("#"))
    if words[:2] != ["firebreak", "inject"]:
        raise ValueError(f"{path.name}: the first line is no `# firebreak inject`")
    return words[1:]


def ran(command: list[str]) -> tuple[str, str]:
    """Standard output, and the exit status with standard error."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        status = command_line.main(command)
    return out.getvalue(), f"exit status {status}\n{err.getvalue()}"


def files(path: Path) -> tuple[Path, Path]:
    return path.with_suffix(".golden.yaml"), path.with_suffix(".golden.txt")


def main() -> None:
    for path in INPUTS:
        for file, text in zip(files(path), ran([*arguments(path), str(path)]), strict=True):
            file.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
