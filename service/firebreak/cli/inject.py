"""`firebreak inject`: add the sidecar to the workloads in manifests."""

import argparse
import re
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import firebreak
from firebreak.cli.parsers import Subparsers
from firebreak.kube import manifests, workloads
from firebreak.kube.encoder import BUDGET_MS, CLAIM, CPU_MORE, MEMORY_MORE, Encoder
from firebreak.kube.options import (
    CA_KEY,
    DEFAULT_ENVOY_IMAGE,
    DEFAULT_IMAGE,
    DEFAULT_NETWORKS,
    DEFAULT_POLICY,
    DEFAULT_PROVIDERS,
    JUDGE_KEY,
    Destination,
    Egress,
    InjectOptions,
    Reference,
)
from firebreak.kube.sidecar import EGRESS_PORT
from firebreak.kube.workloads import Outcome
from firebreak.model.errors import BadConfig
from firebreak.policy import strict_yaml
from firebreak.settings import load

DONE, REFUSED = 0, 1


def add_parser(subparsers: Subparsers) -> None:
    parser = subparsers.add_parser(
        "inject",
        help="add the sidecar to the workloads in manifests",
        description="Add the sidecar to the pods in a stream of manifests that opt in by the annotation "
        'firebreak.dev/inject: "true". The stream goes to standard output, without its comments; what became of each '
        "workload goes to standard error. Exit status 0; 1 when a workload was refused (it is passed on as it was); "
        "2 when the input cannot be read.",
    )
    parser.add_argument("file", nargs="?", default="-", metavar="FILE", help="the manifests; - is standard input")
    parser.add_argument(
        "--all", action="store_true", help="also workloads without the annotation; not those with false"
    )
    add_options(parser)
    parser.set_defaults(run=run)


def add_options(parser: argparse._ActionsContainer) -> None:
    """What the webhook and this command have in common."""
    parser.add_argument(
        "--policy", default=DEFAULT_POLICY, metavar="CONFIGMAP", help="where the policy is (default: %(default)s)"
    )
    parser.add_argument(
        "--providers",
        default=DEFAULT_PROVIDERS,
        help="names of built-in ones or a YAML list, as in FIREBREAK_PROVIDERS (default: %(default)s)",
    )
    parser.add_argument("--image", default=f"{DEFAULT_IMAGE}:{firebreak.__version__}", help="(default: %(default)s)")
    parser.add_argument("--envoy-image", default=DEFAULT_ENVOY_IMAGE, help="(default: %(default)s)")
    parser.add_argument(
        "--kubernetes",
        default="1.29",
        metavar="VERSION",
        help="the oldest that will run it; below 1.29 the sidecar is ordinary containers (default: %(default)s)",
    )
    _add_egress(parser)
    _add_references(parser)
    _add_encoder(parser)


def _add_egress(parser: argparse._ActionsContainer) -> None:
    parser.add_argument(
        "--egress",
        default=Egress.OPEN.value,
        choices=[each.value for each in Egress],
        help="locked: what does not go through the sidecar does not leave (default: %(default)s)",
    )
    parser.add_argument(
        "--egress-allow",
        default="",
        metavar="NAMES",
        help="where egress is locked: host names, *.suffix or any, with commas between (default: none)",
    )
    parser.add_argument(
        "--egress-networks",
        default=DEFAULT_NETWORKS,
        metavar="NETWORKS",
        help="where egress is locked: networks that stay open, as in FIREBREAK_EGRESS_NETWORKS (default: %(default)s)",
    )
    parser.add_argument(
        "--egress-refuse",
        default="",
        metavar="NETWORKS",
        help="where egress is locked: networks that do not, whatever else is said (default: none)",
    )


def _add_references(parser: argparse._ActionsContainer) -> None:
    parser.add_argument(
        "--judge-secret", default="", metavar="SECRET[/KEY]", help=f"the judge's API key (default key: {JUDGE_KEY})"
    )
    parser.add_argument(
        "--ca-bundle",
        default="",
        metavar="CONFIGMAP[/KEY]",
        help=f"what providers' certificates are checked against (default key: {CA_KEY}; default: public ones)",
    )
    parser.add_argument(
        "--credentials",
        default="",
        metavar="SECRET",
        help="the providers' keys, each under its provider's name; Envoy puts them in (default: the app has them)",
    )
    parser.add_argument(
        "--engine-events",
        action="store_true",
        help="the engine tells of refusals in Events, and is given a token for it",
    )


