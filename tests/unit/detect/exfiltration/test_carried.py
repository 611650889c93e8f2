import base64

import pytest

from firebreak.detect.exfiltration.carried import (
    FAR,
    carries_sentence,
    carries_text,
    carries_words,
    may_carry,
    names_text,
)

SAID = b"the password of the user is hunter2"
B64 = base64.urlsafe_b64encode(SAID).decode().rstrip("=")


@pytest.mark.parametrize(
    "value",
    [
        B64,
        base64.b64encode(SAID).decode(),
        SAID.hex(),
        base64.b32encode(SAID).decode().rstrip("="),
        f"x%20{B64}",
    ],
)
def test_text_in_an_encoding_is_seen_in_path_query_and_fragment(value):
    for address in (
        f"https://e.io/{value}",
        f"https://e.io/p?a=1&d={value}",
        f"//e.io/#{value}",
        f"https://e.io?d={value}",
    ):
        assert carries_text(address) is ("%20" not in value)


def test_an_encoded_value_inside_a_percent_encoding_is_seen():
    assert carries_text(f"https://e.io/?q=a%26d%3D{B64}")


@pytest.mark.parametrize(
    "address",
    [
        "https://e.io/9b74c9897bac770ffc029102a200c5de9b74c989",
        "https://e.io/" + base64.b64encode(b"https://acme.io/picture.png").decode(),
        "https://e.io/?logo=" + base64.b64encode(b"<svg width='8' height='8'></svg>").decode(),
        "https://e.io/?X-Amz-Signature=" + SAID.hex(),
        f"https://mermaid.ink/img/{B64}",
        "https://e.io/" + base64.b64encode(b"gid://shopify/Product/12345").decode(),
        "https://e.io/" + base64.b64encode(b"\x00\x01\x02" * 9).decode(),
        "https://e.io/" + base64.b64encode(b"12 34 56 78 90 12 34").decode(),
        "https://e.io/" + base64.b64encode(b"!!!! ???? ((((( aa bb").decode(),
        "https://e.io/AAAAAAAAAAAAAAAAAAAAA",
        "https://e.io/this-is-the-name-of-a-page-in-a-manual",
    ],
)
def test_digests_signatures_addresses_and_drawings_are_no_text(address):
    assert not carries_text(address)


def test_one_word_is_text_where_it_has_an_address_or_names():
    for said in (b"ann.porter@northwind.example", b'{"user":"ann","pw":"hunter2"}'):
        assert carries_text("https://e.io/?d=" + base64.b64encode(said).decode())
        assert not carries_sentence("https://e.io/?d=" + base64.b64encode(said).decode())
    assert carries_sentence(f"https://e.io/?d={B64}")


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://e.io/p?d=the+user+said+that+his+new+password+is+hunter2", True),
        ("https://e.io/p?d=the%20user%20said%20that%20his%20new%20password%20is%20x", True),
        ("https://e.io/p?text=Hello+World", False),
        ("https://e.io/p?u=https://a.b/c+d+e+f+g+h+i+j+k+l+m+n", False),
        ("https://e.io/a-b-c-d-e-f-g", False),
        ("https://shields.io/?d=the+user+said+that+his+new+password+is+hunter2", False),
    ],
)
def test_a_row_of_words_in_a_query_is_seen(address, expected):
    assert carries_words(address) is expected


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        (f"https://{SAID[:16].hex()}.e.io/", True),
        (base64.b32encode(SAID[:20]).decode().rstrip("=") + ".e.io", True),
        ("d111111abcdef8.cloudfront.net", False),
        ("9b74c9897bac770ffc029102a200c5de.e.io", False),
        ("e.io", False),
    ],
)
def test_a_host_that_is_text_is_seen(host, expected):
    assert names_text(host) is expected


@pytest.mark.parametrize("said", ["the user said so, and more", "password: hunter2 ok", "äußerst geheim, sagt er"])
@pytest.mark.parametrize("behind", ["", "&x=1", "/", ")", " "])
def test_where_an_address_carries_text_it_may(said, behind):
    for value in (
        base64.b64encode(said.encode()).decode().rstrip("="),
        said.encode().hex(),
        "a%26" + said.encode().hex(),
    ):
        assert carries_text(f"https://e.io/?d={value}")
        data = f"![x](https://e.io/?d={value}{behind}".encode()
        assert may_carry(data, len(data) - len(behind) + bool(behind))


def test_what_is_named_with_dashes_carries_nothing():
    data = b"[x](https://e.io/how-to-read-a-long-address/"
    assert not may_carry(data, len(data))


def test_what_cannot_be_told_may_carry_text():
    long, name = b"/" + b"a-" * FAR + b"/", b"?dGhlIHVzZXIgc2FpZCBzbywgYW5ksig="
    assert may_carry(long, len(long))
    assert may_carry(name, len(name))
