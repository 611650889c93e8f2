"""`python -m tests.e2e.node build|start|stop`: a whole cluster of one node, for a machine without one; as root.

The control plane of `control_plane.py`, its kubelet and kube-proxy, and Debian's containerd, runc, CNI plugins and
dnsmasq, in a network namespace of their own. `start` takes image archives (`podman save`), which stay for the next start;
one of them is the pods' pause image, `localhost/e2e/pause:1`. The cluster itself is new and empty each time. docs/e2e.md.
"""

import argparse
import contextlib
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import yaml
from tests.e2e import control_plane as plane
from tests.e2e.control_plane import ROOT, Failed, launch, needs

PROGRAMS = ("kube-scheduler", "kubelet", "kube-proxy")
TOOLS = ("containerd", "runc", "ctr", "dnsmasq", "nsenter", "ip", "conntrack", "iptables", *("etcd", "kubectl"))
CNI = Path("/usr/lib/cni")
NAME = "fb-e2e"
"""Of the network namespace, the node's cgroup, and the pods' bridge."""
INSIDE = f"--net=/run/netns/{NAME}"
HOST, NODE, DNS, POD_NET = "10.9.7.1", "10.9.7.2", "10.244.0.1", "10.244.0.0/24"
SERVER = f"https://{NODE}:{plane.API_PORT}"
PAUSE = "localhost/e2e/pause:1"
CONTROLLERS = ("cpu", "cpuacct", "cpuset", "memory", "devices", "freezer", "blkio", "pids", "systemd")
CLIENTS = {
    "admin": ("admin", "system:masters"),
    "scheduler": ("system:kube-scheduler", ""),
    "proxy": ("system:kube-proxy", ""),
    "kubelet": ("system:node:node1", "system:nodes"),
    "kubelet-client": ("kubelet-client", "system:masters"),
}
NAMES = Path(sys.executable).name
"""The process that writes the names of Services."""
LAST_FIRST = ("kubelet", "kube-proxy", NAMES, "dnsmasq", "kube-scheduler", "kube-controller-manager", "kube-apiserver")


def build(folder: Path) -> None:
    plane.build(folder, (*plane.PROGRAMS, *PROGRAMS))


def start(folder: Path, images: list[Path]) -> None:
    needs(*TOOLS)
    stop(folder)
    for name in ("etcd", "kubelet", "ipam", "names"):
        shutil.rmtree(folder / name, ignore_errors=True)
        (folder / name).mkdir()
    network()
    keys(folder)
    serve(folder)
    run_node(folder, images)
    plane.copy_chart(folder / "chart")
    print(f"export FIREBREAK_E2E_KUBECONFIG={folder / 'kubeconfig'} FIREBREAK_E2E_CHART={folder / 'chart'}")


def network() -> None:
    for words in (
        f"netns add {NAME}", f"link add {NAME} type veth peer name eth0 netns {NAME}",
        f"addr add {HOST}/24 dev {NAME}", f"link set {NAME} up", f"-n {NAME} addr add {NODE}/24 dev eth0",
        f"-n {NAME} link set eth0 up", f"-n {NAME} link set lo up", f"-n {NAME} route add default via {HOST}",
    ):  # fmt: skip
        run("ip", *words.split())
    run("nsenter", INSIDE, "sysctl", "-qw", "net.ipv4.ip_forward=1")


def keys(folder: Path) -> None:
    authority = plane.make_keys(folder / "keys", NODE)
    for file, (name, group) in CLIENTS.items():
        authority.sign(file, name, group)
    for client in (*CLIENTS, "controller-manager"):
        plane.kubeconfig(folder, client, SERVER)
    shutil.copy2(folder / "keys" / "admin.kubeconfig", folder / "kubeconfig")


def inside(folder: Path, name: str, *flags: str, program: str = "") -> None:
    launch(folder, name, "nsenter", INSIDE, program or str(folder / "bin" / name), *flags)


