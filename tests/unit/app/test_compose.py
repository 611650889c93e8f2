import pytest

from firebreak.app.compose import Composer, Limits
from firebreak.model.errors import BadConfig

POLICY = """
policy: {name: p, version: "1"}
categories: [coding]
rules: [{id: allow-coding, decision: ALLOW, match_categories: [coding]}]
"""
JUDGE = 'judge: {api: openai, url: "http://127.0.0.1:1/v1", model: m}\n'


@pytest.fixture(scope="module")
def composer():
    return Composer(Limits())


def test_a_snapshot_has_everything_a_policy_needs(composer):
    snapshot = composer.snapshot(POLICY, "p.yaml", 3)
    assert snapshot.generation == 3
    assert snapshot.program.ref.name == "p"
    assert snapshot.judge is None


def test_a_new_snapshot_has_a_memory_of_its_own(composer):
    assert composer.snapshot(POLICY, "p", 1).screen is not composer.snapshot(POLICY, "p", 2).screen


def test_a_category_that_can_never_be_recognised_does_not_load(composer):
    with pytest.raises(BadConfig):
        composer.snapshot(POLICY.replace("coding", "flibbertigibbet"), "p", 1)


def test_the_judges_key_is_read_from_its_file(tmp_path):
    key = tmp_path / "key"
    key.write_text("sesame\n", encoding="utf-8")
    assert Composer(Limits(), str(key)).snapshot(POLICY + JUDGE, "p", 1).judge is not None


def test_a_key_that_cannot_be_read_is_bad_config(tmp_path):
    with pytest.raises(BadConfig):
        Composer(Limits(), str(tmp_path / "none")).snapshot(POLICY + JUDGE, "p", 1)
