"""A mounted directory is one of ours, or one as it was published; anything else is refused with what to do."""

import json
import os
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from firebreak.adapters import encoder_spec
from firebreak.adapters.encoder_spec import Task, find, read_spec
from firebreak.model.conversation import Origin
from firebreak.model.errors import BadConfig
from firebreak.pipeline.mentions import Sort


def directory(place, said=None, name="config.json", model="model.onnx", **more):
    (place / model).parent.mkdir(parents=True, exist_ok=True)
    (place / model).write_bytes(b"")
    (place / "tokenizer.json").write_text("{}")
    if said is not None:
        (place / name).write_text(said if isinstance(said, str) else json.dumps(said))
    for file, value in more.items():
        target = place / file.replace("__", "/").replace("_json", ".json")
        target.parent.mkdir(exist_ok=True)
        target.write_text(json.dumps(value))
    return place


PROMPT_GUARD_2 = {"architectures": ["DebertaV2ForSequenceClassification"], "max_position_embeddings": 512}
DEBERTA = {**PROMPT_GUARD_2, "id2label": {"0": "SAFE", "1": "INJECTION"}}
PROMPT_GUARD_1 = {**PROMPT_GUARD_2, "id2label": {"0": "BENIGN", "1": "INJECTION", "2": "JAILBREAK"}}


@pytest.mark.parametrize(
    ("said", "attacks", "orders"),
    [(PROMPT_GUARD_2, (1,), (1,)), (DEBERTA, (1,), (1,)), (PROMPT_GUARD_1, (2,), (1, 2))],
)
def test_a_published_classifier_is_read_as_it_is(tmp_path, said, attacks, orders):
    spec = read_spec(directory(tmp_path, said))
    assert (spec.task, spec.attacks, spec.max_tokens) == (Task.INJECTION, attacks, 512)
    assert spec.orders == orders


def test_positions_of_roberta_begin_later(tmp_path):
    spec = read_spec(directory(tmp_path, {**DEBERTA, "model_type": "xlm-roberta", "max_position_embeddings": 130}))
    assert spec.max_tokens == 128


def test_what_no_model_of_this_kind_was_trained_on_is_not_used(tmp_path):
    assert read_spec(directory(tmp_path, {**DEBERTA, "max_position_embeddings": 8192})).max_tokens == 512


@pytest.mark.parametrize("model", encoder_spec.MODELS)
def test_models_are_found_where_hubs_put_them(tmp_path, model):
    assert read_spec(directory(tmp_path, DEBERTA, model=model)).model == tmp_path / model


def test_a_published_encoder_of_sentences_is_read_as_it_is(tmp_path):
    said = {"architectures": ["BertModel"], "max_position_embeddings": 512}
    place = directory(tmp_path, said, sentence_bert_config_json={"max_seq_length": 256})
    spec = read_spec(place)
    assert (spec.task, spec.attacks, spec.max_tokens, spec.pooling) == (Task.SENTENCE, (), 256, "mean")


def test_its_pooling_is_read_too(tmp_path):
    said = {"architectures": ["BertModel"], "max_position_embeddings": 512}
    place = directory(tmp_path, said, **{"1_Pooling__config_json": {"pooling_mode_cls_token": True}})
    assert read_spec(place).pooling == "cls"
    assert read_spec(place).max_tokens == 512


