"""`python -m tests.helm.golden`: rewrite the golden manifests; review the diff. The policy's text is left out of them."""

import sys
import tempfile
from pathlib import Path

import yaml
from tests.helm import chart

FOLDER = Path(__file__).resolve().parent / "golden"


def gateway(folder: Path, kube: str) -> chart.Rendered:
    return chart.render(kube=kube, folder=folder)


def injector(folder: Path, kube: str) -> chart.Rendered:
    return chart.render({"policy": {"namespaces": ["shop"]}}, kube=kube, mode="injector", folder=folder)


def workload(folder: Path, kube: str) -> chart.Rendered:
    return chart.render(kube=kube, chart=chart.example(folder), folder=folder)


CASES = {
    "injector-1.34.yaml": (injector, chart.NEW),
    "injector-1.28.yaml": (injector, chart.OLD),
    "gateway-1.34.yaml": (gateway, chart.NEW),
    "example-workload-1.34.yaml": (workload, chart.NEW),
    "example-workload-1.28.yaml": (workload, chart.OLD),
}


def text(name: str, folder: Path) -> str:
    """The manifests of a case, as the golden file has them."""
    make, kube = CASES[name]
    objects = list(make(folder, kube).objects)
    for it in objects:
        if it["kind"] == "ConfigMap":
            it["data"] = dict.fromkeys(it["data"], "(the policy)")
    dumped: str = yaml.dump_all(objects, Dumper=Plain, sort_keys=True, width=120, explicit_start=True)
    return dumped


class Plain(yaml.SafeDumper):
    """Without anchors, and with programs as the lines they are."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def _lines(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style="|" if "\n" in value else None)


Plain.add_representer(str, _lines)


def main() -> int:
    FOLDER.mkdir(exist_ok=True)
    for name in CASES:
        with tempfile.TemporaryDirectory() as folder:
            (FOLDER / name).write_text(text(name, Path(folder)), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
