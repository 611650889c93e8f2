import ssl

import pytest
from cryptography import x509

from firebreak.adapters import certificates
from firebreak.adapters.certificates import Pair, begins_s, distrust, ends_s, joined, make, problem, split
from firebreak.model.errors import BadConfig

NAME = "injector.firebreak.svc"
NOW_S = 1_790_000_000.0
DAY_S = 86_400.0
PAIR, AUTHORITY = make(NAME, NOW_S, 90 * DAY_S)
OTHER, OTHER_AUTHORITY = make(NAME, NOW_S, 90 * DAY_S)


def test_a_certificate_is_for_one_server_and_its_authority_for_one_certificate() -> None:
    certificate, authority = x509.load_pem_x509_certificate(PAIR.certificate), x509.load_pem_x509_certificate(AUTHORITY)
    constraints = authority.extensions.get_extension_for_class(x509.BasicConstraints).value
    assert (constraints.ca, constraints.path_length) == (True, 0)
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == [NAME]
    assert certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value[0].dotted_string.endswith("3.1")
    assert certificate.issuer == authority.subject
    assert (begins_s(PAIR.certificate), ends_s(PAIR.certificate)) == (NOW_S, NOW_S + 90 * DAY_S)


def test_python_trusts_it_by_its_authority() -> None:
    context = ssl.create_default_context(cadata=AUTHORITY.decode())
    assert len(context.get_ca_certs()) == 1


@pytest.mark.parametrize(
    ("pair", "name", "now_s", "words"),
    [
        (PAIR, NAME, NOW_S, ""),
        (PAIR, "", NOW_S, ""),
        (PAIR, NAME, NOW_S - 1800, ""),
        (PAIR, NAME, NOW_S - 7200, "not valid now"),
        (PAIR, NAME, NOW_S + 90 * DAY_S, "not valid now"),
        (PAIR, "other.firebreak.svc", NOW_S, "not for other.firebreak.svc"),
        (Pair(PAIR.certificate, OTHER.key), NAME, NOW_S, "the key is not the certificate's"),
        (Pair(b"", b""), NAME, NOW_S, "cannot be read"),
        (
            Pair(b"-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----", PAIR.key),
            NAME,
            NOW_S,
            "cannot be read",
        ),
        (Pair(PAIR.certificate, b"no key"), NAME, NOW_S, "cannot be read"),
        (Pair(PAIR.key, PAIR.certificate), NAME, NOW_S, "cannot be read"),
        (Pair(AUTHORITY, PAIR.key), NAME, NOW_S, "the key is not"),
    ],
)
def test_what_is_wrong_with_a_certificate_is_said(pair, name, now_s, words) -> None:
    found = problem(pair, name, now_s)
    assert words in found
    assert bool(words) == bool(found)


def test_a_certificate_without_names_is_for_nobody() -> None:
    assert certificates._names(x509.load_pem_x509_certificate(AUTHORITY)) == []


def test_a_bundle_must_hold_the_authority() -> None:
    assert distrust(PAIR, OTHER_AUTHORITY + AUTHORITY) == ""
    for bundle in (b"", OTHER_AUTHORITY, b"-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----"):
        assert "has signed" in distrust(PAIR, bundle)


def test_a_bundle_has_each_living_authority_once_and_not_too_many() -> None:
    old = make(NAME, NOW_S - 100 * DAY_S, 90 * DAY_S)[1]
    broken = b"-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----"
    assert joined([AUTHORITY, old + OTHER_AUTHORITY + broken, AUTHORITY], NOW_S) == AUTHORITY + OTHER_AUTHORITY
    many = [make(NAME, NOW_S, DAY_S)[1] for _ in range(certificates.MAX_BUNDLE + 1)]
    assert split(joined(many, NOW_S)) == many[:-1]


def test_what_is_no_certificate_is_named_so() -> None:
    with pytest.raises(BadConfig):
        ends_s(b"nothing")


def test_without_the_extra_it_says_what_to_install(monkeypatch) -> None:
    def gone(name):
        raise ImportError(name)

    monkeypatch.setattr(certificates, "import_module", gone)
    with pytest.raises(BadConfig) as error:
        make(NAME, NOW_S, DAY_S)
    assert "firebreak[kubernetes]" in error.value.mend
