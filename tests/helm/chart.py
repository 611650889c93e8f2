"""Rendering the charts as a user does, and reading what came out."""

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from tests.helm.install import helm

ROOT = Path(__file__).resolve().parents[2]
CHART, EXAMPLE = ROOT / "helm" / "firebreak", ROOT / "helm" / "example-workload"
NEW, OLD = "1.34.0", "1.28.0"
"""A Kubernetes with native sidecars and the sleep action, and one with neither."""

Manifest = dict[str, Any]


class Refused(Exception):
    """Helm would not render; the text is its own."""


@dataclass(frozen=True)
class Rendered:
    objects: tuple[Manifest, ...]

    def one(self, kind: str, suffix: str = "") -> Manifest:
        (found,) = [it for it in self.objects if it["kind"] == kind and it["metadata"]["name"].endswith(suffix)]
        return found

    def kinds(self) -> list[str]:
        return sorted(it["kind"] for it in self.objects)

    def pod(self) -> Manifest:
        """The spec of the Deployment's pods."""
        spec: Manifest = self.one("Deployment")["spec"]["template"]["spec"]
        return spec


def run(*arguments: str) -> str:
    """Standard output of a Helm command. Raises `Refused`."""
    result = subprocess.run([helm(), *arguments], capture_output=True, text=True, check=False)
    if result.returncode != 0:
        raise Refused(result.stderr)
    return result.stdout


def render(
    values: Manifest | None = None, *, kube: str = NEW, chart: Path = CHART, mode: str = "gateway", folder: Path
) -> Rendered:
    """`helm template fb CHART -n llm` with the values, which may say another mode. Raises `Refused`."""
    file = folder / "values.yaml"
    own = {} if (chart / "templates" / "deployment.yaml").exists() else {"mode": mode}
    file.write_text(yaml.safe_dump(own | (values or {})), encoding="utf-8")
    text = run("template", "fb", str(chart), "-n", "llm", "--kube-version", kube, "-f", str(file))
    return Rendered(tuple(it for it in yaml.safe_load_all(text) if it))


def example(folder: Path) -> Path:
    """A copy of the example chart with the chart it depends on in place, as `helm dependency update` leaves it."""
    copy = folder / "example-workload"
    shutil.copytree(EXAMPLE, copy, ignore=shutil.ignore_patterns("charts", "Chart.lock"))
    shutil.copytree(CHART, copy / "charts" / "firebreak")
    return copy


def container(spec: Manifest, name: str) -> Manifest:
    found: Manifest
    (found,) = [it for it in [*spec.get("initContainers", []), *spec["containers"]] if it["name"] == name]
    return found


def environment(container: Manifest) -> dict[str, str]:
    """What the container's process would see: `$(NAME)` is its value, and a key stands for what is kept under it."""
    seen: dict[str, str] = {}
    for entry in container.get("env", []):
        source: Manifest = next(iter(entry.get("valueFrom", {}).values()), {})
        value = entry.get("value", source.get("key", "some-name"))
        for name, known in seen.items():
            value = value.replace(f"$({name})", known)
        seen[entry["name"]] = value
    return seen
