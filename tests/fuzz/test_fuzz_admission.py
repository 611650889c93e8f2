"""Contract: any bytes get an answer that is JSON; a uid that was asked with is answered with, and nothing is half done."""

import base64
import json
import os

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.fuzz.test_fuzz_inject import replaced
from tests.unit.kube.pods import json_values, option_values, options, pods
from tests.unit.kube.test_admission import UID, review

from firebreak.kube.admission import MAX_MESSAGE_CHARS, answer

EXAMPLES = int(os.environ.get("FIREBREAK_FUZZ_EXAMPLES", "200"))
KEYS = ("operation", "kind", "namespace", "dryRun", "subResource", "uid", "object")


def hold_to_the_contract(raw, chosen):
    found = answer(raw, chosen)
    body = json.loads(json.dumps(found.body))
    if found.status != 200:
        assert found.status == 400
        assert found.report is None
        assert found.announcement is None
        assert len(body["message"]) <= MAX_MESSAGE_CHARS
        return None
    said = body["response"]
    assert set(said) <= {"uid", "allowed", "auditAnnotations", "status", "warnings", "patch", "patchType"}
    assert ("patch" in said) == ("patchType" in said)
    assert not ("patch" in said and not said["allowed"])
    assert ("status" in said) != said["allowed"]
    for operation in json.loads(base64.b64decode(said.get("patch", "W10="))):
        assert operation["op"] == "add"
    if found.announcement is not None:
        assert found.announcement.sentence.isprintable()
    return said


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_answered(raw):
    hold_to_the_contract(raw, options())


@settings(max_examples=EXAMPLES, deadline=None)
@given(pods, st.lists(st.integers(0, 9), max_size=8), json_values, option_values)
def test_a_damaged_review_is_answered(pod, path, new, chosen):
    damaged = replaced(review(pod), path, new)
    hold_to_the_contract(json.dumps(damaged).encode(), chosen)


@settings(max_examples=EXAMPLES, deadline=None)
@given(pods | json_values, st.dictionaries(st.sampled_from(KEYS), json_values, max_size=3), option_values)
def test_any_request_is_answered(pod, changes, chosen):
    said = hold_to_the_contract(json.dumps(review(pod, **changes)).encode(), chosen)
    if said is not None:
        assert said["uid"] == changes.get("uid", UID)


@settings(max_examples=EXAMPLES, deadline=None)
@given(pods, st.data())
def test_a_cut_or_flipped_body_is_answered(pod, data):
    raw = bytearray(json.dumps(review(pod)).encode())
    for _ in range(data.draw(st.integers(0, 3))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    hold_to_the_contract(bytes(raw[: data.draw(st.integers(0, len(raw)))]), options())
