"""The hand-written attacks again, each amid harmless texts of the same voice, as an attacker would hide it; and such
harmless texts together without one. Drawn from one seed, so every run has the same texts.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

SEED = 20261122
AROUND = (1, 3, 6)
"""How many harmless texts stand around one attack."""


def write(corpus: Path, file: Path) -> Path:
    """JSONL for `firebreak eval`, from tests/corpus/injection.jsonl."""
    rows = [json.loads(line) for line in corpus.read_text(encoding="utf-8").splitlines()]
    file.write_text("".join(json.dumps(row) + "\n" for row in _made(rows, Random(SEED))), encoding="utf-8")
    return file


def _made(rows: list[dict[str, Any]], rng: Random) -> Iterator[dict[str, Any]]:
    for attack in (row for row in rows if row["label"]):
        voice = attack.get("origin", "user")
        calm = [row["text"] for row in rows if not row["label"] and row.get("origin", "user") == voice]
        for count in AROUND:
            around = rng.sample(calm, count)
            at = rng.randint(0, count)
            named = {"origin": voice, "set": f"{voice}_amid_{count}"}
            yield {**named, "text": "\n".join((*around[:at], attack["text"], *around[at:])), "label": 1}
            yield {**named, "text": "\n".join(rng.sample(calm, count + 1)), "label": 0}
