import io

import pytest

from firebreak.cli.inject import destinations
from firebreak.cli.main import main
from firebreak.kube.options import Destination

POD = """\
# a comment
apiVersion: v1
kind: Pod
metadata: {name: p, annotations: {firebreak.dev/inject: "true"}}
spec: {containers: [{name: app, image: i}]}
"""
CONFIG_MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n"


@pytest.fixture
def run(tmp_path, capsys):
    def run(text, *arguments):
        path = tmp_path / "in.yaml"
        path.write_text(text, encoding="utf-8")
        return main(["inject", *arguments, str(path)]), *capsys.readouterr()

    return run


def test_the_stream_goes_out_and_the_report_beside_it(run) -> None:
    status, out, err = run(f"{POD}---\n{CONFIG_MAP}")
    assert status == 0
    assert "firebreak-engine" in out
    assert "a comment" not in out
    assert out.endswith(f"---\n{CONFIG_MAP}")
    assert err == "pod/p: injected: the sidecar was added\n"


def test_standard_input_is_read(capsys, monkeypatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(POD.encode())))
    assert main(["inject"]) == 0
    assert "firebreak-engine" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--encoder-volume", "encoders/en"], ["claimName: encoders", "value: /etc/firebreak/encoder/en"]),
        (["--encoder-volume", "encoders", "--encoder-path", "en"], ["value: /etc/firebreak/encoder/en"]),
        (
            ["--encoder-volume", "{nfs: {server: s, path: /x}}"],
            ["server: s", "ENCODER_DIR", "mountPath: /etc/firebreak/encoder"],
        ),
        (["--encoder-volume", '{"iscsi":{"lun":0}}', "--encoder-memory", "1Gi"], ["lun: 0", "1408Mi"]),
        (["--encoder-volume", "{image: {reference: e}}", "--kubernetes", "1.33"], ["reference: e"]),
    ],
)
def test_encoders_are_on_the_volume_that_is_given(run, arguments, said) -> None:
    status, out, _ = run(POD, *arguments)
    assert status == 0
    assert [words for words in said if words not in out] == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--encoder-volume", "[a: b]"], "--encoder-volume: it is neither a claim's name nor a mapping; write {"),
        (["--encoder-volume", "{a: {}, b: {}}"], "encoder volume: it has 2 sources, and a volume has one; write the"),
        (["--encoder-volume", "{emptyDir: {}}"], "encoder volume: no volume of the kind 'emptyDir' can hold encoders"),
        (["--encoder-volume", "{image: {reference: e}}"], "encoder volume: a volume that is an image needs Kubernetes"),
        (["--encoder-path", "en"], "--encoder-path: there is no volume that it could be in; give --encoder-volume too"),
        (["--encoder-budget-ms", "1000"], "encoder budget: Envoy refuses what takes 1000 ms, so"),
    ],
)
def test_encoders_that_cannot_be_end_the_command(run, arguments, said) -> None:
    status, out, err = run(POD, *arguments)
    assert (status, out) == (2, "")
    assert said in err


def test_a_refused_workload_passes_as_it_was_and_fails_the_command(run) -> None:
    refused = POD.replace("spec: {", "spec: {hostNetwork: true, ")
    status, out, err = run(f"{refused}---\n{POD}")
    assert status == 1
    assert out.startswith(refused.removeprefix("# a comment\n"))
    assert "firebreak-engine" in out
    assert err.startswith("pod/p: refused[host-network]: ")


def test_a_workload_that_does_not_ask_is_no_failure_and_all_asks_for_it(run) -> None:
    silent = POD.replace('firebreak.dev/inject: "true"', "")
    assert run(silent)[0] == 0
    assert "firebreak-engine" not in run(silent)[1]
    assert "firebreak-engine" in run(silent, "--all")[1]
    assert "firebreak-engine" not in run(POD.replace('"true"', '"false"'), "--all")[1]


def test_the_options_reach_the_pod(run) -> None:
    out = run(POD, "--policy", "team", "--providers", "anthropic", "--image", "a:1", "--envoy-image", "b:2")[1]
    for words in ("name: team", "ANTHROPIC_BASE_URL", '"a:1"', '"b:2"'):
        assert words in out
    assert "OPENAI_BASE_URL" not in out
    assert "Always" in out
    assert "Always" not in run(POD, "--kubernetes", "v1.28.3+k3s1")[1]


@pytest.mark.parametrize(
    "arguments",
    [("--kubernetes", "new"), ("--policy", "No Name"), ("--providers", "nobody"), ("--image", "")],
)
def test_a_wrong_option_is_an_error(run, arguments) -> None:
    status, out, err = run(POD, *arguments)
    assert (status, out) == (2, "")
    assert err.startswith("error: ")


def test_what_cannot_be_read_is_an_error_with_its_line(run, capsys) -> None:
    status, out, err = run(f"{POD}kind: Pod\n")
    assert (status, out) == (2, "")
    assert "in.yaml:6: a key stands here twice" in err
    assert main(["inject", "/nowhere"]) == 2
    assert "/nowhere" in capsys.readouterr().err


def test_a_name_cannot_forge_a_line_of_the_report(run) -> None:
    err = run(POD.replace("name: p", 'name: "p\\npod/q: injected"'))[2]
    assert len(err.splitlines()) == 1


def test_nothing_gives_nothing(run) -> None:
    assert run("") == (0, "", "")


def test_providers_are_read_as_the_engine_reads_them() -> None:
    assert destinations("[{name: eu, api: azure_openai, host: h.example, prefix: /models/eu}]") == (
        Destination("eu", "azure_openai", "/models/eu"),
    )


def test_what_only_some_pods_need_is_asked_for(run) -> None:
    out = run(POD, "--egress", "locked", "--egress-allow", "pypi.org", "--judge-secret", "j/k", "--ca-bundle", "c")[1]
    for words in ("firebreak-lock", "NET_ADMIN", "pypi.org", "secretName: j", "/etc/firebreak/ca/ca.crt"):
        assert words in out
    assert "firebreak-token" not in out
    assert "firebreak-token" in run(POD, "--engine-events")[1]
    assert "NET_ADMIN" not in run(POD)[1]
