import base64
import json
import sys
from typing import Any

import pytest
from tests import answers
from tests.answers import DONE, SECRET, call, chat, document, event, said

from firebreak.codecs.anthropic_answer import AnthropicAnswer
from firebreak.codecs.bedrock_converse_answer import ConverseAnswer
from firebreak.codecs.bedrock_invoke_answer import InvokeAnswer
from firebreak.codecs.frames.whole import Whole
from firebreak.codecs.gemini_answer import GeminiAnswer
from firebreak.codecs.ollama_answer import OllamaAnswer
from firebreak.codecs.openai_chat_answer import OpenAIChatAnswer
from firebreak.codecs.openai_media_answer import SpeechAnswer
from firebreak.detect.interface import Hit
from firebreak.intent.classify import NOTHING
from firebreak.model.finding import FindingKind, Severity
from firebreak.model.reason import Reason
from firebreak.model.usage import Usage
from firebreak.pipeline import gate as gates
from firebreak.pipeline.gate import Cut, Gate
from firebreak.pipeline.screen import Screen
from firebreak.pipeline.snapshot import Snapshot

WATCHING = """
policy: {name: watching, version: "1"}
defaults: {intent: ALLOW}
rules:
  - {id: mark, decision: WARN, match: {on: [response], findings: [{}]}}
"""


@pytest.fixture(scope="module")
def snap():
    return answers.snapshot()


@pytest.fixture(scope="module")
def lenient():
    return answers.snapshot(WATCHING)


def fed(gate, chunks, *, end=True):
    for chunk in chunks:
        gate.feed(chunk)
    if end:
        gate.end()
    return bytes(gate.let_go)


def size(gate):
    """Bytes of everything that hangs on the gate."""
    seen, todo, total = set(), [gate], 0
    while todo:
        one = todo.pop()
        if (
            id(one) in seen
            or isinstance(one, type)
            or callable(one)
            or type(one).__module__.startswith("firebreak.pol")
        ):
            continue
        seen.add(id(one))
        total += sys.getsizeof(one)
        if isinstance(one, dict):
            todo += [*one, *one.values()]
        elif hasattr(one, "__iter__") and not isinstance(one, str | bytes | bytearray):
            todo += list(one)
        todo += [
            getattr(one, slot)
            for cls in type(one).__mro__
            for slot in getattr(cls, "__slots__", ())
            if hasattr(one, slot)
        ]
        todo += list(getattr(one, "__dict__", {}).values())
    return total


def test_memory_does_not_depend_on_the_answers_length(lenient):
    gate = answers.gate(lenient)
    sizes = []
    for number in range(6_000):
        gate.feed(event(f"word{number % 97} bob{number}@example.com " if number % 3 else "some more "))
        gate.let_go.clear()
        if number % 2_000 == 1_999:
            sizes.append(size(gate))
    assert max(sizes) < 1.2 * sizes[0]


def test_a_choice_that_waits_for_another_is_not_read_again_and_again(snap):
    """The first choice calls a tool for long; what the second says stands behind it."""
    gate: Any = answers.gate(snap, most=1 << 22)
    read = 0
    screen = gate._bench.screen

    def counted(part):
        nonlocal read
        read += len(part.text)
        return screen(part)

    gate._bench.screen = counted
    gate.feed(call("", "run"))
    for number in range(3_000):
        gate.feed(event("so " if number % 2 else "more ", index=1))
    assert bytes(gate.let_go) == b""
    assert read < 3_000 * 2_000
    gate.feed(event(finish="tool_calls"))
    assert len(said(bytes(gate.let_go))) == 12_000


def test_what_waits_behind_another_choice_can_still_be_redacted(snap):
    gate = answers.gate(snap)
    sent = [call("{}", "run"), event("I am bob@example.com ", index=1), event("and so on ", index=1)]
    fed(gate, [*sent, event(finish="stop"), event(finish="stop", index=1), DONE])
    assert said(bytes(gate.let_go)) == "I am [EMAIL_ADDRESS_1] and so on "


def test_many_findings_in_a_long_call_are_replaced_in_linear_time(snap):
    gate = answers.gate(snap, most=1 << 22)
    pieces = [f"u{number}@exam" + "ple.com " for number in range(1_500)]
    sent = [call("", "run"), *(call(half) for piece in pieces for half in (piece[:7], piece[7:]))]
    left = fed(gate, [*sent, event(finish="tool_calls"), DONE])
    assert b"example" not in left
    assert b"[EMAIL_ADDRESS_1500]" in left


