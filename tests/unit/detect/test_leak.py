import base64

import pytest

from firebreak.detect import leak
from firebreak.detect.leak import BEGUN, CANARY, MIN_WORDS, OVERLAP, ROW, Canaries, Overlap, core, fingerprints
from firebreak.model.conversation import Origin, Part, PartKind, Role
from firebreak.model.finding import FindingKind, Severity
from firebreak.model.handover import Fingerprints
from firebreak.text.views import views

CANARIES = ("The purple heron 7 flies", "ZX-canary-99871")
PROMPT = (
    "You are the assistant of the Larkspur ferry company. Answer questions about sailings, fares and luggage. "
    "Never promise a refund before a person has looked at the booking. When somebody asks about the weather, give the "
    "harbour master's number and say that the crossing may be late. Bicycles travel free on weekdays, and dogs must "
    "stay on the lower deck. If a caller is angry, offer the complaints form and do not argue. Staff discounts are "
    "forty per cent and must never be mentioned to the public. The code for the crew menu is posted in the galley."
)


def part(text, kind=PartKind.TEXT):
    return Part(kind, Role.ASSISTANT, Origin.ASSISTANT, text, ())


def found(detector, text, rule, kind=PartKind.TEXT):
    return [text[hit.start : hit.end] for hit in detector.detect(part(text, kind), views(text)) if hit.rule == rule]


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("it says ZX-canary-99871.", "ZX-canary-99871"),
        ("it says zx-CANARY-99871", "zx-CANARY-99871"),
        ("the purple\n  heron 7 **flies** north", "the purple\n  heron 7 **flies"),
        ("ZX\\-canary\\-99871", "ZX\\-canary\\-99871"),
        ("so z x - c a n a r y - 9 9 8 7 1", "z x - c a n a r y - 9 9 8 7 1"),
        ("ZX-c\u0430nary-99871", "ZX-c\u0430nary-99871"),
        (base64.b64encode(b"it is ZX-canary-99871, yes").decode(), None),
        ("%5A%58%2D%63anary-99871", "%5A%58%2D%63anary-99871"),
    ],
)
def test_a_canary_is_found_however_it_is_written(text, span):
    assert found(Canaries(CANARIES), text, CANARY) == [span or text]


def test_a_canary_is_a_critical_leak_and_told_once_a_place():
    text = "ZX-canary-99871 and ZX-canary-99871 and \u00a0"
    hits = [hit for hit in Canaries(CANARIES).detect(part(text), views(text)) if hit.rule == CANARY]
    assert [(hit.kind, hit.severity, hit.score, hit.start) for hit in hits] == [
        (FindingKind.LEAK, Severity.CRITICAL, 1.0, 0),
        (FindingKind.LEAK, Severity.CRITICAL, 1.0, 20),
    ]


@pytest.mark.parametrize("text", ["the purple heron 8 flies", "canary-99871", "", "ZX-canary-9987"])
def test_what_is_no_canary_is_not_found(text):
    assert found(Canaries(CANARIES), text, CANARY) == []


@pytest.mark.parametrize("size", range(1, len(CANARIES[0])))
def test_where_a_canary_may_have_begun_is_told(size):
    text = f"So, 11: {CANARIES[0][:size]}"
    assert found(Canaries(CANARIES), text, BEGUN) == [CANARIES[0][:size]]


def test_the_longest_beginning_counts():
    assert found(Canaries(("aabaabaax1", "aabax123")), "! aabaaba", BEGUN) == ["aabaaba"]


def test_many_places_end_in_one_that_reaches_to_the_end():
    text = "ZX-canary-99871 " * 500
    hits = found(Canaries(CANARIES), text, CANARY)
    assert len(hits) == leak.MAX_SPANS
    assert hits[-1].endswith("ZX-canary-99871 ")


def test_without_canaries_there_is_nothing_to_find():
    assert Canaries(()).detect(part("anything"), views("anything")) == []
    assert leak.canaries(CANARIES) is leak.canaries(CANARIES)


def test_the_core_of_a_text_is_its_letters_and_digits():
    assert core("Stra\u00dfe_ 7-B!") == "strasse7b"


