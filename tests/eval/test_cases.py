"""How the earlier systems' cases become labelled texts."""

import json
import zlib
from pathlib import Path

import pytest
from tests.eval import planted
from tests.eval.cases import documents, label_of, write

from firebreak.evaluation.examples import read
from firebreak.model.conversation import Origin

SHARED = Path(__file__).resolve().parents[2] / ".." / "shared" / "data"


def case(area, **expected):
    return {"area": area, "expected": expected}


def test_what_a_scanner_and_its_tests_call_critical_has_to_be_found():
    scan = case(
        "probe/scan", exit_code=1, stdout="severity: critical\n  - high-confidence secret leak: AWS access key id"
    )
    assert (label_of("AKIA", scan, "secret"), label_of("AKIA", scan, "pii")) == (1, 0)
    clean = case("probe/scan", exit_code=0, stdout="clean: no secrets or PII detected.")
    assert (label_of("hello", clean, "secret"), label_of("hello", clean, "pii")) == (0, 0)


def test_what_was_missed_has_to_be_found_and_what_was_found_by_chance_has_no_label():
    assert label_of("glpat-aaaa", case("probe/scan", exit_code=0, stdout="clean"), "secret") == 1
    assert label_of("order 1234567890 shipped", case("output_filter", rules=[["phone_us", "pii", 1]]), "pii") is None


def test_entropy_alone_is_no_secret():
    observed = {"observed": {"hits": [{"type": "hex_high_entropy"}]}}
    assert label_of("e3b0", case("unit/secrets", **observed), "secret") is None


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/data is not here")
def test_the_shared_cases_give_both_labels_of_both_kinds(tmp_path):
    rows = [json.loads(line) for line in write(SHARED, tmp_path / "x.jsonl").read_text().splitlines()]
    counts = {(kind, label): 0 for kind in ("secret", "pii") for label in (0, 1)}
    for row in rows:
        counts[row["kind"], row["label"]] += 1
    assert counts["secret", 1] >= 40
    assert counts["secret", 0] >= 6000
    assert counts["pii", 1] >= 18
    assert len({row["id"] for row in rows}) == len(rows)


def test_what_is_planted_is_the_same_in_every_run_and_of_many_forms():
    first, second = list(planted.rows()), list(planted.rows())
    assert first == second
    assert {row["label"] for row in first} == {0, 1}
    assert len({row["text"] for row in first if row["set"] == "secret_planted"}) == planted.EACH * len(planted.TOKENS)
    assert len(planted.TOKENS) >= 40


def test_a_made_up_token_ends_in_the_checksum_that_its_vendor_publishes():
    token = planted.checked("ghp_")(planted.Chance(1))
    digits = zlib.crc32(token[4:34].encode())
    found = 0
    for digit in token[34:]:
        found = found * 62 + planted.BASE62.index(digit)
    assert (len(token), found) == (40, digits)


@pytest.mark.parametrize("name", ["injection", "traffic"])
def test_a_corpus_of_attacks_has_both_labels_and_no_text_twice(name):
    texts = read([Path(f"tests/corpus/{name}.jsonl")], "injection")
    assert len({one.text for one in texts}) == len(texts)
    assert sum(one.harmful for one in texts) > 100 < sum(not one.harmful for one in texts)


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/data is not here")
def test_documents_are_a_tools_with_and_without_an_order(tmp_path):
    found = read([documents(SHARED, tmp_path / "documents.jsonl")], "secret")
    assert {(one.kind, one.origin) for one in found} == {("injection", Origin.TOOL)}
    assert {one.set for one in found if not one.harmful} == {"docs_eval", "bipia_ctx_benign"}
    assert {one.set for one in found if one.harmful} == {
        f"bipia_embedded_{kind}" for kind in ("code", "email", "table")
    }
