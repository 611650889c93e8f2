import json

import pytest
from tests.contract.provider_formats import gemini, gemini_call
from tests.unit.codecs.hearing import everything, kinds, said, texts

from firebreak.codecs.frames.array import Array
from firebreak.codecs.frames.sse import Sse
from firebreak.codecs.frames.whole import Whole
from firebreak.codecs.gemini_answer import GeminiAnswer, gemini_usage
from firebreak.model.errors import BadInput
from firebreak.model.refusal import Refusal
from firebreak.model.usage import Usage

REFUSAL = Refusal(400, "block", "No", "policy")
SIGNATURE = "CiQB0e2Kb0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKL+/="[:60]


def hear(*values, streamed=True):
    return said(GeminiAnswer(streamed=streamed), *values)


def parted(*parts, finish=""):
    answer = gemini("", finish)
    answer["candidates"][0]["content"]["parts"] = list(parts)
    return answer


def test_the_framing_follows_the_content_type_and_the_route():
    assert isinstance(GeminiAnswer(streamed=True).framer("text/event-stream", 9), Sse)
    assert isinstance(GeminiAnswer(streamed=True).framer("application/json", 9), Array)
    assert isinstance(GeminiAnswer(streamed=False).framer("application/json", 9), Whole)
    assert GeminiAnswer(streamed=True).framer("text/plain", 9) is None


def test_a_cut_has_the_form_of_what_came_before():
    reader = GeminiAnswer(streamed=True)
    reader.framer("text/event-stream", 9)
    assert reader.cut(REFUSAL).startswith(b'data: {"error"')
    reader.framer("application/json", 9)
    assert json.loads(b"[{}" + reader.cut(REFUSAL))[1]["error"]["message"] == "No"


def test_a_text_goes_on_and_its_end_is_a_pause():
    heard = hear(gemini("Hel"), gemini("lo", "STOP"), gemini(" again", "STOP"))
    assert texts(heard)["0.text"] == "Hello again"
    assert [each.paused for each in heard] == [[], ["0.text"], ["0.text"]]
    assert [each.last for each in heard] == [False, True, True]
    assert not any(each.closed for each in heard)


def test_thoughts_pause_where_the_answer_begins():
    first, second = hear(parted({"text": "Hm.", "thought": True}), parted({"text": "Hi."}))
    assert kinds(first)[0] == ("reasoning", "Hm.")
    assert second.paused == ["0.reasoning"]


def test_a_signature_is_for_the_provider_only():
    (heard,) = hear(parted({"text": "Hi.", "thoughtSignature": SIGNATURE}))
    assert SIGNATURE not in everything([heard])
    (heard,) = hear(parted({"text": "Hi.", "thoughtSignature": "in clear"}))
    assert "in clear" in everything([heard])


def test_a_call_is_whole():
    (heard,) = hear(gemini_call())
    call = next(delta.channel for delta in heard.deltas if delta.channel.kind.value == "tool_call")
    assert (call.name, heard.closed) == ("get_weather", [call.key])
    assert texts([heard])[call.key] == "get_weather\ncity: Paris\n"


def test_a_call_can_come_in_pieces():
    piece = {"jsonPath": "$.city", "stringValue": "Par", "willContinue": True}
    heard = hear(
        parted({"functionCall": {"name": "look", "willContinue": True}}),
        parted({"functionCall": {"partialArgs": [piece], "willContinue": True}}),
        parted({"functionCall": {"partialArgs": [{"jsonPath": "$.city", "stringValue": "is"}], "willContinue": True}}),
        parted({"functionCall": {}}),
        parted({"functionCall": {"name": "next", "args": {}}}),
    )
    assert texts(heard)["0.call.0"] == "look\nParis\n"
    assert [each.closed for each in heard] == [[], [], [], ["0.call.0"], ["0.call.1"]]