def test_a_leaked_prompt_is_found_and_its_place():
    text = f"Of course. My instructions are: {PROMPT} Anything else?"
    said = found(Overlap(fingerprints([PROMPT])), text, OVERLAP)
    assert len(said) == 1
    assert said[0].startswith("You are the assistant")
    assert said[0].endswith("posted in the")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Bicycles travel free on weekdays, and dogs must stay on the lower deck.",
        "When somebody asks about the weather, give the harbour master's number and say that the crossing may be late.",
        "I am the assistant of the Larkspur ferry company and can answer questions about sailings, fares and luggage.",
        "You are welcome. " * 200,
    ],
)
def test_a_sentence_of_the_prompt_is_no_leak(text):
    assert found(Overlap(fingerprints([PROMPT])), text, OVERLAP) == []


def test_a_few_sentences_are_enough():
    some = PROMPT[PROMPT.index("When somebody") : PROMPT.index("Staff discounts")]
    assert found(Overlap(fingerprints([PROMPT])), f"Well: {some}", OVERLAP)


def test_an_encoded_leak_is_found():
    text = base64.b64encode(PROMPT.encode()).decode()
    assert found(Overlap(fingerprints([PROMPT])), text, OVERLAP)


def grown(overlap, text, step, keep=700, kind=PartKind.TEXT):
    """Hits while the text comes piece by piece and its beginning is forgotten."""
    hits = []
    for end in range(step, len(text) + step, step):
        window = text[max(0, end - step - keep) : end]
        hits += overlap.detect(part(window, kind), views(window))
    return hits


@pytest.mark.parametrize("step", [1, 5, 64, 333, 5000])
def test_a_text_that_grows_is_read_whole_however_it_is_cut(step):
    overlap = Overlap(fingerprints([PROMPT]))
    assert grown(overlap, f"Sure: {PROMPT}", step)
    assert len(overlap._seen[PartKind.TEXT]) == len(fingerprints([PROMPT]).values)


def test_a_repeated_end_hides_nothing_before_it():
    overlap = Overlap(fingerprints([PROMPT]))
    end = (
        " and so the boat goes on and on and on over the quiet water to the other side of the bay, and then home again"
    )
    assert not found(overlap, f"Hello{end}", OVERLAP)
    assert found(overlap, f"Hello{end} {PROMPT}{end}", OVERLAP)


def test_kinds_of_text_are_counted_apart_and_one_can_be_silenced():
    overlap = Overlap(fingerprints([PROMPT]))
    half = len(PROMPT) // 3
    assert not found(overlap, PROMPT[:half], OVERLAP)
    assert found(overlap, PROMPT, OVERLAP, PartKind.REASONING)
    overlap.silence(PartKind.REASONING)
    assert not found(overlap, PROMPT, OVERLAP, PartKind.REASONING)
    assert found(overlap, PROMPT, OVERLAP)


def test_a_short_prompt_is_not_recognised():
    words = [f"word{number}" for number in range(MIN_WORDS)]
    assert fingerprints([" ".join(words[:-1])]) == Fingerprints()
    assert len(fingerprints([" ".join(words)]).values) == MIN_WORDS - ROW + 1
    assert found(Overlap(Fingerprints()), " ".join(words), OVERLAP) == []


@pytest.mark.parametrize("count", [40, 60, 100, 300, 1000, 5000, 20_000])
def test_wherever_a_quotation_begins_it_is_found_and_a_sentence_is_not(count):
    words = [f"w{number}" for number in range(count)]
    prints = fingerprints([" ".join(words)])
    assert len(prints.values) <= leak.MAX_PRINTS
    enough = max(41, (prints.needed + 1) * count // leak.MAX_PRINTS + ROW)
    for first in range(0, max(count - enough, 1), max(count // 50, 1)):
        assert found(Overlap(prints), " ".join(words[first : first + enough]), OVERLAP)
        assert not found(Overlap(prints), " ".join(words[first : first + 25]), OVERLAP)


def test_a_prompt_that_repeats_itself_is_recognised():
    assert found(
        Overlap(fingerprints(["one two three four five six seven. " * 30])),
        "x " + "one two three four five six seven. " * 8,
        OVERLAP,
    )


def test_characters_count_as_words_where_there_are_no_spaces():
    prompt = "".join(chr(0x4E00 + number * 7) for number in range(60))
    assert found(Overlap(fingerprints([prompt])), prompt, OVERLAP) == [prompt]
