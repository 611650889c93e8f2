"""TLS to the provider: its authority and its name, or nothing is said to it."""

import datetime as dt
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from tests.contract import upstream as recording
from tests.contract.conftest import StartEnvoy
from tests.contract.stub_engine import StubEngine
from tests.contract.upstream import Upstream
from tests.contract.wire import post

from firebreak.edge.envoy.options import Provider

NOW = dt.datetime.now(dt.UTC)
DAY = dt.timedelta(days=1)


@dataclass
class Authority:
    name: str
    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    def issue(self, folder: Path, host: str, *, expired: bool = False) -> ssl.SSLContext:
        """A server's context with a certificate for that host."""
        key = ec.generate_private_key(ec.SECP256R1())
        names = x509.SubjectAlternativeName([x509.DNSName(host)])
        until = NOW - DAY if expired else NOW + DAY
        certificate = _certificate(host, key, (self.certificate.subject, self.key), names, until)
        file = folder / f"{self.name}-{host}-{expired}.pem"
        secret = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM) + secret)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context


def authority(folder: Path, name: str) -> Authority:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    own = x509.BasicConstraints(ca=True, path_length=None)
    certificate = _certificate(name, key, (subject, key), own, NOW + DAY)
    (folder / f"{name}.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return Authority(name, key, certificate)


def _certificate(
    name: str,
    key: ec.EllipticCurvePrivateKey,
    issuer: tuple[x509.Name, ec.EllipticCurvePrivateKey],
    extension: x509.ExtensionType,
    until: dt.datetime,
) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer[0]).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number()).not_valid_before(NOW - 2 * DAY).not_valid_after(until)
    return builder.add_extension(extension, critical=True).sign(issuer[1], hashes.SHA256())


@pytest.fixture(scope="module")
def ours(folder: Path) -> Authority:
    return authority(folder, "ours")


@pytest.fixture(scope="module")
def theirs(folder: Path) -> Authority:
    return authority(folder, "theirs")


def provider(folder: Path, port: int, name: str = "openai") -> Provider:
    return Provider(name, "openai", "localhost", f"/{name}", port, ca_file=str(folder / "ours.pem"))


@pytest.fixture
def answering(request: pytest.FixtureRequest, folder: Path, ours: Authority, theirs: Authority) -> Iterator[Upstream]:
    contexts = {
        "right": lambda: ours.issue(folder, "localhost"),
        "another name": lambda: ours.issue(folder, "evil.example"),
        "another authority": lambda: theirs.issue(folder, "localhost"),
        "expired": lambda: ours.issue(folder, "localhost", expired=True),
        "no TLS": lambda: None,
    }
    with recording.running(contexts[request.param]()) as upstream:
        yield upstream


@pytest.mark.parametrize("answering", ["right"], indirect=True)
def test_the_right_certificate_gets_the_request(
    envoy: StartEnvoy, engine: StubEngine, answering: Upstream, folder: Path
) -> None:
    with envoy(providers=(provider(folder, answering.port),)) as process:
        reply = post(process.port, "/openai/v1/models", b"{}", "authorization: Bearer k", host="evil.example")
        assert reply.status == 200
        assert answering.requests[0].all("host") == [f"localhost:{answering.port}"]
        assert answering.requests[0].all("authorization") == ["Bearer k"]


@pytest.mark.parametrize("answering", ["another name", "another authority", "expired", "no TLS"], indirect=True)
def test_a_wrong_certificate_gets_nothing(
    envoy: StartEnvoy, engine: StubEngine, answering: Upstream, folder: Path
) -> None:
    with envoy(providers=(provider(folder, answering.port),), connect_timeout_s=0.5) as process:
        reply = post(process.port, "/openai/v1/models", b"{}", "authorization: Bearer k", host="evil.example")
        assert (reply.status, reply.reason) == (503, "provider_unreachable")
        assert reply.json["error"]["code"] == "provider_unreachable"
        assert b"Bearer" not in answering.received
        assert not answering.requests
