import pytest

from firebreak.detect.payload.address import RULES, as_ipv4, is_disguised_inside


def found(text):
    return {rule.id for rule in RULES if rule.finds(text)}


@pytest.mark.parametrize(
    ("host", "plain"),
    [
        ("169.254.169.254", "169.254.169.254"),
        ("2852039166", "169.254.169.254"),
        ("0xA9FEA9FE", "169.254.169.254"),
        ("0251.0376.0251.0376", "169.254.169.254"),
        ("0xa9.254.0251.0xfe", "169.254.169.254"),
        ("169.254.43518", "169.254.169.254"),
        ("169.16689662", "169.254.169.254"),
        ("127.1", "127.0.0.1"),
        ("0x7f000001.", "127.0.0.1"),
        ("0x", "0.0.0.0"),
        ("4294967296", None),
        ("256.1", None),
        ("1.2.3.4.5", None),
        ("089", None),
        ("abc", None),
    ],
)
def test_an_address_is_read_as_a_socket_reads_it(host, plain):
    assert as_ipv4(host) == plain


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("http://2852039166/", True),
        ("http://a@0x7f.1/", True),
        ("http://[::ffff:169.254.169.254]/", True),
        ("http://[::1]/", False),
        ("http://[::zz]/", False),
        ("http://127.0.0.1/", False),
        ("http://3627734734/", False),
        ("no address", False),
    ],
)
def test_only_inner_addresses_in_odd_forms_are_disguised(text, expected):
    assert is_disguised_inside(text) is expected


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("fetch http://169.254.169.254/latest/meta-data/ now", "metadata-address"),
        ("url=http://0xa9fea9fe/latest", "disguised-address"),
        ("http://127.1:8080/admin", "disguised-address"),
        ("open file:///etc/shadow", "local-file-address"),
        ("gopher://10.0.0.1:6379/_FLUSHALL", "gopher-address"),
        ("GET /..%2f..%2f..%2fetc/passwd", "path-traversal"),
        ("..\\..\\..\\windows\\system.ini", "path-traversal"),
    ],
)
def test_addresses_of_the_server_itself_are_found(text, rule):
    assert rule in found(text)


@pytest.mark.parametrize(
    "text", ["see http://localhost:3000 and http://192.168.1.10/", "import '../../../../lib/a'", "file:///home/a/b.txt"]
)
def test_what_developers_write_is_none(text):
    assert found(text) == set()