def _add_encoder(parser: argparse._ActionsContainer) -> None:
    parser.add_argument(
        "--encoder-volume",
        default="",
        metavar="VOLUME",
        help="where encoders are: CLAIM or CLAIM/PATH, or a volume as a pod has it, in YAML (default: there are none)",
    )
    parser.add_argument("--encoder-path", default="", metavar="PATH", help="where in that volume (default: at its top)")
    parser.add_argument(
        "--encoder-cpu", default=CPU_MORE, help="what the engine asks for on top with encoders (default: %(default)s)"
    )
    parser.add_argument(
        "--encoder-memory",
        default=MEMORY_MORE,
        help="what the engine asks for, and may have, on top with encoders (default: %(default)s)",
    )
    parser.add_argument(
        "--encoder-budget-ms",
        type=int,
        default=BUDGET_MS,
        metavar="MS",
        help="how long an encoder may take for a request (default: %(default)s)",
    )


def options_of(arguments: argparse.Namespace, *, everything: bool) -> InjectOptions:
    """Raises `BadConfig` that names the option."""
    return InjectOptions(
        image=arguments.image,
        read_providers=destinations,
        prove_egress=prove_egress,
        providers=arguments.providers,
        policy=arguments.policy,
        envoy_image=arguments.envoy_image,
        kubernetes=_version(arguments.kubernetes),
        everything=everything,
        egress=Egress(arguments.egress),
        egress_allow=arguments.egress_allow,
        egress_networks=arguments.egress_networks,
        egress_refuse=arguments.egress_refuse,
        judge_secret=Reference.read("--judge-secret", arguments.judge_secret, JUDGE_KEY),
        ca_bundle=Reference.read("--ca-bundle", arguments.ca_bundle, CA_KEY),
        credentials=arguments.credentials,
        events=arguments.engine_events,
        encoder=_encoder(arguments),
    )


def run(arguments: argparse.Namespace) -> int:
    options = options_of(arguments, everything=arguments.all)
    documents = manifests.read(_text(arguments.file), "standard input" if arguments.file == "-" else arguments.file)
    refused = False
    for document in documents:
        for outcome in workloads.inject(manifests.plain(document), options):
            manifests.add(document, outcome.additions)
            print("\n".join(_lines(outcome)), file=sys.stderr)
            refused = refused or outcome.report.refused
    sys.stdout.write(manifests.write(documents))
    return REFUSED if refused else DONE


def destinations(providers: str) -> tuple[Destination, ...]:
    """What the engine will make of FIREBREAK_PROVIDERS with this value. Raises `BadConfig`."""
    options = load({"FIREBREAK_PROVIDERS": providers}).envoy_options()
    return tuple(Destination(provider.name, provider.api, provider.prefix) for provider in options.providers)


def prove_egress(values: Mapping[str, str]) -> None:
    """Whether the engine of a locked pod will take these options. Raises `BadConfig`."""
    load({"FIREBREAK_EGRESS_LISTEN": f"127.0.0.1:{EGRESS_PORT}", **values})


def _encoder(arguments: argparse.Namespace) -> Encoder:
    place, text, path = "--encoder-volume", arguments.encoder_volume, arguments.encoder_path
    found = Encoder(cpu=arguments.encoder_cpu, memory=arguments.encoder_memory, budget_ms=arguments.encoder_budget_ms)
    found = replace(found, source=_volume(place, text)) if ":" in text else found.from_claim(place, text)
    if path and not found.source:
        raise BadConfig("--encoder-path", "there is no volume that it could be in", f"give {place} too")
    return replace(found, path=path or found.path)


def _volume(place: str, text: str) -> dict[str, Any]:
    plain = strict_yaml.to_plain(strict_yaml.read(text, place))
    if not isinstance(plain, dict):
        raise BadConfig(place, "it is neither a claim's name nor a mapping", f"write {{{CLAIM}: {{claimName: NAME}}}}")
    return plain


def _lines(outcome: Outcome) -> list[str]:
    report = outcome.report
    kind = report.outcome.kind.value
    what = kind if kind == report.code else f"{kind}[{report.code}]"
    lines = [f"{outcome.place}: {what}: {report.sentence}"]
    lines += [f"{outcome.place}: note[{note.code}]: {note.sentence}" for note in report.notes]
    return ["".join(char if char.isprintable() else "?" for char in line) for line in lines]


def _version(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"v?([0-9]{1,3})\.([0-9]{1,3})(\..*)?", text)
    if found is None:
        raise BadConfig("--kubernetes", "it is not a version", "write for example 1.29")
    return int(found[1]), int(found[2])


def _text(name: str) -> str:
    try:
        raw = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        return raw.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadConfig(name, "the manifests cannot be read", "check the path and that it is UTF-8 text") from error
