import io

import httpx2
import openai
import pytest
from tests.tools.golden_codecs import openai_client
from tests.unit.codecs.exchanges import brief, exchange
from tests.unit.codecs.forms import BOUNDARY, HEADERS, asked, chat, jsonl, upload

from firebreak.codecs.locate import Locator
from firebreak.codecs.openai_files import OpenAIBatches, OpenAIFiles, OpenAIUploads
from firebreak.codecs.plain_answer import PlainAnswer
from firebreak.codecs.registry import pick
from firebreak.codecs.routes import PassThrough
from firebreak.model.errors import BadInput
from firebreak.model.reason import Reason
from firebreak.model.refusal import Refusal

CODECS = (OpenAIFiles(), OpenAIBatches(), OpenAIUploads())


def read(content, purpose="batch", **more):
    return OpenAIFiles().read(upload(content, purpose, **more))


def refused(reason, where, request):
    codec = pick(request)
    assert not isinstance(codec, PassThrough)
    with pytest.raises(BadInput) as caught:
        codec.read(request)
    assert (caught.value.reason, caught.value.where) == (reason, where)


def test_what_stands_around_the_lines_is_read_too():
    found = read(jsonl(asked(chat("Hi"))), filename="my batch.jsonl")
    assert brief(found.parts)[:2] == [
        ("metadata", "user", "user", "purpose: batch"),
        ("metadata", "user", "user", "my batch.jsonl"),
    ]
    assert found.surface == "openai.files"


def test_a_finding_in_a_line_has_its_bytes_in_the_form():
    asked_for = upload(jsonl(asked(chat("one")), asked(chat('say "é" to a@b.co'))))
    found = OpenAIFiles().read(asked_for)
    locator = Locator(asked_for.body, found.parts, found.documents)
    (row,) = (index for index, part in enumerate(found.parts) if "a@b.co" in part.text)
    at = found.parts[row].text.index("a@b.co")
    span = locator.span(row, at, at + 6)
    assert asked_for.body[span.start : span.end] == b"a@b.co"


def test_a_file_that_nobody_reads_says_so():
    found = read(b"%PDF-1.7\n\xff\xfe", "assistants", filename="plan.pdf")
    assert brief(found.parts)[1:] == [("file", "user", "user", "plan.pdf")]
    assert (found.task, found.requests) == ("upload", ())


@pytest.mark.parametrize("purpose", ["assistants", "user_data", "vision", "something_new"])
def test_text_in_such_a_file_is_read_as_a_document(purpose):
    found = read(b"my key is hunter2", purpose, filename="notes.txt")
    assert brief(found.parts)[1:] == [
        ("file", "user", "user", "notes.txt"),
        ("text", "tool", "retrieval", "my key is hunter2"),
    ]


def test_a_second_file_is_not_taken_for_the_first():
    more = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="b"\r\n\r\nhidden\r\n'
    refused(Reason.DUPLICATE_KEY, "file", upload(b"{}", more=more))
    refused(Reason.DUPLICATE_KEY, "file", upload(b"{}", more=more.replace('"file"', '"File"')))
    found = read(jsonl(asked(chat("x"))), more=more.replace('"file"', '"other"'))
    assert ("text", "tool", "retrieval", "hidden") in brief(found.parts)


def test_a_purpose_is_needed_and_is_a_word():
    raw = b'--xYz\r\nContent-Disposition: form-data; name="file"; filename="b"\r\n\r\nx\r\n--xYz--'
    refused(Reason.FIELD_MISSING, "/purpose", exchange(raw=raw, path="/v1/files", headers=HEADERS))
    refused(Reason.FIELD_VALUE, "/purpose", upload(b"x", "Batch"))
    raw = raw.replace(b'name="file"; filename="b"', b'name="purpose"').replace(b"\r\nx\r\n", b"\r\nbatch\r\n")
    refused(Reason.FIELD_MISSING, "/file", exchange(raw=raw, path="/v1/files", headers=HEADERS))


def test_a_file_without_a_name_is_no_file():
    raw = (
        b'--xYz\r\nContent-Disposition: form-data; name="purpose"\r\n\r\nbatch\r\n'
        b'--xYz\r\nContent-Disposition: form-data; name="file"\r\n\r\n{}\r\n--xYz--'
    )
    refused(Reason.FIELD_MISSING, "/file", exchange(raw=raw, path="/v1/files", headers=HEADERS))


def test_what_starts_a_batch_points_to_text_it_does_not_carry():
    body = {"input_file_id": "file-1", "endpoint": "/v1/responses", "completion_window": "24h", "metadata": {"a": "b"}}
    found = OpenAIBatches().read(exchange(body, path="/v1/batches"))
    assert [part.kind for part in found.parts] == ["other", "metadata"]
    assert found.parts[0].text == "input_file_id: file-1\n"
    assert found.task == "batch"
    refused(Reason.FIELD_VALUE, "/endpoint", exchange({**body, "endpoint": "/v1/audio"}, path="/v1/batches"))


@pytest.mark.parametrize("path", ["/v1/uploads", "/v1/uploads/upload_1/complete"])
def test_an_upload_in_parts_is_refused_and_says_why(path):
    refused(Reason.UPLOAD_PARTS, path.rpartition("/")[2], exchange({"a": 1}, path=path))


def test_so_is_one_of_its_parts():
    refused(Reason.UPLOAD_PARTS, "parts", exchange(raw=b"x", path="/v1/uploads/u/parts", headers=HEADERS))


@pytest.mark.parametrize("codec", CODECS)
def test_answers_are_objects_and_refusals_are_openais(codec):
    assert isinstance(codec.answer(), PlainAnswer)
    assert b'"code": "c"' in codec.refuse(Refusal(403, "c", "m", "invalid")).body


@pytest.mark.parametrize("api", ["openai", "azure_openai"])
def test_the_sdks_upload_is_read(api):
    seen = []

    def send(request):
        seen.append(request)
        return httpx2.Response(400, json={"error": {"message": "captured"}})

    lines = jsonl(asked(chat("Hello")), asked(chat("there")))
    with pytest.raises(openai.BadRequestError):
        openai_client(send).files.create(
            file=("lines.jsonl", io.BytesIO(lines)),
            purpose="batch",
            expires_after={"anchor": "created_at", "seconds": 3600},
        )
    (request,) = seen
    path = "/v1/files" if api == "openai" else "/openai/files"
    headers = {"content-type": request.headers["content-type"]}
    one = exchange(raw=request.read(), path=path, headers=headers, api=api)
    codec = pick(one)
    assert not isinstance(codec, PassThrough)
    found = codec.read(one)
    assert [part.text for part in found.parts if part.kind == "text"] == ["Hello", "there"]
    assert "expires_after[seconds]: 3600" in [part.text for part in found.parts]
