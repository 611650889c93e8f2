"""The generator's reviewed configurations; `make golden` rewrites `tests/golden/envoy`."""

import json
from pathlib import Path

from firebreak.edge.envoy.config import config
from firebreak.edge.envoy.egress_options import Egress
from firebreak.edge.envoy.options import EnvoyOptions, Overload, Provider

GOLDEN = Path(__file__).parents[1] / "golden" / "envoy"
OPENAI = Provider("openai", "openai", "api.openai.com", "/openai")
LOCAL = Provider("local", "openai", "127.0.0.1", "/local", 8080, tls=False)
CASES = {
    "default": EnvoyOptions(providers=(OPENAI,)),
    "two_workers": EnvoyOptions(providers=(LOCAL,), engine=("/run/firebreak/0.sock", "/run/firebreak/1.sock")),
    "providers": EnvoyOptions(
        providers=(
            OPENAI,
            Provider("anthropic", "anthropic", "api.anthropic.com", "/anthropic"),
            Provider("azure", "azure_openai", "example.openai.azure.com", "/azure"),
            Provider(
                "gateway",
                "openai",
                "llm.internal",
                "/gateway",
                8443,
                "/compat/v2/",
                ca_file="/etc/ssl/certs/ca-certificates.crt",
            ),
        ),
        engine=("firebreak:9000",),
        listen_host="0.0.0.0",
        status_host="0.0.0.0",
        status_port=15082,
        max_body_bytes=1024 * 1024,
        overload=Overload(max_heap_bytes=512 * 1024 * 1024, max_connections=64),
    ),
    "credentials": EnvoyOptions(
        providers=(OPENAI, Provider("anthropic", "anthropic", "api.anthropic.com", "/anthropic")),
        credentials_dir="/etc/firebreak/credentials",
    ),
    "egress": EnvoyOptions(
        providers=(OPENAI,),
        egress=Egress(
            (("127.0.0.1", 15083), ("::1", 15083)),
            names=("pypi.org", "*.example.com"),
            anywhere=True,
            refused=("api.openai.com", "llm.example.com"),
        ),
    ),
    "identity": EnvoyOptions(
        providers=(OPENAI,), tls_dir="/etc/firebreak/tls", token_header="x-firebreak-caller-token"
    ),
    "otlp": EnvoyOptions(providers=(LOCAL,), otlp="127.0.0.1:4317", access_log="/tmp/access.log", node_id="demo"),
}


def main() -> None:
    for name, options in CASES.items():
        (GOLDEN / f"{name}.json").write_text(json.dumps(config(options), indent=1) + "\n", encoding="utf-8")