def serve(folder: Path) -> None:
    own, kept = folder / "keys", "--controllers"
    inside(folder, "etcd", *plane.etcd_flags(folder), program="etcd")
    inside(
        folder, "kube-apiserver", *plane.server_flags(own), "--bind-address=0.0.0.0", f"--advertise-address={NODE}",
        f"--kubelet-client-certificate={own / 'kubelet-client.crt'}", f"--kubelet-client-key={own / 'kubelet-client.key'}",
        "--kubelet-preferred-address-types=InternalIP", "--enable-aggregator-routing=false",
    )  # fmt: skip
    plane.wait(folder, "get", "--raw", "/readyz")
    flags = [flag for flag in plane.manager_flags(own) if not flag.startswith(kept)]
    inside(folder, "kube-controller-manager", *flags)
    inside(folder, "kube-scheduler", f"--kubeconfig={own / 'scheduler.kubeconfig'}", "--leader-elect=false", "--port=0")


def run_node(folder: Path, images: list[Path]) -> None:
    settings(folder)
    socket = folder / "containerd.sock"
    inside(folder, "containerd", "--config", str(folder / "containerd.toml"), program="containerd")
    until("containerd answers", lambda: ctr(folder, "version"))
    for image in images:
        if not ctr(folder, "images", "import", str(image)):
            raise Failed(f"{image} cannot be imported")
    for name in CONTROLLERS:
        with contextlib.suppress(OSError):
            Path("/sys/fs/cgroup", name, NAME).mkdir(exist_ok=True)
    inside(
        folder, "kubelet", f"--config={folder / 'kubelet.yaml'}", f"--kubeconfig={folder / 'keys' / 'kubelet.kubeconfig'}",
        "--container-runtime=remote", f"--container-runtime-endpoint=unix://{socket}", "--hostname-override=node1",
        f"--node-ip={NODE}", f"--root-dir={folder / 'kubelet'}", f"--cert-dir={folder / 'kubelet' / 'pki'}",
    )  # fmt: skip
    inside(folder, "kube-proxy", f"--config={folder / 'proxy.yaml'}")
    plane.wait(folder, "wait", "node/node1", "--for=condition=Ready", "--timeout=60s")
    resolve(folder)


def resolve(folder: Path) -> None:
    """Names of Services. The pods' bridge, where they ask, comes with the first pod."""
    kubectl = ("kubectl", "--kubeconfig", str(folder / "kubeconfig"))
    plane.wait(folder, "get", "serviceaccount", "default", "--namespace", "default")
    run(*kubectl, "run", "first", f"--image={PAUSE}", "--restart=Never")
    plane.wait(folder, "wait", "pod/first", "--for=condition=Ready", "--timeout=60s")
    inside(
        folder, "dnsmasq", "--keep-in-foreground", "--user=root", "--no-resolv", "--no-hosts", "--conf-file=/dev/null",
        f"--hostsdir={folder / 'names'}", "--local=/cluster.local/", f"--listen-address={DNS}", "--bind-interfaces",
        f"--pid-file={folder / 'dnsmasq.own.pid'}", program="dnsmasq",
    )  # fmt: skip
    launch(folder, NAMES, sys.executable, "-m", "tests.e2e.node", "names", "--dir", str(folder))


def write_names(folder: Path) -> None:
    """Until it is ended: the Services' names, where dnsmasq looks for them."""
    command = ["kubectl", "--kubeconfig", str(folder / "kubeconfig"), "get", "services", "-A", "--output", "json"]
    written = ""
    while True:
        asked = subprocess.run(command, capture_output=True, text=True, check=False)
        if asked.returncode == 0:
            found = [(it["spec"].get("clusterIP"), it["metadata"]) for it in json.loads(asked.stdout)["items"]]
            text = "".join(
                f"{address} {it['name']}.{it['namespace']}.svc.cluster.local\n"
                for address, it in found
                if address != "None"
            )
            if text != written:
                (folder / "names" / "services").write_text(text)
                written = text
        time.sleep(1)


