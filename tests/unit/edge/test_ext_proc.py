"""No clean early end: each way in which a call ends is complete, a well-formed cut, a refusal or an abort."""

import asyncio
import hashlib
import json
from dataclasses import replace
from typing import Any

import grpc
import pytest
from envoy.service.ext_proc.v3 import external_processor_pb2
from tests import answers
from tests.answers import DONE, SECRET, SSE, chat, event

from firebreak.edge.envoy.processing import CHECK, PROCESSING
from firebreak.edge.ext_proc import SLICE_BYTES, Patience, Processing
from firebreak.edge.handover import to_metadata
from firebreak.pipeline import passage
from firebreak.pipeline.passage import Passage

Message = external_processor_pb2.ProcessingRequest
EOF: Any = vars(grpc.aio)["EOF"]
PATIENT = Patience(idle_s=30, whole_s=60)
HASTY = Patience(idle_s=0.01, whole_s=60)


class Aborted(Exception):
    pass


class Context:
    """What Envoy says, one message after the other; then it hangs up, falls silent, or the call is cancelled."""

    def __init__(self, said, then="eof"):
        self.said = list(said)
        self.then = then
        self.written = []
        self.code = None

    async def read(self):
        if self.said:
            return self.said.pop(0)
        if self.then == "silence":
            await asyncio.Event().wait()
        if self.then == "cancel":
            raise asyncio.CancelledError
        return EOF

    async def write(self, message):
        self.written.append(message)

    async def abort(self, code, details):
        self.code = code
        raise Aborted(details)

    @property
    def body(self):
        return b"".join(one.response_body.response.body_mutation.streamed_response.body for one in self.written)

    @property
    def ended(self):
        """How: `aborted`, `instead`, `whole` (an end of stream was said) or `early` (none of them)."""
        if self.code is not None:
            return "aborted"
        if any(one.HasField("immediate_response") for one in self.written):
            return "instead"
        ends = [one.response_body.response.body_mutation.streamed_response.end_of_stream for one in self.written]
        assert sum(ends) <= 1, "one end only"
        return "whole" if any(ends) else "early"


def with_metadata(message, handover=None, details="via_upstream"):
    for name, value in to_metadata(handover or answers.handover()).items():
        message.metadata_context.filter_metadata[CHECK].fields[name].string_value = value
    if details:
        message.attributes[PROCESSING].fields["response.code_details"].string_value = details
    return message


def request_headers():
    message = Message()
    message.request_headers.SetInParent()
    return with_metadata(message)


def headers(values=None, details="via_upstream", *, end=False, handover=None):
    message = Message()
    for name, value in {":status": "200", **(values or SSE)}.items():
        message.response_headers.headers.headers.add(key=name, raw_value=value.encode())
    message.response_headers.end_of_stream = end
    return with_metadata(message, handover, details)


def body(data=b"", *, end=False):
    message = Message()
    message.response_body.body = data
    message.response_body.end_of_stream = end
    return message


def trailers():
    message = Message()
    message.response_trailers.SetInParent()
    return message


class Bench:
    def __init__(self, log=None, policy=answers.POLICY, begin=None):
        self.log = log or answers.Log()
        self.snapshot = answers.snapshot(policy)
        self.observed = []
        self.faults = []
        self.begin = begin or self._begin

    def _begin(self, handover, taken):
        answer = answers.answer(self.snapshot, taken)
        return Passage(answer, handover, self.log, passage.Limits(answers.MOST))

    def run(self, said, then="eof", patience=PATIENT):
        context = Context(said, then)
        processing: Any = Processing(self.begin, self.observed.append, self.faults.append, patience)

        async def serve():
            try:
                await processing.process(None, context)
            except (Aborted, asyncio.CancelledError):
                return

        asyncio.run(serve())
        return context


@pytest.fixture(scope="module")
def bench_snapshot():
    return answers.snapshot()


@pytest.fixture
def bench():
    return Bench()


HELLO = b"".join(chat(["Hello ", "there."]))


def test_a_harmless_answer_is_complete(bench):
    context = bench.run([request_headers(), headers(), body(HELLO, end=True)])
    assert (context.ended, context.body) == ("whole", HELLO)
    assert [record.ending for record in bench.observed] == ["complete"]
    assert context.written[1].HasField("response_headers")


