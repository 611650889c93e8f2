"""`firebreak webhook`: add the sidecar to pods as they are created."""

import argparse
import os
import re
from pathlib import Path

from firebreak.adapters.kubernetes_api import SERVICE_ACCOUNT
from firebreak.adapters.own_certificate import Names
from firebreak.app.webhook import WebhookOptions
from firebreak.app.webhook import run as serve
from firebreak.cli import inject
from firebreak.cli.parsers import Subparsers
from firebreak.model.errors import BadConfig
from firebreak.settings import host_port

_LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_SERVICE = re.compile(rf"{_LABEL}\.{_LABEL}\.svc")
_OBJECT = re.compile(rf"{_LABEL}(\.{_LABEL})*")


def add_parser(subparsers: Subparsers) -> None:
    parser = subparsers.add_parser(
        "webhook",
        help="add the sidecar to pods as they are created",
        description="Answer the Kubernetes API server's questions about new pods over HTTPS, until SIGTERM: at /inject "
        "the sidecar for pods that ask by the annotation firebreak.dev/inject, at /inject-all for all pods that do not "
        "decline. Either it makes its certificate, keeps it in a Secret and puts the authority into its webhook "
        "configuration, or it is given --certificate-dir.",
    )
    parser.add_argument("--listen", default="0.0.0.0:15443", metavar="HOST:PORT", help="HTTPS (default: %(default)s)")
    parser.add_argument(
        "--http-listen",
        default="0.0.0.0:15081",
        metavar="HOST:PORT",
        help="/metrics, /healthz and /readyz (default: %(default)s)",
    )
    parser.add_argument("--service", default="", metavar="NAME.NAMESPACE.svc", help="what the API server calls it")
    parser.add_argument("--secret", default="", metavar="NAME", help="the Secret for its certificate")
    parser.add_argument(
        "--configuration", default="", metavar="NAME", help="the MutatingWebhookConfiguration that is to trust it"
    )
    parser.add_argument(
        "--certificate-dir",
        type=Path,
        metavar="DIR",
        help="tls.crt and tls.key that somebody else makes, such as cert-manager; read again when they change",
    )
    parser.add_argument("--events", action="store_true", help="tell of refusals, skips and notes in Events")
    parser.add_argument(
        "--service-account-dir",
        default=SERVICE_ACCOUNT,
        metavar="DIR",
        help="where the token for the Kubernetes API is (default: %(default)s)",
    )
    inject.add_options(parser.add_argument_group("what is added"))
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    if arguments.service and not _SERVICE.fullmatch(arguments.service):
        raise BadConfig("--service", "it is not the DNS name of a Service", "write name.namespace.svc")
    own = [arguments.secret, arguments.configuration]
    if arguments.certificate_dir is not None and any(own):
        raise BadConfig(
            "--certificate-dir", "somebody else makes the certificate", "leave out --secret and --configuration"
        )
    if arguments.certificate_dir is None and not (all(own) and arguments.service):
        raise BadConfig("--secret", "nothing says where a certificate comes from", _MEND)
    for option, name in zip(("--secret", "--configuration"), own, strict=True):
        if name and (len(name) > 253 or not _OBJECT.fullmatch(name)):
            raise BadConfig(option, "it is not the name of an object", "use a-z, 0-9, - and .")
    return serve(
        WebhookOptions(
            asked=inject.options_of(arguments, everything=False),
            everything=inject.options_of(arguments, everything=True),
            listen=host_port("--listen", arguments.listen),
            http_listen=host_port("--http-listen", arguments.http_listen),
            names=Names(arguments.service, *own) if arguments.certificate_dir is None else None,
            certificate_dir=arguments.certificate_dir,
            service=arguments.service,
            events=arguments.events,
            service_account_dir=arguments.service_account_dir,
            instance=os.environ.get("HOSTNAME", ""),
        )
    )


_MEND = "give --secret, --configuration and --service, or --certificate-dir"
