"""A server's certificate that its clients trust by an authority of its own. The only user of `cryptography`.

The authority signs one certificate and its key is forgotten, so that nobody who reads what is stored can sign another.
A new certificate therefore has a new authority, and clients must trust both for a while: that is what a bundle is.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import TYPE_CHECKING, Any

from firebreak.model.errors import BadConfig

if TYPE_CHECKING:
    from cryptography.x509 import Certificate, CertificateBuilder

SKEW = timedelta(hours=1)
"""A certificate begins to be valid this long before it is made: other clocks may be behind."""

MAX_BUNDLE = 8
_CERTIFICATE = re.compile(rb"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Pair:
    """A certificate and its key, both PEM."""

    certificate: bytes
    key: bytes


def make(name: str, now_s: float, lives_s: float) -> tuple[Pair, bytes]:
    """A certificate for a server of that DNS name, and the authority to trust it by."""
    x509, ec = _library("x509"), _library("hazmat.primitives.asymmetric.ec")
    start = datetime.fromtimestamp(now_s, UTC) - SKEW
    end = datetime.fromtimestamp(now_s + lives_s, UTC)
    authority_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    authority_name = _named(f"firebreak authority {start:%Y-%m-%d %H:%M}")
    authority = _signed(
        _builder(authority_name, authority_name, authority_key.public_key(), start, end)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(sign_certificates=True), critical=True),
        authority_key,
    )
    server = x509.ExtendedKeyUsage([x509.oid.ExtendedKeyUsageOID.SERVER_AUTH])
    certificate = _signed(
        _builder(_named("firebreak webhook"), authority_name, key.public_key(), start, end)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(sign_certificates=False), critical=True)
        .add_extension(server, critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key()),
            critical=False,
        ),
        authority_key,
    )
    return Pair(_pem(certificate), _key_pem(key)), _pem(authority)


def problem(pair: Pair, name: str, now_s: float) -> str:
    """Why a client would not talk to a server that shows this, or nothing. Without a name any is right."""
    serialization = _library("hazmat.primitives.serialization")
    try:
        certificate = _first(pair.certificate)
        key = serialization.load_pem_private_key(pair.key, None)
        if key.public_key() != certificate.public_key():
            return "the key is not the certificate's"
    except (BadConfig, ValueError, TypeError, _library("exceptions").UnsupportedAlgorithm):
        return "certificate or key cannot be read"
    if not _begins_s(certificate) <= now_s < _ends_s(certificate):
        return "the certificate is not valid now"
    if name and name not in _names(certificate):
        return f"the certificate is not for {name}"
    return ""


def distrust(pair: Pair, bundle: bytes) -> str:
    """Why a client that knows only these authorities would not trust the certificate, or nothing.

    Looks for the one that signed it: a chain of several is not followed.
    """
    invalid = _library("exceptions").InvalidSignature
    for pem in split(bundle):
        try:
            _first(pair.certificate).verify_directly_issued_by(_first(pem))
        except (BadConfig, ValueError, TypeError, invalid):
            continue
        return ""
    return "no authority in the bundle has signed the certificate"


def begins_s(pem: bytes) -> float:
    """When the certificate was made. Raises `BadConfig`."""
    return _begins_s(_first(pem)) + SKEW.total_seconds()


def ends_s(pem: bytes) -> float:
    """When the first certificate of the chain ends. Raises `BadConfig`."""
    return _ends_s(_first(pem))


def split(bundle: bytes) -> list[bytes]:
    """The certificates in it, as they are written."""
    return [found + b"\n" for found in _CERTIFICATE.findall(bundle)]


def joined(pems: Sequence[bytes], now_s: float) -> bytes:
    """One bundle of the authorities that are still valid, each once, the first ones first."""
    kept: dict[bytes, None] = {}
    for pem in (each for bundle in pems for each in split(bundle)):
        try:
            lives = ends_s(pem) > now_s
        except BadConfig:
            continue
        if lives:
            kept[pem] = None
    return b"".join(list(kept)[:MAX_BUNDLE])


def _library(module: str) -> Any:
    """A part of the library, which comes with an extra: only the webhook needs it."""
    try:
        return import_module(f"cryptography.{module}")
    except ImportError as error:
        raise BadConfig("webhook", "needs the package `cryptography`", "install firebreak[kubernetes]") from error


def _first(pem: bytes) -> "Certificate":
    """The first certificate of a chain. Raises `BadConfig`."""
    found = split(pem)
    try:
        certificate: Certificate = _library("x509").load_pem_x509_certificate(found[0] if found else b"")
    except ValueError:
        raise BadConfig("certificate", "it cannot be read", "it must be PEM") from None
    return certificate


def _begins_s(certificate: "Certificate") -> float:
    return certificate.not_valid_before_utc.timestamp()


def _ends_s(certificate: "Certificate") -> float:
    return certificate.not_valid_after_utc.timestamp()


def _names(certificate: "Certificate") -> list[str]:
    x509 = _library("x509")
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (x509.ExtensionNotFound, ValueError):
        return []
    return list(names.get_values_for_type(x509.DNSName))


def _named(words: str) -> Any:
    x509 = _library("x509")
    return x509.Name([x509.NameAttribute(x509.oid.NameOID.COMMON_NAME, words)])


def _builder(subject: Any, issuer: Any, key: Any, start: datetime, end: datetime) -> "CertificateBuilder":
    x509 = _library("x509")
    builder: CertificateBuilder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(end)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )
    return builder


def _usage(*, sign_certificates: bool) -> Any:
    return _library("x509").KeyUsage(
        digital_signature=not sign_certificates,
        key_cert_sign=sign_certificates,
        crl_sign=False,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _signed(builder: "CertificateBuilder", key: Any) -> "Certificate":
    return builder.sign(key, _library("hazmat.primitives.hashes").SHA256())


def _pem(certificate: "Certificate") -> bytes:
    return certificate.public_bytes(_library("hazmat.primitives.serialization").Encoding.PEM)


def _key_pem(key: Any) -> bytes:
    form = _library("hazmat.primitives.serialization")
    pem: bytes = key.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption())
    return pem
