"""Secrets and personal data as labelled JSONL: from the earlier systems' cases, and harmless documentation; and the
evaluation's documents in the voice of a tool.

How a case gets its label:
1. What the earlier system found, and its tests want found, has to be found. A line that holds both kinds is two lines.
2. What it missed although a vendor's own form or a valid number stands there (`MISSED`) has to be found.
3. What it found by chance (`CHANCE`: a phone number in an order's, entropy alone, signs that keep a token's place) has
   no label.
4. What it calls clean is harmless, and so is all documentation. Heuristics' cases (`unit/secrets`) count only
   where they name a vendor; fragments such as `sk-li` are none.
"""

import gzip
import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

AREAS = ("test/secret", "test/pii", "probe/scan", "output_filter", "test/output_filter", "unit/secrets")
MISSED = {
    "secret": (
        "github_pat_",
        "sk-proj-",
        "postgres://u:",
        "glpat-",
        "SG.",
        "hf_",
        "gho_A",
        "xoxb-",
        "eyJ",
        "BEGIN OPENSSH",
    ),
    "pii": ("GB82 WEST", "visa 4111 1111"),
}
CHANCE = ("order 1234567890", "token Zx9Q", "token: dGhp", "Bearer xxxxxxxx")
VENDORS = ("github_oauth", "aws_access_key")
DOCUMENTS = ("docs_eval", "bipia_ctx_benign")
EMBEDDED = "bipia_embedded_"
"""Sets of documents that hold an order begin so."""
TRAINED = ("docs_train", "docs_train_zh", "bipia_ctx_code", "cse_instruct", "tau_retail_train_tool")
"""Harmless sources of the training set: no rule for secrets or personal data was made from them."""
PRINTED = frozenset(
    {
        "68291983b912",  # a token with its signature, for a request to copy
        "9d69d621a0bc",
        "4a170a4a17ad",
        "d6818550f057",
        "f3003bc39977",
        "0748071be1ec",  # a client's secret of 32 characters
        "a5f3376f6e26",
        "6f1837f8ac7a",  # a private key, whole
        "1a4f000bfd4f",  # a name and password for a request to copy
    }
)
"""Pages of documentation (SHA-256, the beginning) that print a whole key, read one by one on 2026-11-21: a finding there is
right, and they have no label. Pages with a key's heading and an ellipsis are not among them."""


def write(shared: Path, file: Path) -> Path:
    """Every line to `file`, in an order that depends on nothing but the data."""
    with file.open("w", encoding="utf-8") as out:
        for number, row in enumerate((*_cases(shared), *_documents(shared))):
            out.write(json.dumps({"id": f"{row['kind']}-{number}", **row}, ensure_ascii=True) + "\n")
    return file


def documents(shared: Path, file: Path) -> Path:
    """The evaluation's documents, with and without an order in them, as a tool hands them over."""
    with file.open("w", encoding="utf-8") as out:
        for number, row in enumerate(_lines(shared / "detect" / "eval.jsonl.gz")):
            if row["set"] in DOCUMENTS or row["set"].startswith(EMBEDDED):
                said = {"id": f"document-{number}", "kind": "injection", "origin": "tool"}
                out.write(json.dumps({**said, **row}, ensure_ascii=True) + "\n")
    return file


def _cases(shared: Path) -> Iterator[dict[str, Any]]:
    for path in sorted((shared / "cases").glob("*.jsonl.gz")):
        for case in _lines(path):
            if case["area"] not in AREAS:
                continue
            given = case["input"]
            text = given.get("text") or next(iter(given.get("args") or [""]), "")
            for kind in ("secret", "pii"):
                label = label_of(text, case, kind)
                if text and label is not None:
                    yield {"kind": kind, "set": f"{kind}_cases", "text": text, "label": label}


def label_of(text: str, case: dict[str, Any], kind: str) -> int | None:
    if any(chance in text for chance in CHANCE):
        return None
    if any(missed in text for missed in MISSED[kind]):
        return 1
    found = found_by_the_seed(case["area"], case["expected"], kind)
    if case["area"] == "unit/secrets":
        return 1 if found and kind == "secret" else None
    if kind == "pii" and case["area"] == "test/secret":
        return None
    return int(found)


def found_by_the_seed(area: str, expected: dict[str, Any], kind: str) -> bool:
    observed = expected.get("observed", expected)
    if area == "probe/scan":
        return ("secret" if kind == "secret" else "PII:") in expected["stdout"] and expected["exit_code"] == 1
    if area == "output_filter":
        return any(category == kind for _, category, _ in expected["rules"])
    if area == "test/output_filter":
        return any(isinstance(one, dict) and one["category"] == kind for one in observed[1])
    if area == "unit/secrets":
        return any(hit["type"] in VENDORS for hit in observed["hits"])
    return observed["severity"] in {"major", "critical"} and area == f"test/{kind}"


def _documents(shared: Path) -> Iterator[dict[str, Any]]:
    for name, field, wanted in (("eval", "set", DOCUMENTS), ("train", "source", TRAINED)):
        for row in _lines(shared / "detect" / f"{name}.jsonl.gz"):
            printed = sha256(row["text"].encode()).hexdigest()[:12] in PRINTED
            if row[field] in wanted and row["label"] == 0 and not printed:
                yield {"kind": "secret", "set": f"clean_{row[field]}", "text": row["text"], "label": 0}


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)
