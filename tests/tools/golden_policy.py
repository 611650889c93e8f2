"""Records what `policy lint` says of each `tests/golden/policy/<case>.yaml` in `<case>.golden.txt`; review the diff."""

from pathlib import Path

from firebreak.model.finding import FindingKind
from firebreak.policy.compile import lint

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "policy"
CASES = sorted(GOLDEN.glob("*.yaml"))
KNOWN_RULES = {"aws-access-key-id": FindingKind.SECRET, "email-address": FindingKind.PII}
NOW_S = 1_790_000_000.0  # September 2026


def golden_of(case: Path) -> Path:
    return case.with_suffix(".golden.txt")


def diagnostics_of(case: Path) -> str:
    found = lint(case.read_text("utf-8"), case.name, KNOWN_RULES, NOW_S)
    return "".join(f"{diagnostic}\n" for diagnostic in found)


def main() -> None:
    for case in CASES:
        golden_of(case).write_text(diagnostics_of(case), encoding="utf-8")


if __name__ == "__main__":
    main()
