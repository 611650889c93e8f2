"""A pod's volumes as the kubelet makes them: folders for `emptyDir`, tmpfs where it says so, ConfigMaps with `..data`."""

import itertools
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_numbers = itertools.count()


@dataclass
class ConfigMapVolume:
    """Files behind links through `..data`, which one rename leads elsewhere: a reader sees all of a change or none."""

    folder: Path

    def write(self, data: Mapping[str, str]) -> None:
        new = self.folder / f"..version-{next(_numbers)}"
        new.mkdir()
        for name, text in data.items():
            (new / name).write_text(text, encoding="utf-8")
        current = self.folder / "..data"
        old = current.resolve() if current.is_symlink() else None
        fresh = self.folder / "..data_tmp"
        fresh.symlink_to(new.name)
        fresh.rename(current)
        for name in data:
            if not (self.folder / name).is_symlink():
                (self.folder / name).symlink_to(f"..data/{name}")
        for link in self.folder.iterdir():
            if not link.name.startswith("..") and link.name not in data:
                link.unlink()
        if old is not None:
            shutil.rmtree(old)


@dataclass
class Volumes:
    """All of a pod's, under `folder`, by their names."""

    folder: Path
    config_maps: Mapping[str, Mapping[str, str]]
    places: dict[str, Path] = field(default_factory=dict)
    mounted: list[Path] = field(default_factory=list)

    def make(self, volume: Mapping[str, Any]) -> None:
        """An unknown kind, or a setting that is not followed here, is an error."""
        place = self.places[volume["name"]] = self.folder / volume["name"]
        place.mkdir()
        match {name: value for name, value in volume.items() if name != "name"}:
            case {"emptyDir": {"medium": "Memory", "sizeLimit": str(size), **rest}} if not rest:
                options = f"size={size.removesuffix('i')},mode=0777"
                subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(place)], check=True)
                self.mounted.append(place)
            case {"emptyDir": settings} if set(settings) <= {"sizeLimit"}:
                place.chmod(0o777)
            case {"configMap": {"name": str(name), **rest}} if not rest:
                place.chmod(0o755)
                ConfigMapVolume(place).write(self.config_maps[name])
            case other:
                raise AssertionError(f"a volume of a kind that this test does not know: {other}")

    def config_map(self, name: str) -> ConfigMapVolume:
        return ConfigMapVolume(self.places[name])

    def remove(self) -> None:
        for place in self.mounted:
            subprocess.run(["umount", "--lazy", str(place)], check=True)
