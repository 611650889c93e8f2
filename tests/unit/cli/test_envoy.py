import argparse
import dataclasses
import json
from pathlib import Path

import pytest

from firebreak.cli import envoy
from firebreak.edge.envoy.config import HEADER, config
from firebreak.edge.envoy.options import EnvoyOptions, Provider
from firebreak.model.errors import BadConfig

OPTIONS = EnvoyOptions(providers=(Provider("openai", "openai", "api.openai.com", "/openai"),))


def test_the_configuration_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    parser = argparse.ArgumentParser()
    seen: list[argparse.Namespace] = []

    def options_from(arguments: argparse.Namespace) -> EnvoyOptions:
        seen.append(arguments)
        return OPTIONS

    envoy.add_parser(parser.add_subparsers(), options_from)
    arguments = parser.parse_args(["envoy", "--config", "x.yaml"])
    assert arguments.run(arguments) == 0
    printed = capsys.readouterr().out
    assert json.loads(printed.removeprefix(HEADER)) == config(OPTIONS)
    assert seen[0].config == "x.yaml"


def test_it_is_written_to_a_file_whole(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "envoy.yaml"
    file.write_text("an older one", encoding="utf-8")
    assert envoy.run(OPTIONS, file) == 0
    assert json.loads(file.read_text(encoding="utf-8").removeprefix(HEADER)) == config(OPTIONS)
    assert [path.name for path in tmp_path.iterdir()] == ["envoy.yaml"]
    assert capsys.readouterr().out == ""


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadConfig, match="writable") as error:
        envoy.run(OPTIONS, tmp_path / "absent" / "envoy.yaml")
    assert error.value.place.endswith("envoy.yaml")


def test_where_the_listeners_certificates_lie_is_written_too(tmp_path: Path) -> None:
    options = dataclasses.replace(OPTIONS, admin_socket=str(tmp_path / "admin.sock"), tls_dir="/tls")
    assert envoy.run(options, tmp_path / "envoy.yaml") == 0
    assert "/tls/tls.key" in (tmp_path / "gateway_certificate.json").read_text(encoding="utf-8")
    assert "/tls/ca.crt" in (tmp_path / "gateway_authority.json").read_text(encoding="utf-8")


def test_where_the_keys_lie_is_written_beside_the_admin_socket(tmp_path: Path) -> None:
    options = dataclasses.replace(OPTIONS, admin_socket=str(tmp_path / "admin.sock"), credentials_dir="/keys")
    assert envoy.run(options, tmp_path / "envoy.yaml") == 0
    assert "/keys/openai" in (tmp_path / "credential_openai.json").read_text(encoding="utf-8")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["credential_openai.json", "envoy.yaml"]
