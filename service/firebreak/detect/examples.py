"""Values that vendors and standards print in their documentation: nobody's secret, but worth a line in the record.

They are spelled in pieces, so that a scanner of this source does not take them for leaks.
"""

import hashlib
import hmac
import re

from firebreak.detect.encoded import decoded

DOCUMENTED = frozenset(
    {
        "wJalrXUtnFEMI/K7MDENG/" + "bPxRfiCYEXAMPLEKEY",
        "je7MtGbClwBF/2Zp9Utk/" + "h3yCo8nvbEXAMPLEKEY",
        "078-05-" + "1120",
        "219-09-" + "9999",
        # RFC 6749 and RFC 6750, the tokens of the OAuth examples
        "2YotnFZFEjr1zCsicM" + "WpAA",
        "tGzv3JOkF0XG5Qx2" + "TlKWIA",
        "czZCaGRSa3F0Mzpn" + "WDFmQmF0M2JW",
        "mF_9.B5f" + "-4.1JqM",
        # RFC 7617, Basic authentication
        "QWxhZGRpbjpvcGVuIHNl" + "c2FtZQ==",
        # Azurite and the storage emulator, the same key everywhere
        "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/" + "K1SZFPTOtr/KBHBeksoGMGw==",
    }
)
"""By the value itself."""

_AWS_EXAMPLE = re.compile(r"(?:AKIA|ASIA|AIDA|AROA)[A-Z0-9]{9,13}EXAMPLE")
"""How Amazon's documentation writes the id of a key."""
_KEYS = (b"your-256-bit-secret", b"a-string-secret-at-least-256-bits-long")
"""With which jwt.io signs the tokens of its front page, by HMAC and SHA-256."""

_JOHN_DOE = "eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwi"
_CLAIMS = frozenset({_JOHN_DOE + "aWF0IjoxNTE2MjM5MDIyfQ", _JOHN_DOE + "YWRtaW4iOnRydWUsImlhdCI6MTUxNjIzOTAyMn0"})
"""What its tokens of other algorithms say: all of it, not only the name."""

DOCUMENTED_SCORE = 0.3
"""Score of a hit on one of them; its severity is LOW."""


def is_documented(text: str) -> bool:
    """Whether documentation shows this value, or the token is one of the examples that everybody starts from."""
    if text in DOCUMENTED or _AWS_EXAMPLE.fullmatch(text):
        return True
    return text.startswith("eyJ") and text.count(".") == 2 and _is_of_jwt_io(text)


def _is_of_jwt_io(token: str) -> bool:
    said, _, signature = token.rpartition(".")
    given, signed = decoded(signature), said.encode("utf-8", "replace")
    return said.partition(".")[2] in _CLAIMS or any(
        hmac.compare_digest(hmac.digest(key, signed, hashlib.sha256), given) for key in _KEYS
    )