def settings(folder: Path) -> None:
    """The files that containerd, the CNI plugins, the kubelet and kube-proxy read."""
    ipam = {"type": "host-local", "dataDir": str(folder / "ipam"), "ranges": [[{"subnet": POD_NET}]]}
    bridge = {"type": "bridge", "bridge": f"{NAME}-br", "isGateway": True, "ipMasq": True, "hairpinMode": True}
    routed = {**bridge, "ipam": {**ipam, "routes": [{"dst": "0.0.0.0/0"}]}}
    (folder / "cni").mkdir(exist_ok=True)
    conflist = {"cniVersion": "0.4.0", "name": NAME, "plugins": [routed]}
    (folder / "cni" / "10-bridge.conflist").write_text(json.dumps(conflist))
    (folder / "containerd.toml").write_text(CONTAINERD.format(folder=folder, pause=PAUSE, cni=CNI))
    (folder / "resolv.conf").write_text("nameserver 127.0.0.1\n")
    proxy = {
        "apiVersion": "kubeproxy.config.k8s.io/v1alpha1", "kind": "KubeProxyConfiguration",
        "clientConnection": {"kubeconfig": str(folder / "keys" / "proxy.kubeconfig")}, "clusterCIDR": plane.PODS,
        "hostnameOverride": "node1", "mode": "iptables", "oomScoreAdj": 0, "conntrack": {"maxPerCore": 0, "min": 0},
    }  # fmt: skip
    (folder / "proxy.yaml").write_text(yaml.safe_dump(proxy))
    own = {
        "authentication": {"anonymous": {"enabled": False}, "x509": {"clientCAFile": str(folder / "keys" / "ca.crt")}},
        "cgroupDriver": "cgroupfs", "cgroupRoot": f"/{NAME}", "enforceNodeAllocatable": ["pods"], "failSwapOn": False,
        "oomScoreAdj": 0, "maxOpenFiles": 20000, "clusterDNS": [DNS], "clusterDomain": "cluster.local",
        "resolvConf": str(folder / "resolv.conf"), "syncFrequency": "10s", "imageGCHighThresholdPercent": 100,
        "evictionHard": {"memory.available": "100Mi", "nodefs.available": "1%", "imagefs.available": "1%"},
    }  # fmt: skip
    kubelet = {"apiVersion": "kubelet.config.k8s.io/v1beta1", "kind": "KubeletConfiguration", **own}
    (folder / "kubelet.yaml").write_text(yaml.safe_dump(kubelet))


CONTAINERD = """\
version = 2
root = "{folder}/containerd/root"
state = "{folder}/containerd/state"
[grpc]
  address = "{folder}/containerd.sock"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "{pause}"
  restrict_oom_score_adj = true
  disable_hugetlb_controller = true
  tolerate_missing_hugetlb_controller = true
  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "{cni}"
    conf_dir = "{folder}/cni"
"""


def stop(folder: Path) -> None:
    """The pods, then what ran them, then the network. Images stay."""
    plane.stop(folder, LAST_FIRST[:2])
    for what in ("tasks", "containers"):
        found = subprocess.run(ctr_command(folder, what, "ls", "-q"), capture_output=True, text=True, check=False)
        for name in found.stdout.split():
            ctr(folder, what, "rm", *(["--force"] if what == "tasks" else []), name)
    plane.stop(folder, (*LAST_FIRST[2:], "etcd", "containerd"))
    mounted = [line.split()[1] for line in Path("/proc/mounts").read_text().splitlines()]
    for place in sorted((it for it in mounted if it.startswith(f"{folder}/")), reverse=True):
        subprocess.run(["umount", place], check=False)
    for words in (("link", "del", NAME), ("netns", "del", NAME)):
        subprocess.run(["ip", *words], capture_output=True, check=False)


def ctr_command(folder: Path, *words: str) -> list[str]:
    return ["ctr", "--address", str(folder / "containerd.sock"), "--namespace", "k8s.io", *words]


def ctr(folder: Path, *words: str) -> bool:
    return subprocess.run(ctr_command(folder, *words), capture_output=True, check=False).returncode == 0


def run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Failed(f"{' '.join(command)}: {done.stderr.strip()}")


def until(what: str, question: Callable[[], bool]) -> None:
    deadline = time.monotonic() + plane.START_S
    while not question():
        if time.monotonic() > deadline:
            raise Failed(f"{what}: not within {plane.START_S:.0f} s")
        time.sleep(0.2)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("build", "start", "stop", "names"))
    parser.add_argument("images", nargs="*", type=Path)
    parser.add_argument("--dir", type=Path, default=ROOT / "build" / "node")
    options = parser.parse_args()
    folder = options.dir.resolve()
    actions = {"build": build, "stop": stop, "names": write_names, "start": lambda it: start(it, options.images)}
    try:
        actions[options.what](folder)
    except Failed as failure:
        print(f"node: {failure}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
