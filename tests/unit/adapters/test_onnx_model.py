"""A real, tiny model is asked; what cannot be asked is refused when it is loaded."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest
from tests import encoders

from firebreak.adapters.encoder_spec import read_spec
from firebreak.adapters.onnx_model import BATCH, GivenUp, OnnxModel
from firebreak.model.conversation import Origin
from firebreak.model.errors import BadConfig


@pytest.fixture
def guard(tmp_path):
    return OnnxModel(read_spec(encoders.classifier(tmp_path)))


def test_the_tiny_models_are_real():
    encoders.checked(encoders.classifier_model())
    encoders.checked(encoders.sentences_model())


def test_an_attack_scores_high(guard):
    calm, evil = guard.attack_scores(["hello ship", "an evil ship"])
    assert calm.user == calm.data < 0.05
    assert evil.user == evil.data > 0.95


def test_an_order_is_an_attack_where_a_tool_says_it(tmp_path):
    both = OnnxModel(read_spec(encoders.classifier(tmp_path, attack_label=2, order_label=1)))
    order, attack, calm = both.attack_scores(["a loop", "evil", "hello"])
    assert order.user < 0.05
    assert order.data > 0.95
    assert min(attack.user, attack.data) > 0.95
    assert calm.data < 0.1
    assert (order.by(Origin.USER), order.by(Origin.TOOL), order.by(Origin.RETRIEVAL)) == (order[0], *[order[1]] * 2)


def test_play_is_told_apart_and_counts_in_what_tools_say(tmp_path):
    both = OnnxModel(read_spec(encoders.classifier(tmp_path, attack_label=2, play_label=1)))
    play, attack = both.attack_scores(["a loop", "evil"])
    assert play.user < 0.05
    assert min(play.play, play.data) > 0.95
    assert attack.play < 0.05


def test_scores_do_not_depend_on_what_else_is_asked(guard):
    texts = ["hello", "evil", "a good ship " * 9, "", "\ud800"] * BATCH
    assert guard.attack_scores(texts) == [guard.attack_scores([text])[0] for text in texts]


@pytest.mark.parametrize("at", [0, 13, 14, 27, 60])
def test_a_long_text_is_read_to_its_end(guard, at):
    words = ["good"] * 61
    words[at] = "evil"
    assert guard.attack_scores([" ".join(words)])[0].user > 0.95


def test_no_text_no_answer(guard):
    assert guard.attack_scores([]) == []


def test_a_run_is_given_up_between_batches(guard):
    asked = []

    def go_on():
        asked.append(1)
        return len(asked) < 2

    with pytest.raises(GivenUp):
        guard.attack_scores(["hello"] * (BATCH + 1), go_on)
    with pytest.raises(GivenUp):
        guard.vectors(["hello"], lambda: False)


def test_scores_of_several_labels_are_added_in_what_tools_say(tmp_path):
    place = encoders.classifier(tmp_path)
    (place / "encoder.json").unlink()
    (place / "model.onnx").write_bytes(encoders.classifier_model(3))
    said = {"id2label": {"0": "BENIGN", "1": "INJECTION", "2": "JAILBREAK"}, "max_position_embeddings": 512}
    (place / "config.json").write_text(json.dumps(said))
    model = OnnxModel(read_spec(place))
    (score,) = model.attack_scores(["evil"])
    assert 0.95 < score.user < score.data


def test_every_input_of_a_tokenizer_is_fed(tmp_path):
    place = encoders.classifier(tmp_path)
    inputs = ("input_ids", "attention_mask", "token_type_ids", "position_ids")
    (place / "model.onnx").write_bytes(encoders.classifier_model(2, inputs))
    assert OnnxModel(read_spec(place)).attack_scores(["evil"])[0].user > 0.95


def test_texts_of_one_subject_are_near(tmp_path):
    model = OnnxModel(read_spec(encoders.sentences(tmp_path)))
    sea, ship, code = model.vectors(["sea wave", "ship", "python code"])
    assert sea @ ship == pytest.approx(1.0)
    assert sea @ code == pytest.approx(0.0)
    assert model.vectors(["ship " * 40 + "code"]).shape == (1, encoders.DIMS)


def test_the_first_token_may_speak_for_all(tmp_path):
    model = OnnxModel(read_spec(encoders.sentences(tmp_path, pooling="cls")))
    assert np.allclose(model.vectors(["sea"]), 0.0)  # in the tiny model [CLS] says nothing


def refused(place):
    with pytest.raises(BadConfig) as caught:
        OnnxModel(read_spec(place))
    return str(caught.value)


def test_a_file_that_is_no_model_says_so(tmp_path):
    place = encoders.classifier(tmp_path)
    (place / "model.onnx").write_bytes(b"not a model")
    assert "not a model that onnxruntime can run" in refused(place)


def test_a_model_with_other_inputs_says_so(tmp_path):
    place = encoders.classifier(tmp_path)
    (place / "model.onnx").write_bytes(encoders.classifier_model(2, ("input_ids", "pixels")))
    assert "the model's inputs are input_ids, pixels" in refused(place)


def test_a_model_that_fails_says_so_at_once(tmp_path):
    place = encoders.classifier(tmp_path)
    (place / "model.onnx").write_bytes(encoders.broken_model())
    assert "the model cannot be run" in refused(place)


def test_a_label_that_is_not_there_says_so(tmp_path):
    assert "its first output is 2x2, not a number for each label" in refused(
        encoders.classifier(tmp_path / "a", attack_label=5)
    )
    assert "its first output is 2x3, not a number for each label" in refused(
        encoders.classifier(tmp_path / "b", attack_label=2, order_label=3)
    )


def test_an_encoder_is_no_classifier_and_the_reverse(tmp_path):
    place = encoders.classifier(tmp_path / "a")
    (place / "model.onnx").write_bytes(encoders.sentences_model())
    assert "not a number for each label" in refused(place)


def test_a_vector_for_no_text_says_so(tmp_path):
    place = encoders.sentences(tmp_path)
    (place / "model.onnx").write_bytes(encoders.flat_model())
    assert "no vector for each text" in refused(place)


def test_numbers_that_are_none_say_so(tmp_path):
    place = encoders.classifier(tmp_path)
    (place / "model.onnx").write_bytes(encoders.classifier_model(calm=float("nan")))
    assert "it answers with what is no number" in refused(place)


@pytest.mark.parametrize("text", ["", "{", "{}", '{"model": 1}'])
def test_a_file_that_is_no_tokenizer_says_so(tmp_path, text):
    place = encoders.classifier(tmp_path)
    (place / "tokenizer.json").write_text(text)
    assert "not a tokenizer" in refused(place)


@pytest.mark.parametrize("name", ["onnxruntime", "tokenizers"])
def test_a_missing_package_says_which_extra_has_it(tmp_path, monkeypatch, name):
    spec = read_spec(encoders.classifier(tmp_path))
    monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(
        BadConfig, match=rf"needs the package `{name}`; install firebreak\[encoder\], or take an image .*EXTRAS=encoder"
    ):
        OnnxModel(spec)


@pytest.fixture
def tagger(tmp_path):
    return OnnxModel(read_spec(encoders.tagger(tmp_path)))


def test_the_tiny_tagger_is_real():
    encoders.checked(encoders.tagger_model())


def test_tokens_have_their_characters_and_a_share_for_each_label(tagger):
    text = "Hello \ud800 Anna!"
    places, shares = tagger.shares(text)
    assert [text[start:end] for start, end in places] == ["Hello", "\ud800", "An", "na", "!"]
    assert shares.shape == (5, len(encoders.LABELS))
    assert shares.sum(1) == pytest.approx(1.0)
    assert encoders.LABELS[shares[2].argmax()] == "B-PER"


@pytest.mark.parametrize("tokens", [8, 9, 16, 100])
def test_a_long_text_has_the_same_tokens_however_it_is_cut(tmp_path, tokens):
    model = OnnxModel(read_spec(encoders.tagger(tmp_path, max_tokens=tokens)))
    text = "Anna Smith, 12 Oak Street, Paris! " * 9
    places, shares = model.shares(text)
    assert "".join(text[start:end] for start, end in places) == text.replace(" ", "")
    assert len(places) == 90
    assert (shares == np.tile(shares[:10], (9, 1))).all()


def test_no_text_has_no_tokens(tagger):
    places, shares = tagger.shares("")
    assert (places, shares.shape) == ([], (0, len(encoders.LABELS)))


def test_tagging_is_given_up_between_pieces(tagger):
    with pytest.raises(GivenUp):
        tagger.shares("Anna", lambda: False)


@pytest.mark.parametrize("model", [encoders.tagger_model(3), encoders.classifier_model(7)])
def test_a_model_that_tags_otherwise_says_so(tmp_path, model):
    place = encoders.tagger(tmp_path)
    (place / "model.onnx").write_bytes(model)
    assert "not a number for each token and label" in refused(place)


def test_the_library_tells_nobody_what_it_loads(tmp_path):
    """In a process of its own: the library reads the variable once. Where it would tell, it keeps an id in its home."""
    home, place = tmp_path / "home", encoders.classifier(tmp_path / "guard")
    home.mkdir()
    program = (
        "import sys\n"
        "from pathlib import Path\n"
        "from firebreak.adapters.encoder_spec import read_spec\n"
        "from firebreak.adapters.onnx_model import OnnxModel\n"
        "print(OnnxModel(read_spec(Path(sys.argv[1]))).spec.task)\n"
    )
    env = {"HOME": str(home), "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", program, str(place)]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("injection-classifier\n", "")
    assert list(home.iterdir()) == []
