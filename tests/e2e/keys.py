"""The certificates of a control plane that is made for a test: one authority, and what it signs."""

import datetime as dt
import ipaddress
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

VALID = dt.timedelta(days=30)


@dataclass(frozen=True)
class Authority:
    folder: Path
    key: rsa.RSAPrivateKey
    name: x509.Name

    @classmethod
    def create(cls, folder: Path) -> "Authority":
        folder.mkdir(parents=True, exist_ok=True)
        key, name = new_key(folder / "ca.key"), subject("firebreak-e2e")
        usage = x509.KeyUsage(True, False, False, False, False, True, True, False, False)
        builder = unsigned(name, name, key).add_extension(
            x509.BasicConstraints(ca=True, path_length=None), critical=True
        )
        write(folder / "ca.crt", builder.add_extension(usage, critical=True).sign(key, hashes.SHA256()))
        return cls(folder, key, name)

    def sign(self, file: str, common_name: str, group: str = "", hosts: tuple[str, ...] = ()) -> None:
        """`file.crt` and `file.key`, for a server of these hosts or for a client of this name and group."""
        key = new_key(self.folder / f"{file}.key")
        builder = unsigned(subject(common_name, group), self.name, key)
        if hosts:
            builder = builder.add_extension(
                x509.SubjectAlternativeName([host_name(it) for it in hosts]), critical=False
            )
        write(self.folder / f"{file}.crt", builder.sign(self.key, hashes.SHA256()))


def host_name(text: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(text))
    except ValueError:
        return x509.DNSName(text)


def subject(common_name: str, group: str = "") -> x509.Name:
    parts = [x509.NameAttribute(NameOID.COMMON_NAME, common_name)]
    if group:
        parts.append(x509.NameAttribute(NameOID.ORGANIZATION_NAME, group))
    return x509.Name(parts)


def unsigned(subject: x509.Name, issuer: x509.Name, key: rsa.RSAPrivateKey) -> x509.CertificateBuilder:
    now = dt.datetime.now(dt.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(minutes=5))
        .not_valid_after(now + VALID)
    )


def new_key(file: Path) -> rsa.RSAPrivateKey:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    form = serialization.PrivateFormat.TraditionalOpenSSL
    file.touch(mode=0o600)
    file.write_bytes(key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()))
    return key


def write(file: Path, certificate: x509.Certificate) -> None:
    file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
