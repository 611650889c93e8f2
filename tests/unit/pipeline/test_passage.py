import asyncio
import json

import pytest
from tests import answers
from tests.answers import DONE, JSON, SECRET, SSE, chat, document, event

from firebreak.model.decision import Verdict
from firebreak.model.reason import Reason


@pytest.fixture(scope="module")
def enforced():
    return answers.snapshot()


@pytest.fixture(scope="module")
def watched():
    return answers.snapshot(answers.SHADOW)


def run(snap, chunks, headers=SSE, status=200, log=None, most=answers.MOST, *, ends=True):
    """The steps up to the one that is over, and the record."""
    log = log if log is not None else answers.Log()
    passage = answers.passing(snap, log, most)

    async def go():
        passage.begin(status, headers)
        steps = []
        for number, chunk in enumerate(chunks, 1):
            steps.append(await passage.feed(chunk, last=ends and number == len(chunks)))
            if steps[-1].over:
                break
        await passage.gone()
        return steps

    steps = asyncio.run(go())
    return steps, b"".join(step.data for step in steps), log.records[-1] if log.records else None


def test_a_harmless_stream_passes_with_a_record(enforced):
    chunks = chat(["Hello ", "there."])
    _, data, record = run(enforced, chunks)
    assert data == b"".join(chunks)
    assert (record.ending, record.inspected, record.body_bytes) == ("complete", "stream", len(data))
    assert record.decision.verdict is Verdict.ALLOW


def test_after_a_cut_comes_the_providers_own_error(enforced):
    steps, data, record = run(enforced, [event("The "), event(f"key {SECRET} is "), *chat(["more "])])
    assert steps[-1].over
    assert answers.said(data) == "The "
    assert data.endswith(DONE)
    assert record.ending == "cut"


def test_a_document_is_refused_in_its_place(enforced):
    steps, data, record = run(enforced, [document(SECRET)], JSON)
    assert (data, steps[-1].instead.status, record.ending) == (b"", 400, "refused")


@pytest.mark.parametrize("headers", [{}, JSON, {"content-encoding": "gzip"}])
@pytest.mark.parametrize("chunks", [[b""], [b"", b""]])
def test_nothing_passes_as_nothing_whatever_the_headers(enforced, headers, chunks):
    steps, data, record = run(enforced, chunks, headers, status=204)
    assert (steps[-1].over, steps[-1].instead, data) == (True, None, b"")
    assert (record.inspected, record.ending, record.decision.refuses) == ("skipped:empty", "complete", False)


def test_a_dangerous_call_behind_two_hundred_harmless_ones_is_refused(enforced):
    calls = [answers.call("{}", f"read_{number}", number) for number in range(300)]
    steps, data, record = run(enforced, [*calls, answers.call("{}", "delete_all", 300), *chat([])])
    assert steps[-1].over
    assert b"delete_all" not in data
    assert record.decision.rule == "no-deleting"
    assert record.decision.refuses


def test_the_same_call_under_another_name_is_judged(enforced):
    first, second = (document("").replace(b'"content": ""', b'"tool_calls": [%s]' % one) for one in _calls())
    assert run(enforced, [first], JSON)[2].ending == "complete"
    assert run(enforced, [second], JSON)[2].ending == "refused"


def _calls():
    return [
        json.dumps({"id": "1", "type": "function", "function": {"name": name, "arguments": "{}"}}).encode()
        for name in ("read_all", "delete_all")
    ]


def test_what_cannot_be_read_is_let_through_whole_by_a_policy_that_only_watches(watched):
    sent = [event("Hello "), event("there"), b"data: {]\n\n", event("more"), b"data: x"]
    steps, data, record = run(watched, sent)
    assert data == b"".join(sent)
    assert steps[-1].over
    assert (record.ending, record.inspected, record.reason) == ("complete", "skipped:not_json", "not_json")
    assert not record.decision.refuses


