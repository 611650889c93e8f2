"""Certificates for the world's servers, from one authority."""

import datetime as dt
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

DAY = dt.timedelta(days=1)


def make(folder: Path, names: set[str]) -> Path:
    """`NAME.pem` with key and certificate for each, and the authority's `ca.pem`, whose path is returned."""
    root = ec.generate_private_key(ec.SECP256R1())
    own = x509.BasicConstraints(ca=True, path_length=None)
    authority = _certificate("the lab's authority", root, root, own)
    for name in names:
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = _certificate(name, key, root, x509.SubjectAlternativeName([x509.DNSName(name)]))
        secret = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        (folder / f"{name}.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM) + secret)
    file = folder / "ca.pem"
    file.write_bytes(authority.public_bytes(serialization.Encoding.PEM))
    return file


def _certificate(
    name: str, key: ec.EllipticCurvePrivateKey, issuer: ec.EllipticCurvePrivateKey, extension: x509.ExtensionType
) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    signed_by = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "the lab's authority")])
    now = dt.datetime.now(dt.UTC)
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(signed_by).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(now - DAY).not_valid_after(now + DAY)
    return builder.add_extension(extension, critical=True).sign(issuer, hashes.SHA256())