def test_many_findings_in_a_document_walk_it_once(snap):
    reader = OpenAIChatAnswer()
    gate = Gate(Whole(1 << 22), reader, answers.answer(snap), 1 << 22)
    left = fed(gate, [document(" ".join(f"u{number}@example.com" for number in range(1_500)))])
    assert json.loads(left)["choices"][0]["message"]["content"].endswith("[EMAIL_ADDRESS_1500]")


def test_a_redaction_across_frames_stands_in_the_first(snap):
    left = fed(answers.gate(snap), chat(["I am b", "ob@", "exam", "ple.com", ", he"]))
    contents = [one["choices"][0]["delta"].get("content") for one in answers.events(left)]
    assert contents == ["I am [EMAIL_ADDRESS_1]", "", "", "", ", he", None]


def test_findings_that_overlap_are_replaced_once(snap):
    left = fed(answers.gate(snap), chat(["see https://bob@example.com/x?mail=bob@example.com ", "there"]))
    assert "bob" not in said(left)
    assert said(left).endswith(" there")


def test_a_number_is_replaced_as_a_whole(snap):
    body = document("x").replace(b'"model": "gpt-4o"', b'"extra": {"card": 4111111111111111, "k": [1]}')
    gate = Gate(Whole(4096), OpenAIChatAnswer(), answers.answer(snap), 4096)
    left = json.loads(fed(gate, [body]))
    assert isinstance(left["extra"]["card"], str)
    assert left["extra"]["k"] == [1]


def test_a_finding_in_a_key(snap):
    body = document("x").replace(b'"model": "gpt-4o"', b'"extra": {"bob@example.com": true}')
    gate = Gate(Whole(4096), OpenAIChatAnswer(), answers.answer(snap), 4096)
    assert json.loads(fed(gate, [body]))["extra"] == {"[EMAIL_ADDRESS_1]": True}


@pytest.mark.parametrize(
    "frame", [b": bob@example.com \n\n", b"event: bob@example.com\ndata: {}\n\n", b"x: bob@example.com\n\n"]
)
def test_what_stands_beside_the_data_cannot_be_redacted_and_is_cut(snap, frame):
    gate = answers.gate(snap)
    with pytest.raises(Cut):
        fed(gate, [event("Hi "), frame])
    assert said(bytes(gate.let_go)) == "Hi "
    assert b"bob" not in gate.let_go


def test_a_secret_that_is_encoded_is_found(snap):
    encoded = base64.b64encode(f"key={SECRET} and more".encode()).decode()
    gate = answers.gate(snap)
    with pytest.raises(Cut):
        fed(gate, chat(["It is ", *(encoded[at : at + 5] for at in range(0, len(encoded), 5)), " there."]))
    assert said(bytes(gate.let_go)) == "It is "


def test_a_secret_in_a_very_long_word_is_found_before_it_leaves(snap):
    gate = answers.gate(snap)
    word = ["x-"] * 5_000
    with pytest.raises(Cut):
        fed(gate, chat([*word, f"/{SECRET}/", *word]))
    assert "AKIA" not in said(bytes(gate.let_go))
    assert len(said(bytes(gate.let_go))) > 1_000


def test_a_row_of_open_texts_has_an_end(snap):
    gate = answers.gate(snap)
    with pytest.raises(Cut) as cut:
        fed(gate, [event("a b", index=number) for number in range(gates.MAX_TEXTS + 1)])
    assert cut.value.reason is Reason.TOO_MANY_PARTS


def test_as_many_open_texts_as_may_be_pass(snap):
    gate = answers.gate(snap)
    sent = [event("a b", index=number) for number in range(gates.MAX_TEXTS)]
    assert fed(gate, [*sent, DONE]) == b"".join([*sent, DONE])