def test_a_call_in_pieces_keeps_its_name():
    going = {"functionCall": {"name": "look", "willContinue": True}}
    with pytest.raises(BadInput):
        hear(parted(going), parted(going))


@pytest.mark.parametrize(
    ("part", "kind", "text"),
    [
        ({"executableCode": {"code": "print(1)"}}, "tool_call", "code: print(1)\n"),
        ({"codeExecutionResult": {"output": "1"}}, "tool_result", "output: 1\n"),
        ({"inlineData": {"mimeType": "image/png", "data": "iVBORw0KGgo="}}, "image", "mimeType: image/png\ndata: \n"),
        ({"fileData": {"fileUri": "gs://b/a"}}, "file", "fileUri: gs://b/a\n"),
    ],
)
def test_what_google_ran_and_made(part, kind, text):
    assert (kind, text) in kinds(hear(parted(part))[0])


def test_a_part_that_is_not_known_goes_on_in_the_next_piece():
    heard = hear(parted({"hologram": "Hel"}), parted({"hologram": "lo"}))
    assert "Hello" in texts(heard).values()


def test_what_was_looked_up_is_no_word_of_the_models():
    answer = gemini("Hi.", "STOP")
    answer["candidates"][0]["groundingMetadata"] = {"groundingChunks": [{"web": {"uri": "https://a.example"}}]}
    (heard,) = hear(answer)
    found = next(delta for delta in heard.deltas if "a.example" in delta.text)
    assert (found.channel.kind.value, found.channel.origin.value) == ("tool_result", "retrieval")


def test_log_probabilities_are_the_text_once_more():
    answer = gemini("Hi", "STOP")
    token = {"token": "Hi", "tokenId": 3, "logProbability": -0.1}
    other = {"token": "Ho", "tokenId": 4, "logProbability": -3.1}
    answer["candidates"][0]["logprobsResult"] = {
        "chosenCandidates": [token],
        "topCandidates": [{"candidates": [dict(token), other]}],
        "logProbabilitySum": -0.1,
    }
    (heard,) = hear(answer, streamed=False)
    found = texts([heard])
    assert (found["0.logprobs"], found["0.logprobs.0"]) == ("Hi", "HiHo")
    assert all(delta.channel.copied for delta in heard.deltas if "logprobs" in delta.channel.key)


def test_ratings_and_counts_say_nothing():
    answer = gemini("Hi", "STOP")
    rating = {"category": "HARM_CATEGORY_HARASSMENT", "probability": "NEGLIGIBLE", "blocked": False}
    answer["candidates"][0]["safetyRatings"] = [rating]
    answer["promptFeedback"] = {"safetyRatings": [dict(rating)]}
    (heard,) = hear(answer)
    assert "HARASSMENT" not in everything([heard])
    assert "promptTokenCount" not in everything([heard])


def test_an_error_is_text_and_the_last():
    (heard,) = hear({"error": {"message": "Overloaded"}})
    assert heard.last
    assert "Overloaded" in everything([heard])


def test_usage_counts_thoughts_and_tools():
    usage = {
        "promptTokenCount": 10,
        "toolUsePromptTokenCount": 2,
        "candidatesTokenCount": 5,
        "thoughtsTokenCount": 3,
        "cachedContentTokenCount": 4,
        "promptTokensDetails": [{"modality": "TEXT", "tokenCount": 10}],
    }
    body = {"usageMetadata": usage}
    assert gemini_usage(body) == Usage(input=12, output=8, cached=4, reasoning=3)
    assert body == {}
    odd = {"usageMetadata": {"note": "hidden words"}}
    assert gemini_usage(odd) == Usage()
    assert odd["usageMetadata"] == {"note": "hidden words"}
    assert gemini_usage({"usageMetadata": 3}) is None


@pytest.mark.parametrize("value", [{"candidates": 1}, {"candidates": [1]}, [], 1, b"{"])
def test_what_has_the_wrong_shape_is_refused(value):
    with pytest.raises(BadInput):
        hear(value)
