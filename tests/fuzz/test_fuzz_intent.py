"""classify returns a known category and reads any text; answer returns or raises Unavailable; parse or BadConfig."""

import os

from hypothesis import given, settings
from hypothesis import strategies as st

from firebreak.adapters.intent_files import embeddings, learnt
from firebreak.intent.classify import fit
from firebreak.intent.judge import answer, prompt
from firebreak.intent.taxonomy_defence import DEFENCE
from firebreak.intent.vectors import MAGIC, parse
from firebreak.model.errors import BadConfig, Unavailable

EXAMPLES = int(os.environ.get("FIREBREAK_FUZZ_EXAMPLES", "200"))
CLASSIFIER = fit(DEFENCE, embeddings(), learnt())
NAMES = {"unknown", *(category.name for category in DEFENCE)}
ANY_TEXT = st.text(st.characters(), max_size=400)  # lone surrogates and unassigned characters among them


@settings(max_examples=EXAMPLES, deadline=None)
@given(ANY_TEXT, st.integers(0, 400))
def test_any_text_is_classified(text, times):
    guess = CLASSIFIER.classify(text * times)
    assert guess.category in NAMES
    assert {hidden.category for hidden in guess.hidden} <= NAMES - {"unknown", guess.category}


@settings(max_examples=EXAMPLES)
@given(ANY_TEXT)
def test_any_reply_is_an_answer_or_unavailable(reply):
    try:
        category, confidence = answer(reply, DEFENCE)
    except Unavailable:
        return
    assert category in NAMES
    assert 0 <= confidence <= 1


@settings(max_examples=EXAMPLES)
@given(ANY_TEXT)
def test_any_ask_stands_between_marks_of_its_own(text):
    question = prompt(text, DEFENCE)
    mark = question.user[: question.user.index(">") + 1]
    assert question.user.count(mark) == 1


@settings(max_examples=EXAMPLES)
@given(st.binary(max_size=200))
def test_any_bytes_are_embeddings_or_a_config_error(data):
    for whole in (data, MAGIC + data, MAGIC + len(data).to_bytes(4, "little") + data):
        try:
            parse(whole, "fuzz")
        except BadConfig:
            continue
