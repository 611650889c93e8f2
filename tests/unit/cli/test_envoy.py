import argparse
import json

import pytest

from firebreak.cli import envoy
from firebreak.edge.envoy.config import HEADER, config
from firebreak.edge.envoy.options import EnvoyOptions, Provider

OPTIONS = EnvoyOptions(providers=(Provider("openai", "openai", "api.openai.com", "/openai"),))


def test_the_configuration_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    parser = argparse.ArgumentParser()
    seen: list[argparse.Namespace] = []

    def options_from(arguments: argparse.Namespace) -> EnvoyOptions:
        seen.append(arguments)
        return OPTIONS

    envoy.add_parser(parser.add_subparsers(), options_from).add_argument("--config")
    arguments = parser.parse_args(["envoy", "--config", "x.yaml"])
    assert arguments.run(arguments) == 0
    printed = capsys.readouterr().out
    assert json.loads(printed.removeprefix(HEADER)) == config(OPTIONS)
    assert seen[0].config == "x.yaml"