def test_our_own_says_everything(tmp_path):
    said = {"task": "injection-classifier", "attack_label": 2, "max_tokens": 128, "threshold": 0.7, "about": {"a": 1}}
    spec = read_spec(directory(tmp_path, said, "encoder.json"))
    assert (spec.attacks, spec.max_tokens, spec.threshold) == ((2,), 128, 0.7)
    assert spec.orders == (2,)
    ordered = read_spec(directory(tmp_path, {**said, "order_label": 1}, "encoder.json"))
    assert (ordered.attacks, ordered.orders) == ((2,), (1, 2))
    played = read_spec(directory(tmp_path, {**said, "order_label": 1, "play_label": 3}, "encoder.json"))
    assert (played.attacks, played.orders, played.play) == ((2,), (1, 2, 3), (3,))
    other = read_spec(directory(tmp_path, {"task": "sentence-encoder", "pooling": "cls"}, "encoder.json"))
    assert (other.task, other.attacks, other.pooling) == (Task.SENTENCE, (), "cls")


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ({"task": "poet"}, "no kind of encoder"),
        ({}, "no kind of encoder"),
        ({"task": "injection-classifier", "attack_label": -1}, "not the index of a label"),
        ({"task": "injection-classifier", "attack_label": True}, "not the index of a label"),
        ({"task": "injection-classifier", "order_label": 1.0}, "`order_label` is not the index of a label"),
        ({"task": "injection-classifier", "play_label": -1}, "`play_label` is not the index of a label"),
        ({"task": "injection-classifier", "play_label": 1}, "`play_label` is the attack's"),
        ({"task": "injection-classifier", "threshold": 1.5}, "not between 0 and 1"),
        ({"task": "injection-classifier", "small_weight": "1"}, "`small_weight` is not between 0 and 10"),
        ({"task": "injection-classifier", "small_weight": 10.5}, "`small_weight` is not between 0 and 10"),
        ({"task": "injection-classifier", "ask_from": -0.1}, "`ask_from` is not between 0 and 1"),
        ({"task": "injection-classifier", "threshold": "high"}, "not between 0 and 1"),
        ({"task": "sentence-encoder", "pooling": "max"}, "`pooling` is not known"),
        ({"task": "sentence-encoder", "max_tokens": 2}, "number of tokens"),
        ({"task": "sentence-encoder", "max_tokens": "many"}, "number of tokens"),
        ({"task": "sentence-encoder", "max_token": 2}, "unknown key 'max_token'"),
        ("[]", "not a JSON object"),
        ("{", "not a JSON object"),
    ],
)
def test_our_own_is_read_strictly(tmp_path, said, problem):
    with pytest.raises(BadConfig, match=problem):
        read_spec(directory(tmp_path, said, "encoder.json"))


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ({"id2label": {"0": "POSITIVE", "1": "NEGATIVE"}, "max_position_embeddings": 512}, "means an attack"),
        ({"id2label": {"0": "SAFE", "1": "INJECTION"}}, "number of tokens"),
        (None, "neither encoder.json nor config.json"),
    ],
)
def test_what_is_not_known_is_not_guessed(tmp_path, said, problem):
    with pytest.raises(BadConfig, match=problem):
        read_spec(directory(tmp_path, said))


def test_a_missing_tokenizer_or_model_says_so(tmp_path):
    with pytest.raises(BadConfig, match=r"no model\.onnx"):
        read_spec(tmp_path)
    directory(tmp_path, DEBERTA)
    (tmp_path / "tokenizer.json").unlink()
    with pytest.raises(BadConfig, match=r"no tokenizer\.json"):
        read_spec(tmp_path)


def test_a_file_that_is_far_too_large_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr(encoder_spec, "MAX_FILE_BYTES", 10)
    with pytest.raises(BadConfig, match="not a JSON object"):
        read_spec(directory(tmp_path, DEBERTA))


def test_a_directory_is_a_model_or_holds_some(tmp_path):
    directory(tmp_path / "injection", DEBERTA)
    assert [spec.task for spec in find(str(tmp_path / "injection"))] == [Task.INJECTION]
    directory(tmp_path / "intent", {"architectures": ["BertModel"], "max_position_embeddings": 512})
    directory(tmp_path / "..data", DEBERTA)
    assert [spec.task for spec in find(str(tmp_path))] == [Task.INJECTION, Task.SENTENCE]


@pytest.fixture
def shut():
    """Two directories of which the second, by the name it is given, cannot be looked into. Root may look everywhere."""
    me = os.geteuid()
    with TemporaryDirectory() as folder:

        def made(name):
            directory(Path(folder) / "injection", DEBERTA)
            (Path(folder) / name).mkdir(mode=0)
            Path(folder).chmod(0o755)
            os.seteuid(me or 1337)
            return folder

        try:
            yield made
        finally:
            os.seteuid(me)


def test_what_only_root_may_look_into_at_the_top_of_a_claim_is_no_encoder(shut):
    assert [spec.task for spec in find(shut("lost+found"))] == [Task.INJECTION]


def test_an_encoder_that_cannot_be_read_is_not_left_out_in_silence(shut):
    with pytest.raises(
        BadConfig, match="intent: it cannot be read; let the service's user read it, in a container uid"
    ):
        find(shut("intent"))


def test_two_of_a_kind_are_one_too_many(tmp_path):
    directory(tmp_path / "a", DEBERTA)
    directory(tmp_path / "b", DEBERTA)
    with pytest.raises(BadConfig, match="more than one injection-classifier: a, b"):
        find(str(tmp_path))


