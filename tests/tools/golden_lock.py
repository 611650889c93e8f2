"""The egress lock's reviewed rules; `make golden` rewrites `tests/golden/lock`."""

from pathlib import Path

from firebreak.kube.lock import script
from firebreak.settings import load

GOLDEN = Path(__file__).parents[1] / "golden" / "lock"
RESOLV_CONF = "search shop.svc.cluster.local svc.cluster.local\nnameserver 10.96.0.10\noptions ndots:5\n"
LISTEN = {"FIREBREAK_EGRESS_LISTEN": "127.0.0.1:15083"}
BOTH = {"FIREBREAK_EGRESS_LISTEN": "127.0.0.1:15083,[::1]:15083"}
CASES: dict[str, tuple[dict[str, str], str]] = {
    "default": (LISTEN, RESOLV_CONF),
    "dual-stack": (BOTH, RESOLV_CONF + "nameserver fd00:10:96::a\n"),
    "everything-to-envoy": (LISTEN | {"FIREBREAK_EGRESS_PORTS": "all", "FIREBREAK_EGRESS_DNS": "false"}, RESOLV_CONF),
    "destinations": (
        BOTH
        | {
            "FIREBREAK_PROVIDERS": '[{"name": "vllm", "api": "openai", "host": "10.8.0.9", "port": 8000, "tls": false}]',
            "FIREBREAK_EGRESS_NETWORKS": "10.0.0.0/8, 10.96.0.1/32:443, [fd00:10:96::1]:443, 203.0.113.0/24:5432-5433",
            "FIREBREAK_EGRESS_REFUSE": "10.9.0.0/16, 10.8.0.7:11434",
        },
        "nameserver 169.254.20.10\n",
    ),
}


def rules(case: str) -> str:
    environment, resolv_conf = CASES[case]
    return script(load(environment).lock_options(resolv_conf))


def main() -> None:
    for case in CASES:
        (GOLDEN / f"{case}.nft").write_text(rules(case), encoding="utf-8")
