"""`python -m deploy.grafana` writes the dashboards; `--check` only compares. Needs grafana-foundation-sdk."""

import json
import sys
from pathlib import Path

from deploy.grafana.decisions import decisions
from deploy.grafana.health import health
from deploy.grafana.refusals import refusals
from grafana_foundation_sdk.builders.dashboard import Dashboard
from grafana_foundation_sdk.cog.encoder import JSONEncoder

FOLDER = Path(__file__).parent


def dashboards() -> dict[str, str]:
    """File name to text."""
    boards = {"decisions": decisions(), "health": health(), "refusals": refusals()}
    return {f"firebreak-{name}.json": _text(board) for name, board in boards.items()}


def _text(board: Dashboard) -> str:
    built = board.build()
    for number, panel in enumerate(built.panels or [], 1):
        panel.id_val = number
    return json.dumps(built, cls=JSONEncoder, indent=2, sort_keys=True) + "\n"


def main() -> int:
    stale = []
    for name, text in dashboards().items():
        file = FOLDER / name
        if "--check" not in sys.argv:
            file.write_text(text, encoding="utf-8")
        elif not file.is_file() or file.read_text(encoding="utf-8") != text:
            stale.append(name)
    for name in stale:
        sys.stderr.write(f"{name}: not current; run python -m deploy.grafana\n")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