@pytest.mark.parametrize("bad", [b": \xff\n\n", b"data: {]\n\n", b"event: \xff\ndata: {}\n\n"])
def test_nothing_that_came_with_what_cannot_be_read_is_lost(watched, enforced, bad):
    sent = b"".join([event("Hello "), event("there "), bad, event("more")])
    assert run(watched, [sent])[1] == sent
    assert run(watched, [sent[at : at + 1] for at in range(len(sent))])[1] == sent
    whole = run(enforced, [sent])[1]
    assert answers.said(whole).startswith("Hello ")
    assert run(enforced, [sent[at : at + 1] for at in range(len(sent))])[1] == whole


def test_a_secret_passes_a_policy_that_only_watches_and_is_recorded(watched):
    sent = chat(["The ", f"key {SECRET} ", "is bob@example.com ", "."])
    _, data, record = run(watched, sent)
    assert data == b"".join(sent)
    assert {finding.kind for finding in record.findings} == {"secret", "pii"}
    assert (record.decision.verdict, record.decision.refuses) == (Verdict.BLOCK, False)
    assert (record.changes, record.decision.carried_out) == (0, False)


def test_a_redaction_that_is_only_watched_is_not_carried_out(watched):
    sent = chat(["I am ", "bob@example.com ", "here."])
    _, data, record = run(watched, sent)
    assert data == b"".join(sent)
    assert (record.decision.verdict, record.decision.carried_out) == (Verdict.REDACT, False)


def test_a_redaction_that_was_carried_out_is_said_to_be(enforced):
    _, data, record = run(enforced, chat(["I am ", "bob@example.com ", "here."]))
    assert answers.said(data) == "I am [EMAIL_ADDRESS_1] here."
    assert (record.decision.verdict, record.decision.carried_out, record.changes) == (Verdict.REDACT, True, 1)


def test_what_is_stopped_in_the_middle_ends_in_an_error(enforced):
    async def go():
        passage = answers.passing(enforced, answers.Log())
        passage.begin(200, SSE)
        await passage.feed(event("Hello ") + event("there"), last=False)
        return await passage.stop(Reason.RESPONSE_INCOMPLETE)

    step = asyncio.run(go())
    assert step.over
    assert b"response_incomplete" in step.data
    assert b"there" not in step.data


def test_what_is_only_watched_is_not_stopped_with_a_clean_end(watched):
    async def go():
        passage = answers.passing(watched, answers.Log())
        passage.begin(200, JSON)
        await passage.feed(b"{", last=False)
        return await passage.stop(Reason.RESPONSE_INCOMPLETE)

    assert asyncio.run(go()) is None


def test_without_a_record_the_end_does_not_leave(enforced):
    steps, data, _ = run(enforced, chat(["Hello ", "there."]), log=answers.FullDisk())
    assert answers.said(data) == "Hello there."
    assert b"audit_unavailable" in steps[-1].data
    assert data.count(DONE) == 1


def test_a_document_without_a_record_is_refused(enforced):
    steps, data, _ = run(enforced, [document("Hello")], JSON, log=answers.FullDisk())
    assert (data, steps[-1].instead.status) == (b"", 503)


def test_what_is_larger_than_may_be_held_is_refused(enforced):
    steps, _, record = run(enforced, [document("word " * 1000)], JSON, most=2048)
    assert (steps[-1].instead.status, record.reason) == (502, "response_too_large")


def test_what_breaks_off_is_recorded_once(enforced):
    _, data, record = run(enforced, [event("Hello "), event("AKIA")], ends=False)
    assert (answers.said(data), record.ending) == ("Hello ", "aborted")


def test_what_is_encoded_is_refused_and_says_so(enforced):
    steps, data, record = run(enforced, [b"\x1f\x8b"], {**JSON, "content-encoding": "gzip"})
    assert (data, steps[-1].instead.status, record.reason) == (b"", 502, "response_encoded")
