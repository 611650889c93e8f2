"""`python -m tests.e2e.control_plane build|start|stop`: a Kubernetes control plane for a machine without a cluster.

It is etcd, the API server and the controller manager, without nodes: pods are admitted and never run. Its kubeconfig is
`build/control-plane/kubeconfig`. The sources are Debian's, 1.20.2, the last version of which Debian keeps more than
kubectl. So it has no ValidatingAdmissionPolicy, no native sidecars, no policy/v1 and no autoscaling/v2. `build` takes a
quarter of an hour on two cores; docs/e2e.md lists the packages it needs.
"""

import argparse
import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import yaml
from tests.e2e.keys import Authority

ROOT = Path(__file__).resolve().parents[2]
SOURCE = "https://deb.debian.org/debian/pool/main/k/kubernetes/kubernetes_1.20.5+really1.20.2.orig.tar.gz"
SHA256 = "b83c0780efb182d928dc63d46488a847f161f04e40a94b96bf5247dd671ecdfc"
VERSION = {
    "GIT_VERSION": "v1.20.2",
    "GIT_MAJOR": "1",
    "GIT_MINOR": "20",
    "GIT_TREE_STATE": "archive",
    "GIT_COMMIT": SHA256[:40],
}
REFLECT2 = Path("/usr/share/gocode/src/github.com/modern-go/reflect2")
PROGRAMS = ("kube-apiserver", "kube-controller-manager")
BUILD_TOOLS = ("go", "make", "gcc", "rsync", "jq", "curl")
ETCD_PORT, PEER_PORT, API_PORT = 12379, 12380, 16443
SERVER = f"https://127.0.0.1:{API_PORT}"
SERVICES, PODS = "10.96.0.0/16", "10.244.0.0/16"
START_S = 90.0


class Failed(Exception):
    """One sentence for whoever ran the command."""


def needs(*tools: str) -> None:
    missing = [tool for tool in tools if not shutil.which(tool)]
    if missing:
        raise Failed(f"not installed: {', '.join(missing)}")


def build(folder: Path, programs: tuple[str, ...] = PROGRAMS) -> None:
    needs(*BUILD_TOOLS)
    folder.mkdir(parents=True, exist_ok=True)
    archive, source = folder / "kubernetes.tar.gz", folder / "kubernetes-1.20.2"
    if not archive.exists():
        subprocess.run(["curl", "-fsSL", "-o", str(archive), SOURCE], check=True)
    if hashlib.sha256(archive.read_bytes()).hexdigest() != SHA256:
        archive.unlink()
        raise Failed(f"{SOURCE} is not the archive that Debian signed")
    if not source.exists():
        subprocess.run(["tar", "-xzf", str(archive), "-C", str(folder)], check=True)
    renew_reflect2(source / "vendor" / "github.com" / "modern-go" / "reflect2")
    (folder / "version").write_text("".join(f"KUBE_{name}='{value}'\n" for name, value in VERSION.items()))
    (folder / "bin").mkdir(exist_ok=True)
    path = source / ".go" / "src" / "k8s.io"
    path.mkdir(parents=True, exist_ok=True)
    if not (path / "kubernetes").is_symlink():
        (path / "kubernetes").symlink_to("../../..")
    environment = os.environ | {
        "GOPATH": str(source / ".go"), "GOCACHE": str(folder / "gocache"), "GOFLAGS": "-p=2",
        "KUBE_GIT_VERSION_FILE": str(folder / "version"), "KUBE_BUILD_PLATFORMS": "linux/amd64",
    }  # fmt: skip
    what = " ".join(f"cmd/{program}" for program in programs)
    subprocess.run(["nice", "make", f"WHAT={what}"], cwd=source, env=environment, check=True)
    for program in programs:
        shutil.copy2(source / "_output" / "bin" / program, folder / "bin" / program)


def renew_reflect2(vendored: Path) -> None:
    """The copy in the archive reads maps as Go did before 1.18: an API server with it dies of its first JSON patch."""
    if not REFLECT2.is_dir():
        raise Failed("not installed: golang-github-modern-go-reflect2-dev")
    shutil.rmtree(vendored)
    shutil.copytree(REFLECT2, vendored, ignore=shutil.ignore_patterns("*_test.go", "go.mod"))


def start(folder: Path) -> None:
    needs("etcd", "kubectl")
    missing = [program for program in PROGRAMS if not (folder / "bin" / program).exists()]
    if missing:
        raise Failed(f"{missing[0]} is not built: run `python -m tests.e2e.control_plane build`")
    stop(folder)
    shutil.rmtree(folder / "etcd", ignore_errors=True)
    make_keys(folder / "keys")
    for client in ("admin", "controller-manager"):
        kubeconfig(folder, client)
    shutil.copy2(folder / "keys" / "admin.kubeconfig", folder / "kubeconfig")
    launch(folder, "etcd", "etcd", *etcd_flags(folder))
    launch(folder, "kube-apiserver", str(folder / "bin" / "kube-apiserver"), *server_flags(folder / "keys"))
    wait(folder, "get", "--raw", "/readyz")
    launch(
        folder,
        "kube-controller-manager",
        str(folder / "bin" / "kube-controller-manager"),
        *manager_flags(folder / "keys"),
    )
    wait(folder, "get", "serviceaccount", "default", "--namespace", "default")
    copy_chart(folder / "chart")
    print(f"export FIREBREAK_E2E_KUBECONFIG={folder / 'kubeconfig'} FIREBREAK_E2E_CHART={folder / 'chart'}")


