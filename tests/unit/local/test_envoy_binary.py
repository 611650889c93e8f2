import os
from pathlib import Path

import pytest

from firebreak.local import envoy_binary
from firebreak.model.errors import BadConfig

pytestmark = pytest.mark.contract


def test_the_binary_is_found_whoever_wrote_the_shared_folder() -> None:
    assert os.access(envoy_binary.path(), os.X_OK)


def test_without_the_package_the_mend_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "envoy").mkdir()
    (tmp_path / "envoy" / "__init__.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(__import__("sys").modules, "envoy", raising=False)
    with pytest.raises(BadConfig, match="install the extra `local`"):
        envoy_binary.path()


def test_a_good_configuration_is_taken() -> None:
    envoy_binary.validate('{"static_resources": {}}')


def test_a_bad_one_is_refused_in_envoys_words() -> None:
    with pytest.raises(BadConfig, match="no_such_field"):
        envoy_binary.validate('{"static_resources": {"no_such_field": 1}}')