def test_an_empty_or_absent_directory_says_so(tmp_path):
    with pytest.raises(BadConfig, match="no encoder in it"):
        find(str(tmp_path))
    with pytest.raises(BadConfig, match="cannot be read"):
        find(str(tmp_path / "absent"))


BERT_NER = {
    "architectures": ["BertForTokenClassification"],
    "id2label": {"0": "O", "1": "B-MISC", "2": "I-MISC", "3": "B-PER", "4": "I-PER", "5": "B-LOC", "6": "I-LOC"},
    "max_position_embeddings": 512,
}
OWN_TAGGER = {"task": "entity-tagger", "labels": ["O", "B-NAME", "I-NAME", "STREET"]}


def test_a_published_tagger_is_read_as_it_is(tmp_path):
    spec = read_spec(directory(tmp_path, BERT_NER))
    assert (spec.task, spec.max_tokens, spec.threshold, spec.max_passages) == (Task.ENTITIES, 512, 0.5, 64)
    assert spec.origins == {Origin.USER, Origin.TOOL, Origin.RETRIEVAL}
    assert [label.sort for label in spec.labels] == [None, None, None, *[Sort.PERSON] * 2, *[Sort.PLACE] * 2]


def test_labels_that_begin_things_tell_a_tagger_too(tmp_path):
    said = {name: value for name, value in BERT_NER.items() if name != "architectures"}
    assert read_spec(directory(tmp_path, said)).task is Task.ENTITIES


def test_our_own_tagger_says_everything(tmp_path):
    said = {
        **OWN_TAGGER,
        "entity_labels": {"NAME": None, "STREET": "person-name"},
        "origins": ["assistant"],
        "max_passages": 3,
        "threshold": 0.8,
    }
    spec = read_spec(directory(tmp_path, said, "encoder.json"))
    assert [label.sort for label in spec.labels] == [None, None, None, Sort.PERSON]
    assert (spec.origins, spec.max_passages, spec.threshold) == (frozenset({Origin.ASSISTANT}), 3, 0.8)


def test_a_published_taggers_labels_need_not_be_written_again(tmp_path):
    said = {"task": "entity-tagger", "entity_labels": {"LOC": "postal-address"}}
    directory(tmp_path, BERT_NER)
    spec = read_spec(directory(tmp_path, said, "encoder.json"))
    assert [label.sort for label in spec.labels[5:]] == [Sort.ADDRESS] * 2


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"labels": None}, "`labels` is no list of names"),
        ({"labels": ["O"]}, "`labels` is no list of names"),
        ({"labels": ["O", 1]}, "`labels` is no list of names"),
        ({"labels": ["O", "ORG"]}, "no label of the model is known"),
        ({"entity_labels": {"STREET": None, "NAME": None}}, "no label of the model is known"),
        ({"entity_labels": {"B-NAME": "person-name"}}, "`entity_labels` does not give labels one of"),
        ({"entity_labels": {"NAME": "name"}}, "`entity_labels` does not give labels one of"),
        ({"entity_labels": {"NAME": []}}, "`entity_labels` does not give labels one of"),
        ({"entity_labels": ["NAME"]}, "`entity_labels` does not give labels one of"),
        ({"origins": []}, "`origins` is no list"),
        ({"origins": [["user"]]}, "`origins` is no list"),
        ({"origins": "user"}, "`origins` is no list"),
        ({"max_passages": 0}, "`max_passages` is not between"),
        ({"max_passages": True}, "`max_passages` is not between"),
        ({"task": "sentence-encoder"}, "unknown key 'labels'"),
        ({"task": ["entity-tagger"]}, "no kind of encoder"),
    ],
)
def test_our_own_tagger_is_read_strictly(tmp_path, changed, problem):
    with pytest.raises(BadConfig, match=problem):
        read_spec(directory(tmp_path, {**OWN_TAGGER, **changed}, "encoder.json"))


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"id2label": None}, "`id2label` does not name"),
        ({"id2label": {"0": "O", "2": "B-PER"}}, "`id2label` does not name"),
        ({"id2label": {"0": "LABEL_0", "1": "LABEL_1"}}, "no label of the model is known"),
    ],
)
def test_a_published_tagger_without_known_labels_is_not_guessed(tmp_path, changed, problem):
    with pytest.raises(BadConfig, match=problem):
        read_spec(directory(tmp_path, {**BERT_NER, **changed}))
