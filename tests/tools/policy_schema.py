"""Writes the JSON schema that editors check a policy by: `python tests/tools/policy_schema.py`."""

import json
from pathlib import Path

from firebreak.policy.schema import json_schema

TARGET = Path(__file__).resolve().parents[2] / "policies" / "policy.schema.json"


def main() -> None:
    TARGET.write_text(json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"wrote {TARGET.relative_to(TARGET.parents[1])}")


if __name__ == "__main__":
    main()
