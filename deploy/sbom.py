# ruff: noqa: INP001 - a script of the build, in no package
"""Add what is not a Python package to a bill of materials: Debian's packages, the interpreter, the system.

Run by deploy/sbom.Dockerfile: `sbom.py BOM FOLDER PYVENV_CFG`. FOLDER holds the image's `status.d` and `os-release`.
Prints the whole bill, or says what the CycloneDX schema finds wrong with it and exits with 1.
"""

import json
import re
import sys
from pathlib import Path
from urllib.parse import quote

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator


def debian_package(status: str, system: str) -> dict[str, str]:
    """One stanza of dpkg's database as a component."""
    fields = dict(re.findall(r"^(Package|Version|Architecture): (.+)$", status, re.MULTILINE))
    name, version = fields["Package"], fields["Version"]
    qualifiers = f"arch={fields['Architecture']}&distro={system}"
    purl = f"pkg:deb/debian/{quote(name, safe='')}@{quote(version, safe='')}?{qualifiers}"
    return {"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl}


def interpreter(pyvenv: str) -> dict[str, str]:
    """Python itself; in an official Python image no Debian package speaks for it."""
    found = re.search(r"^version = (\S+)$", pyvenv, re.MULTILINE)
    if not found:
        sys.exit("sbom.py: pyvenv.cfg names no version of Python")
    purl = f"pkg:generic/python@{found[1]}"
    cpe = f"cpe:2.3:a:python:python:{found[1]}:*:*:*:*:*:*:*"
    return {"type": "platform", "bom-ref": purl, "name": "python", "version": found[1], "cpe": cpe, "purl": purl}


def operating_system(os_release: str) -> dict[str, str]:
    """The Debian release that the files are from."""
    fields = {key: value.strip('"') for key, value in re.findall(r"^(\w+)=(.*)$", os_release, re.MULTILINE)}
    name, version = fields["ID"], fields["VERSION_ID"]
    return {"type": "operating-system", "bom-ref": f"{name}-{version}", "name": name, "version": version}


def main(bom_file: Path, folder: Path, pyvenv: Path) -> str:
    """The whole bill as JSON."""
    bom = json.loads(bom_file.read_text(encoding="utf-8"))
    system = operating_system((folder / "os-release").read_text(encoding="utf-8"))
    packages = [
        debian_package(path.read_text(encoding="utf-8"), system["bom-ref"])
        for path in sorted((folder / "status.d").iterdir())
    ]
    bom["components"] += [interpreter(pyvenv.read_text(encoding="utf-8")), system, *packages]
    text = json.dumps(bom, indent=2, ensure_ascii=False)
    problem = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    if problem:
        sys.exit(f"sbom.py: {problem}")
    return text


if __name__ == "__main__":
    sys.stdout.write(main(*map(Path, sys.argv[1:])) + "\n")
