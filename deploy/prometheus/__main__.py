"""`python -m deploy.prometheus` writes prometheusrule.yaml from firebreak.rules.yaml; `--check` only compares."""

import sys
from pathlib import Path

FOLDER = Path(__file__).parent
RULES, OBJECT = FOLDER / "firebreak.rules.yaml", FOLDER / "prometheusrule.yaml"
HEAD = """\
# Made from firebreak.rules.yaml by `python -m deploy.prometheus`. Change that file.
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  name: firebreak
  labels:
    app.kubernetes.io/name: firebreak
spec:
"""


def prometheus_rule() -> str:
    """The groups as they are, indented below `spec`."""
    _, found, groups = RULES.read_text(encoding="utf-8").partition("\ngroups:\n")
    if not found:
        sys.exit(f"{RULES.name}: there is no line `groups:`")
    lines = ("groups:\n" + groups).splitlines()
    return HEAD + "".join(f"  {line}\n" if line else "\n" for line in lines)


def main() -> int:
    fresh = prometheus_rule()
    if "--check" not in sys.argv:
        OBJECT.write_text(fresh, encoding="utf-8")
        return 0
    if OBJECT.is_file() and OBJECT.read_text(encoding="utf-8") == fresh:
        return 0
    sys.stderr.write(f"{OBJECT.name}: not current; run python -m deploy.prometheus\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
