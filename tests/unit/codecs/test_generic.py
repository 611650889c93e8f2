import json

import pytest
from tests.unit.codecs.exchanges import brief, exchange
from tests.unit.codecs.forms import HEADERS

from firebreak.codecs.generic import Generic
from firebreak.codecs.generic_answer import GenericAnswer
from firebreak.codecs.locate import Locator
from firebreak.codecs.registry import pick, refusal_codec
from firebreak.codecs.routes import PassThrough
from firebreak.model.errors import BadInput
from firebreak.model.reason import Reason
from firebreak.model.refusal import Refusal


def request(body, path="/v2/summarise", **more):
    return exchange(body, api="generic", path=path, **more)


def read(body):
    return Generic().read(request(body))


def test_a_string_of_several_words_is_a_text_with_its_key():
    assert brief(read({"q": {"prompt": "Say hello"}, "n": 3, "mode": "fast", "items": ["two words", "one"]}).parts) == [
        ("metadata", "user", "user", "/v2/summarise"),
        ("text", "user", "user", "prompt: Say hello\n"),
        ("text", "user", "user", "two words"),
        ("metadata", "user", "user", "q:\nn: 3\nmode: fast\nitems:\none\n"),
    ]


@pytest.mark.parametrize("body", ["just text", ["just text"], [["just text"]], {"a b": {"c": ["just text"]}}])
def test_any_document_is_one(body):
    assert "just text" in [part.text.strip() for part in read(body).parts]


@pytest.mark.parametrize("body", [0, None, True, [], {}, "word"])
def test_a_document_without_words_is_read_too(body):
    assert read(body).parts[0].text == "/v2/summarise"


def test_a_name_stays_beside_its_value():
    texts = [part.text for part in read({"password": "hunter2", "secret_phrase": "correct horse battery"}).parts]
    assert texts == ["/v2/summarise", "secret_phrase: correct horse battery\n", "password: hunter2\n"]


@pytest.mark.parametrize("key", ["image", "x"])
def test_what_is_long_and_in_base64_was_not_inspected(key):
    blob = "iVBORw0K" * 40
    parts = read({key: blob, "list": [blob], "url": "data:image/png;base64,iVBORw0K"}).parts
    assert [part.kind for part in parts] == ["metadata", "other", "other", "other", "metadata"]
    assert blob in parts[1].text


def test_numbers_are_read():
    assert "4111111111111111" in read({"card": 4111111111111111}).parts[-1].text
    assert "4111111111111111" in read({"many": [*range(20), 4111111111111111]}).parts[-1].text


def test_nothing_is_told_of_the_request():
    found = read({"model": "gpt-4o", "stream": True, "tools": [{"name": "a"}], "user": "u"})
    assert (found.surface, found.model, found.stream, found.tools, found.user) == ("generic", "", False, (), "")


def test_texts_have_their_places():
    one = request({"a": [{"b": "Ask bob@corp.example.org"}]})
    found = Generic().read(one)
    (row,) = (index for index, part in enumerate(found.parts) if "bob@" in part.text)
    at = found.parts[row].text.index("bob@")
    span = Locator(one.body, found.parts).span(row, at, at + 20)
    assert one.body[span.start : span.end] == b"bob@corp.example.org"


@pytest.mark.parametrize("raw", [b"{", b'{"a": 1, "a": 2}', b"{} {}", b"\xff", b'["\\ud800"]', b"[NaN]"])
def test_a_body_is_read_as_strictly_as_any(raw):
    with pytest.raises(BadInput):
        Generic().read(request(None, raw=raw))


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
@pytest.mark.parametrize("path", ["/", "/v1/run", "/a/b/c/d/e/f/g/h/"])
def test_every_plain_path_has_it(method, path):
    target = pick(request({}, path, method=method))
    assert not isinstance(target, PassThrough)
    assert (target.surface, type(target.answer())) == ("generic", GenericAnswer)


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"method": "GET"}, Reason.UNKNOWN_ROUTE),
        ({"path": "/a/../b"}, Reason.UNKNOWN_ROUTE),
        ({"path": "/a%2fb"}, Reason.UNKNOWN_ROUTE),
        ({"path": "/a/b/c/d/e/f/g/h/i"}, Reason.UNKNOWN_ROUTE),
        ({"query": "a=b"}, Reason.QUERY),
        ({"headers": HEADERS}, Reason.CONTENT_TYPE),
        ({"headers": {"content-type": "text/plain"}}, Reason.CONTENT_TYPE),
        ({"raw": b""}, Reason.BODY_EMPTY),
    ],
)
def test_what_is_not_one_json_document_is_refused(more, reason):
    with pytest.raises(BadInput) as caught:
        pick(request({}, **{"path": "/run", **more}))
    assert caught.value.reason is reason


def test_no_other_api_is_read_by_it():
    with pytest.raises(BadInput) as caught:
        pick(exchange({}, api="openai", path="/v1/run"))
    assert caught.value.reason is Reason.UNKNOWN_ROUTE


def test_a_refusal_is_a_plain_error():
    refusal = Refusal(400, "block", "Request blocked", "policy")
    rendered = Generic().refuse(refusal)
    assert json.loads(rendered.body) == {
        "error": {"code": "content_policy_violation", "message": "Request blocked", "type": "policy_violation"}
    }
    assert refusal_codec("generic").refuse(refusal) == rendered