def test_a_secret_behind_some_text_is_a_well_formed_cut(bench):
    context = bench.run([headers(), body(event("The ")), body(event(f"key {SECRET} ")), body(HELLO, end=True)])
    assert context.ended == "whole"
    assert SECRET.encode() not in context.body
    assert context.body.endswith(DONE)
    assert [record.ending for record in bench.observed] == ["cut"]


def test_a_secret_at_the_start_is_refused_in_place(bench):
    context = bench.run([headers(), body(event(f"{SECRET} is the key "))])
    assert (context.ended, context.body) == ("instead", b"")
    assert [record.ending for record in bench.observed] == ["refused"]


@pytest.mark.parametrize("then", ["eof", "cancel", "silence"])
@pytest.mark.parametrize(
    "said",
    [
        [],
        [request_headers()],
        [request_headers(), headers()],
        [headers(), body(event("The "))],
        [headers(), body(event("The ")), body(event("key AKIA"))],
        [headers(), body(event("The ")[:20])],
    ],
)
def test_nothing_ends_cleanly_before_it_is_over(bench, said, then):
    context = bench.run(said, then, HASTY)
    if then == "cancel":
        assert context.ended == "early"
    else:
        assert context.ended == "aborted"
    if then == "silence" and said and said[-1].HasField("response_body"):
        assert context.body.endswith(DONE) or context.written[-1].HasField("immediate_response")
        assert b"response_incomplete" in context.written[-1].SerializeToString()
    assert b"AKIA" not in context.body


def test_silence_in_a_stream_that_is_only_watched_is_an_abort():
    bench = Bench(policy=answers.SHADOW)
    context = bench.run([headers(), body(event("The "))], "silence", HASTY)
    assert context.ended == "aborted"
    assert [record.ending for record in bench.observed] == ["aborted"]


def test_silence_after_the_end_is_an_abort(bench):
    assert bench.run([headers(), body(HELLO, end=True)], "silence", HASTY).ended == "aborted"


@pytest.mark.parametrize(
    "said",
    [
        [body(b"x")],
        [body(b"", end=True)],
        [trailers()],
        [Message()],
        [headers(), headers()],
        [headers(), request_headers()],
        [headers(), body(event("Hi ")), headers()],
        [headers(details="")],
        [headers(), Message()],
    ],
)
def test_a_message_that_does_not_belong_there_is_an_abort(bench, said):
    context = bench.run(said)
    assert context.ended == "aborted"
    assert context.code is grpc.StatusCode.FAILED_PRECONDITION
    assert bench.faults == ["protocol"]


@pytest.mark.parametrize("more", [[body(b"x")], [body(b"", end=True)], [trailers()], [headers()], [Message()]])
def test_what_comes_after_the_end_is_not_answered(bench, more):
    context = bench.run([headers(), body(HELLO, end=True), *more])
    assert (context.ended, context.body) == ("whole", HELLO)
    assert len(bench.observed) == 1


def test_trailers_end_an_answer_once(bench):
    context = bench.run([headers(), body(HELLO), trailers()])
    assert (context.ended, context.body) == ("whole", HELLO)
    assert context.written[-1].HasField("response_trailers")


def test_trailers_of_an_answer_that_is_refused_are_not_answered(bench):
    context = bench.run([headers(answers.JSON), body(answers.document(SECRET)), trailers()])
    assert context.ended == "instead"
    assert not any(one.HasField("response_trailers") for one in context.written)


class Bug(Exception):
    pass


class BrokenPassage:
    record = None

    def __init__(self, step):
        self._step = step

    def begin(self, status, headers):
        if self._step == "begin":
            raise Bug

    async def feed(self, chunk, *, last):
        raise Bug

    async def stop(self, reason):
        raise Bug

    async def gone(self):
        pass


@pytest.mark.parametrize("step", ["begin", "feed"])
def test_a_bug_in_any_step_is_an_abort(step):
    bench = Bench(begin=lambda handover, taken: BrokenPassage(step))
    context = bench.run([headers(), body(HELLO, end=True)])
    assert (context.ended, context.code, bench.faults) == ("aborted", grpc.StatusCode.INTERNAL, ["bug"])


