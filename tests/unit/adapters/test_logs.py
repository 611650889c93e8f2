import io
import json
import logging
import warnings

import pytest

from firebreak.adapters.logs import MAX_TEXT_CHARS, event, setup
from firebreak.model.errors import Unavailable


@pytest.fixture
def lines():
    root, ours = logging.getLogger(), logging.getLogger("firebreak")
    before = root.handlers[:], root.level, ours.level
    stream = io.StringIO()
    setup("info", stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.handlers[:] = before[0]
    root.setLevel(before[1])
    ours.setLevel(before[2])
    logging.captureWarnings(capture=False)


OURS = logging.getLogger("firebreak.test")


def test_an_event_is_one_line_of_json(lines):
    event(OURS, logging.INFO, "audit_head", seq=4, ok=True, hash="ab")
    (line,) = lines()
    assert line.pop("time").endswith("Z")
    assert line == {
        "level": "info",
        "logger": "firebreak.test",
        "event": "audit_head",
        "seq": 4,
        "ok": True,
        "hash": "ab",
    }


def test_below_the_level_nothing_is_said(lines):
    event(OURS, logging.DEBUG, "detail")
    logging.getLogger("grpc").info("chatter")
    assert lines() == []


def test_texts_are_cut(lines):
    event(OURS, logging.INFO, "long", text="x" * 9999)
    assert len(lines()[0]["text"]) == MAX_TEXT_CHARS


def test_a_library_says_one_line_only(lines):
    logging.getLogger("asyncio").error("Task exception was never retrieved\nfuture: ValueError('my ssn is')")
    assert lines()[0]["event"] == "Task exception was never retrieved"


def test_an_error_shows_where_and_never_what(lines):
    try:
        raise ValueError("the prompt")
    except ValueError:
        OURS.exception("bug")
    (line,) = lines()
    assert line["error"] == "ValueError"
    assert line["frames"][-1].startswith("test_logs.py:")
    assert "the prompt" not in json.dumps(line)


def test_our_own_errors_say_what(lines):
    try:
        raise Unavailable("audit log: no space left")
    except Unavailable:
        OURS.exception("refused")
    assert lines()[0]["message"] == "audit log: no space left"


def test_warnings_become_lines(lines):
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn("old", stacklevel=1)
    assert lines()[0]["logger"] == "py.warnings"