def test_a_frame_of_the_largest_size_passes_and_a_larger_one_does_not(snap):
    def frame(length):
        empty = len(event(""))
        return event("word " * ((length - empty) // 5) + "x" * ((length - empty) % 5))

    assert len(frame(4096)) == 4096
    assert fed(answers.gate(snap, most=4096), [frame(4096)]) == frame(4096)
    with pytest.raises(Cut) as cut:
        fed(answers.gate(snap, most=4096), [frame(4097)])
    assert cut.value.reason is Reason.RESPONSE_TOO_LARGE


def test_too_many_frames_that_wait_are_an_end(snap, monkeypatch):
    monkeypatch.setattr(gates, "MAX_WAITING", 10)
    with pytest.raises(Cut) as cut:
        fed(answers.gate(snap), [call("", "run"), *([call("{")] * 10)])
    assert cut.value.reason is Reason.RESPONSE_TOO_LARGE


def test_too_many_texts_in_one_frame_are_an_end(snap, monkeypatch):
    monkeypatch.setattr(gates, "MAX_DELTAS", 10)
    choices = [{"index": number, "message": {"content": "x"}} for number in range(11)]
    gate = Gate(Whole(1 << 20), OpenAIChatAnswer(), answers.answer(snap), 1 << 20)
    with pytest.raises(Cut) as cut:
        fed(gate, [json.dumps({"choices": choices}).encode()])
    assert cut.value.reason is Reason.TOO_MANY_PARTS


def test_placeholders_are_put_back_wherever_they_are_cut(snap):
    name, text = "[EMAIL_ADDRESS_1]", 'bob "b"@example.com'
    for at in range(1, len(name)):
        gate = answers.gate(snap, taken={name: text})
        left = fed(gate, chat(["Dear ", name[:at], name[at:], ", hello"]))
        assert said(left) == f"Dear {text}, hello"


def test_what_was_not_judged_is_given_out_once(snap):
    gate = answers.gate(snap)
    sent = [event("Hello "), event("there "), event("you"), b"data: {]\n\n", b"data: rest"]
    with pytest.raises(Cut):
        gate.feed(b"".join(sent))
    assert bytes(gate.let_go) + gate.unjudged() == b"".join(sent)


def test_usage_is_what_the_answer_says_last(snap):
    gate = answers.gate(snap)
    usage = {"usage": {"prompt_tokens": 3, "completion_tokens": 4}, "choices": []}
    fed(gate, [event("Hi"), b"data: " + json.dumps(usage).encode() + b"\n\n", DONE])
    assert gate.spent.usage(9) == Usage(input=3, output=4)


def test_a_document_does_not_stream(snap):
    assert answers.gate(snap).streams
    assert not Gate(Whole(10), OpenAIChatAnswer(), answers.answer(snap), 10).streams


def test_what_is_thought_holds_nothing_back_once_the_answer_begins(snap):
    gate = answers.gate(snap)
    thought, answered = event(reasoning_content="so: done"), event("Hello ")
    gate.feed(thought)
    assert bytes(gate.let_go) == b""
    gate.feed(answered)
    assert bytes(gate.let_go) == thought + answered


def test_words_before_a_tool_call_are_not_held_by_it(snap):
    gate = answers.gate(snap)
    gate.feed(event("Let me look") + call("", "look_up"))
    assert bytes(gate.let_go) == event("Let me look")


@pytest.mark.parametrize("member", ["content", "reasoning_content", "verse"])
def test_a_key_is_not_whole_outside_whatever_stands_between_its_halves(snap, member):
    halves: list[Any] = [{member: "is " + SECRET[:9]}, {member: SECRET[9:] + " "}]
    for between in (event(reasoning="y "), event(refusal="z "), event(finish="stop"), event("", "")):
        gate = answers.gate(snap)
        with pytest.raises(Cut):
            fed(gate, [event(**halves[0]), between, event(**halves[1])])
        assert SECRET[9:].encode() not in bytes(gate.let_go)


def test_an_unknown_member_of_a_stream_is_judged_over_its_pieces_and_holds_nothing(snap):
    gate = answers.gate(snap)
    first = event(thinking_blocks=[{"thinking": SECRET[:9]}])
    gate.feed(first)
    assert bytes(gate.let_go) == first
    with pytest.raises(Cut):
        gate.feed(event(thinking_blocks=[{"thinking": SECRET[9:] + " "}]))


def test_a_finding_among_alternatives_has_a_place(lenient):
    other = {"token": "a", "logprob": -1.0, "bytes": None, "note": "mail bob@example.com"}
    token = {"token": "Hi", "logprob": -0.1, "bytes": None, "top_logprobs": [other]}
    body = {"choices": [{"index": 0, "delta": {"content": "Hi"}, "logprobs": {"content": [token]}}]}
    raw = b"data: " + json.dumps(body).encode() + b"\n\n"
    assert fed(answers.gate(lenient), [raw]) == raw


def test_in_a_call_whose_text_is_no_json_the_text_is_put_back_as_it_is(snap):
    name, text = "[PERSON_1]", 'Zoë "Z" O\'Neil'
    plain = {"index": 0, "id": "c", "type": "custom", "custom": {"name": "say", "input": f"to {name}"}}
    quoted = {"index": 0, "id": "c", "function": {"name": "say", "arguments": json.dumps({"to": name})}}
    for made, key, read in ((plain, "custom", str), (quoted, "function", json.loads)):
        left = fed(answers.gate(snap, taken={name: text}), [event(tool_calls=[made]), event(finish="tool_calls"), DONE])
        (called,) = answers.events(left)[0]["choices"][0]["delta"]["tool_calls"]
        asked = read(called[key]["input" if key == "custom" else "arguments"])
        assert asked in (f"to {text}", {"to": text})


@pytest.mark.parametrize("decision", ["BLOCK", "REDACT"])
def test_sound_without_a_text_is_judged(decision):
    """Nothing in it can be replaced, so a policy that would have it redacted does not let it through either."""
    rules = f"[{{id: no-media, decision: {decision}, match: {{on: [response], findings: [{{kind: uninspected}}]}}}}]"
    snap = answers.snapshot(f"policy: {{name: media, version: 1}}\ndefaults: {{intent: ALLOW}}\nrules: {rules}\n")
    reader = SpeechAnswer()
    framer = reader.framer("audio/mpeg", 1 << 20)
    assert framer is not None
    gate = Gate(framer, reader, answers.answer(snap), 1 << 20)
    with pytest.raises(Cut):
        fed(gate, [b"ID3\x00\x01"])
    assert gate.let_go == b""


def _asking(value):
    """Tool calls whose arguments are objects, by reader, each with one argument."""
    args = {"to": value}
    return [
        (
            GeminiAnswer(streamed=False),
            {"candidates": [{"content": {"parts": [{"functionCall": {"name": "say", "args": args}}]}}]},
        ),
        (OllamaAnswer(), {"message": {"tool_calls": [{"function": {"name": "say", "arguments": args}}]}, "done": True}),
        (ConverseAnswer(), {"output": {"message": {"content": [{"toolUse": {"name": "say", "input": args}}]}}}),
        (
            InvokeAnswer(),
            {"choices": [{"message": {"tool_calls": [{"function": {"name": "say", "arguments": args}}]}}]},
        ),
        (
            OpenAIChatAnswer(),
            {"choices": [{"message": {"tool_calls": [{"function": {"name": "say", "arguments": args}}]}}]},
        ),
        (AnthropicAnswer(), {"content": [{"type": "tool_use", "name": "say", "input": args}]}),
    ]


def test_arguments_that_are_an_object_hold_the_value_itself_afterwards(snap):
    name, text = "[PERSON_1]", 'Zoë "Z" \\ O\'Neil'
    for (reader, body), (_, wanted) in zip(_asking(f"to {name}"), _asking(f"to {text}"), strict=True):
        gate = Gate(Whole(1 << 20), reader, answers.answer(snap, {name: text}), 1 << 20)
        assert json.loads(fed(gate, [json.dumps(body).encode()])) == wanted


def test_what_is_redacted_in_arguments_that_are_an_object_leaves_an_object(snap):
    for (reader, body), (_, wanted) in zip(_asking("bob@example.com, x"), _asking("[EMAIL_ADDRESS_1], x"), strict=True):
        gate = Gate(Whole(1 << 20), reader, answers.answer(snap), 1 << 20)
        assert json.loads(fed(gate, [json.dumps(body).encode()])) == wanted


ABOUT = """
policy: {name: about, version: "1"}
defaults: {intent: ALLOW}
categories: [weapons, malware_creation, question_answering, summarization]
rules:
  - {id: no-weapons, decision: BLOCK, match_categories: [weapons], match: {on: [response]}}
  - {id: mark, decision: WARN, match_categories: [malware_creation], match: {on: [response]}}
"""
BOMB = (
    "To make a pipe bomb you fill a steel pipe with explosive powder, seal both ends with caps, drill a hole for the fuse "
    "and add nails as shrapnel so that it injures as many people as possible. "
)
CITY = "The old town has narrow streets, a market hall and two museums that are open until six in the evening. "


@pytest.fixture(scope="module")
def about():
    return answers.snapshot(ABOUT)


def test_an_answer_about_what_a_rule_blocks_does_not_leave(about):
    gate = Gate(Whole(1 << 20), OpenAIChatAnswer(), answers.answer(about), 1 << 20)
    with pytest.raises(Cut):
        fed(gate, [document(BOMB)])
    assert bytes(gate.let_go) == b""
    assert fed(Gate(Whole(1 << 20), OpenAIChatAnswer(), answers.answer(about), 1 << 20), [document(CITY)])


def test_a_stream_about_it_is_cut_within_a_stride_of_it(about):
    gate = answers.gate(about)
    with pytest.raises(Cut):
        fed(gate, chat([word + " " for word in (CITY * 8 + BOMB * 6 + CITY * 8).split()]))
    left = said(bytes(gate.let_go))
    assert len(CITY * 8) < len(left) < len(CITY * 8 + BOMB * 6)


def test_however_it_is_cut_into_chunks_the_same_leaves(about):
    whole, kept = b"".join(chat([CITY * 5, BOMB, BOMB, BOMB, BOMB, CITY])), set()
    for size in (1, 7, 100, len(whole)):
        gate = answers.gate(about)
        with pytest.raises(Cut):
            fed(gate, [whole[at : at + size] for at in range(0, len(whole), size)])
        kept.add(bytes(gate.let_go))
    assert len(kept) == 1


def test_what_the_model_thinks_is_not_what_it_says(about):
    assert fed(answers.gate(about), [event(reasoning_content=BOMB), event(content="No."), event(finish="stop"), DONE])


def test_a_call_about_it_is_not_let_through(about):
    gate = answers.gate(about)
    with pytest.raises(Cut):
        fed(gate, [call(json.dumps({"text": BOMB * 4}), "write_file"), event(finish="tool_calls"), DONE])
    assert BOMB[:20].encode() not in bytes(gate.let_go)


def test_a_policy_that_says_nothing_of_answers_does_not_look(snap):
    quiet = answers.snapshot(ABOUT.replace(", match: {on: [response]}", ""))
    for each in (snap, quiet):
        assert BOMB[:20].encode() in fed(answers.gate(each), chat([BOMB]))


class Tone:
    """A broad detector that hears one word."""

    name, broad = "tone", True

    def detect(self, part, views):
        at = part.text.find("thunder")
        return [Hit("tone", FindingKind.WASTE, Severity.HIGH, 1.0, at, at + 7)] if at >= 0 else []


class Deaf(Tone):
    def detect(self, part, views):
        raise RuntimeError(part.text)


def toned(detector, decision):
    rule = f"{{id: tone, decision: {decision}, match: {{on: [response], findings: [{{kind: waste}}]}}}}"
    program = answers.snapshot(
        f'policy: {{name: t, version: "1"}}\ndefaults: {{intent: ALLOW}}\nrules: [{rule}]\n'
    ).program
    screen = Screen([detector], FixedGuess(), memory_entries=1, budget_s=10)
    return answers.gate(Snapshot(program, screen, None, 1))


class FixedGuess:
    def classify(self, text):
        return NOTHING


CALM = [f"some words {number} " for number in range(60)]


@pytest.mark.parametrize("decision", ["BLOCK", "REDACT"])
def test_what_an_answer_is_like_ends_it_within_a_stride(decision):
    gate = toned(Tone(), decision)
    with pytest.raises(Cut):
        fed(gate, chat([*CALM, "thunder ", *CALM]))
    assert len("".join(CALM)) <= len(said(bytes(gate.let_go))) < len("".join(CALM)) + 512 + 20


def test_what_an_answer_is_like_may_pass():
    gate = toned(Tone(), "WARN")
    fed(gate, chat([*CALM, "thunder ", *CALM]))
    assert said(bytes(gate.let_go)) == "".join([*CALM, "thunder ", *CALM])


def test_an_answer_of_which_it_cannot_be_told_ends(caplog):
    gate = toned(Deaf(), "WARN")
    with pytest.raises(Cut):
        fed(gate, chat(CALM))
    assert "tone crashed" in caplog.text