def copy_chart(folder: Path) -> None:
    """The chart as this old API server takes it: it asks for a newer Kubernetes, and for an API that came with 1.21."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(ROOT / "helm" / "firebreak", folder)
    for file in (folder / "Chart.yaml", *(folder / "templates").glob("*-pdb.yaml")):
        text = file.read_text(encoding="utf-8").replace("apiVersion: policy/v1\n", "apiVersion: policy/v1beta1\n")
        file.write_text(re.sub(r"kubeVersion: .*", 'kubeVersion: ">=1.20.0-0"', text), encoding="utf-8")


def make_keys(folder: Path, *hosts: str) -> Authority:
    shutil.rmtree(folder, ignore_errors=True)
    authority = Authority.create(folder)
    names = ("kubernetes", "kubernetes.default", "kubernetes.default.svc", "localhost", "127.0.0.1", "10.96.0.1")
    authority.sign("server", "kube-apiserver", hosts=(*names, *hosts))
    authority.sign("admin", "admin", "system:masters")
    authority.sign("controller-manager", "system:kube-controller-manager")
    authority.sign("service-account", "service-account")
    return authority


def kubeconfig(folder: Path, client: str, server: str = SERVER) -> None:
    keys = folder / "keys"
    user = {"client-certificate": str(keys / f"{client}.crt"), "client-key": str(keys / f"{client}.key")}
    cluster = {"server": server, "certificate-authority": str(keys / "ca.crt")}
    text = {
        "apiVersion": "v1", "kind": "Config", "current-context": "e2e",
        "clusters": [{"name": "e2e", "cluster": cluster}],
        "users": [{"name": client, "user": user}],
        "contexts": [{"name": "e2e", "context": {"cluster": "e2e", "user": client}}],
    }  # fmt: skip
    (keys / f"{client}.kubeconfig").write_text(yaml.safe_dump(text))


def etcd_flags(folder: Path) -> list[str]:
    client, peer = f"http://127.0.0.1:{ETCD_PORT}", f"http://127.0.0.1:{PEER_PORT}"
    return [
        f"--data-dir={folder / 'etcd'}", f"--listen-client-urls={client}", f"--advertise-client-urls={client}",
        f"--listen-peer-urls={peer}", f"--initial-advertise-peer-urls={peer}", f"--initial-cluster=default={peer}",
        "--unsafe-no-fsync",
    ]  # fmt: skip


def server_flags(keys: Path) -> list[str]:
    return [
        f"--etcd-servers=http://127.0.0.1:{ETCD_PORT}", f"--secure-port={API_PORT}", "--bind-address=127.0.0.1",
        f"--tls-cert-file={keys / 'server.crt'}", f"--tls-private-key-file={keys / 'server.key'}",
        f"--client-ca-file={keys / 'ca.crt'}", "--authorization-mode=Node,RBAC", f"--service-cluster-ip-range={SERVICES}",
        "--service-account-issuer=https://kubernetes.default.svc", f"--service-account-key-file={keys / 'service-account.crt'}",
        f"--service-account-signing-key-file={keys / 'service-account.key'}", "--enable-admission-plugins=NodeRestriction",
        "--enable-aggregator-routing=true",
    ]  # fmt: skip


def manager_flags(keys: Path) -> list[str]:
    file = keys / "controller-manager.kubeconfig"
    return [
        f"--kubeconfig={file}", f"--authentication-kubeconfig={file}", f"--authorization-kubeconfig={file}",
        "--bind-address=127.0.0.1", "--port=0", "--secure-port=0", "--leader-elect=false", f"--root-ca-file={keys / 'ca.crt'}",
        f"--service-account-private-key-file={keys / 'service-account.key'}", "--use-service-account-credentials",
        f"--cluster-cidr={PODS}",
        "--controllers=*,-endpoint,-endpointslice,-endpointslicemirroring", "--allocate-node-cidrs", f"--service-cluster-ip-range={SERVICES}",
    ]  # fmt: skip


def launch(folder: Path, name: str, *command: str) -> None:
    with (folder / f"{name}.log").open("w") as log:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
    (folder / f"{name}.pid").write_text(str(process.pid))


def wait(folder: Path, *question: str) -> None:
    deadline = time.monotonic() + START_S
    command = ["kubectl", "--kubeconfig", str(folder / "kubeconfig"), *question]
    while True:
        asked = subprocess.run(command, capture_output=True, text=True, check=False)
        if asked.returncode == 0:
            return
        if time.monotonic() > deadline:
            raise Failed(f"no answer to `kubectl {' '.join(question)}`: {asked.stderr.strip()}; logs are in {folder}")
        time.sleep(0.5)


def stop(folder: Path, names: tuple[str, ...] = ("kube-controller-manager", "kube-apiserver", "etcd")) -> None:
    """Ends what `start` started, the last first; a process id that was given away since is left alone."""
    for name in names:
        file = folder / f"{name}.pid"
        if not file.exists():
            continue
        process = int(file.read_text())
        if is_ours(process, name):
            os.kill(process, signal.SIGTERM)
            deadline = time.monotonic() + 30
            while is_ours(process, name) and time.monotonic() < deadline:
                time.sleep(0.1)
        file.unlink()


def is_ours(process: int, name: str) -> bool:
    try:
        command = Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return False
    return Path(command.split(b"\0")[0].decode()).name == name


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("build", "start", "stop"))
    parser.add_argument("--dir", type=Path, default=ROOT / "build" / "control-plane")
    options = parser.parse_args()
    try:
        {"build": build, "start": start, "stop": stop}[options.what](options.dir.resolve())
    except Failed as failure:
        print(f"control plane: {failure}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