def test_a_bug_while_a_silent_answer_is_stopped_is_an_abort():
    bench = Bench(begin=lambda handover, taken: BrokenPassage("stop"))
    assert bench.run([headers()], "silence", HASTY).ended == "aborted"


def test_without_a_policy_an_answer_is_aborted():
    bench = Bench(begin=lambda handover, taken: None)
    assert bench.run([headers(), body(HELLO, end=True)]).ended == "aborted"


def test_without_a_word_from_the_check_an_answer_is_aborted(bench):
    message = headers()
    message.metadata_context.Clear()
    assert bench.run([message, body(HELLO, end=True)]).ended == "aborted"


def test_what_envoy_itself_answers_passes(bench):
    said = [headers(details="cluster_not_found"), body(b"no", end=True)]
    context = bench.run(said)
    assert (context.ended, context.body, bench.observed) == ("whole", b"no", [])


@pytest.mark.parametrize("status", ["204", "304", "200"])
def test_an_answer_without_a_body_passes_with_a_record(bench, status):
    context = bench.run([headers({":status": status}, end=True)])
    assert context.written[0].HasField("response_headers")
    (record,) = bench.observed
    assert (record.inspected, record.ending, record.reason) == ("skipped:empty", "complete", "")
    assert not record.decision.refuses


def test_an_empty_answer_that_cannot_be_recorded_is_refused():
    bench = Bench(log=answers.FullDisk())
    context = bench.run([headers({":status": "204"}, end=True)])
    assert context.ended == "instead"
    assert context.written[0].immediate_response.status.code == 503


def test_the_end_of_a_stream_does_not_leave_before_its_record():
    bench = Bench(log=answers.FullDisk())
    context = bench.run([headers(), body(event("Hi ")), body(event("you")), body(event(finish="stop"), end=True)])
    assert context.ended == "whole"
    assert b"audit_unavailable" in context.body
    assert b"you" not in context.body
    assert bench.observed == []


def test_an_answer_that_breaks_off_while_the_log_is_full_is_told_of():
    bench = Bench(log=answers.FullDisk())
    assert bench.run([headers(), body(event("Hi "))]).ended == "aborted"
    assert (bench.faults, bench.observed) == (["unrecorded"], [])


def test_a_large_chunk_is_judged_in_slices_with_the_same_outcome(bench):
    data = b"".join(chat([f"word{number} " for number in range(1000)]))
    assert len(data) > 4 * SLICE_BYTES
    context = bench.run([headers(), body(data, end=True)])
    assert (context.ended, context.body) == ("whole", data)


def test_a_large_chunk_with_a_secret_is_cut_there(bench):
    pieces = [f"word{number} " for number in range(1000)]
    data = b"".join(chat([*pieces[:500], f"{SECRET} ", *pieces]))
    context = bench.run([headers(), body(data, end=True)])
    assert context.ended == "whole"
    assert answers.said(context.body) == "".join(pieces[:500])


def test_a_header_that_comes_twice_is_no_form_that_is_known(bench):
    message = headers(answers.JSON)
    message.response_headers.headers.headers.add(key="Content-Type", raw_value=b"text/event-stream")
    context = bench.run([message, body(HELLO, end=True)])
    assert context.ended == "instead"
    assert json.loads(context.written[0].immediate_response.body)["error"]["code"] == "response_type"


def request_body(data, checked):
    message = Message()
    message.request_body.body = data
    message.request_body.end_of_stream = True
    handed = replace(answers.handover(((1, 2, b"x"),)), body_sha256=hashlib.sha256(checked).hexdigest())
    return with_metadata(message, handed)


def test_the_body_that_was_checked_is_changed_and_no_other(bench):
    context = bench.run([request_headers(), request_body(b"abc", b"abc")])
    assert context.written[1].request_body.response.body_mutation.body == b"axc"
    context = bench.run([request_headers(), request_body(b"abd", b"abc")])
    assert context.ended == "aborted"
    assert len(context.written) == 1
