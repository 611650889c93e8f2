"""Laws of the intent floor: guesses depend on the text alone, and more text elsewhere never hides the ask."""

from hypothesis import given, settings
from hypothesis import strategies as st

from firebreak.adapters.intent_files import embeddings, learnt
from firebreak.intent.asks import intents, worth_classifying
from firebreak.intent.classify import THRESHOLD, fit
from firebreak.intent.taxonomy_defence import DEFENCE
from firebreak.intent.vectors import Scanner
from firebreak.intent.words import Vocabulary, plain
from firebreak.model.conversation import Conversation, Origin, Part, PartKind, Role

CLASSIFIER = fit(DEFENCE, embeddings(), learnt())
PIECES = ["the", "phone", "ship", "a", "##ing", "##e", "##x", "0", "z9", "q"]
VOCABULARY = Vocabulary({word: number for number, word in enumerate(PIECES)})
SCANNER = Scanner(VOCABULARY, PIECES)
NAMES = {category.name for category in DEFENCE}
TEXTS = st.one_of(st.text(max_size=300), st.sampled_from([e for c in DEFENCE for e in c.examples]))


@given(TEXTS)
def test_guess_depends_on_the_text_alone(text):
    first = CLASSIFIER.classify(text)
    CLASSIFIER.classify(text[::-1])
    assert CLASSIFIER.classify(text) == first


@given(
    st.lists(
        st.sampled_from([*"aeqxz09 .,-_!?\n\x00\u00e9\u2014\u20ac\u0436\ud800\u0301", "ing", "the", "phone", "Ship"])
    ).map("".join)
)
def test_both_ways_to_split_a_text_agree(text):
    ids, share = SCANNER.read(plain(text))
    reading = VOCABULARY.read(text)
    assert ids.tolist() == reading.ids
    assert abs(share - reading.share) < 1e-9


@given(TEXTS)
def test_a_category_is_named_only_at_or_over_the_threshold(text):
    guess = CLASSIFIER.classify(text)
    assert (guess.category in NAMES) == (guess.confidence >= THRESHOLD)
    assert 0 <= guess.confidence <= 1


@settings(max_examples=50)
@given(st.lists(st.tuples(TEXTS, st.sampled_from(list(Role))), max_size=6), TEXTS)
def test_earlier_texts_never_take_an_intent_away(earlier, last):
    def read(rows):
        parts = tuple(
            Part(PartKind.TEXT, role, Origin(role.value), text, (), message=number)
            for number, (text, role) in enumerate(rows)
        )
        guesses = [CLASSIFIER.classify(part.text) if worth_classifying(part) else None for part in parts]
        return intents(Conversation("openai.chat", "m", parts), guesses, CLASSIFIER.classify)

    ask = [("Translate this paragraph into French for the crew", Role.USER)]
    fewer = {intent.category for intent in read([(last, Role.USER), *ask])}
    more = {intent.category for intent in read([*earlier, (last, Role.USER), *ask])}
    assert fewer <= more
