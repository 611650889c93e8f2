"""Recorded requests of the official SDKs against what the codecs make of them; `python -m tests.tools.golden_codecs` rewrites."""

import pytest
from tests.tools.golden_codecs import capture, cases, golden_of, load, recorded

RECORDED = recorded()


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_recorded_request_is_read_as_the_golden_file_says(path):
    assert golden_of(load(path)) == load(path.with_name(f"{path.stem}.golden.json"))


@pytest.mark.parametrize(
    ("api", "name", "call"), list(cases()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_the_sdks_still_send_what_was_recorded(api, name, call):
    path = next(path for path in RECORDED if path.parent.name == api and path.stem == name)
    assert capture(api, call) == load(path)


def test_every_recorded_file_has_a_case():
    assert {(path.parent.name, path.stem) for path in RECORDED} == {(api, name) for api, name, _ in cases()}
