"""Amazon Web Services: key ids by their prefix, secret keys and session tokens by the name they are given."""

from base64 import b32decode

from firebreak.detect.rule import LEFT
from firebreak.detect.secrets.form import hexes, letters, named, token, varied
from firebreak.model.finding import Severity

_BASE32 = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")


def names_account(key_id: str) -> bool:
    """Whether the id is base32 and opens with the number of an account: 40 bits behind the first, 12 digits at most."""
    if not _BASE32.issuperset(key_id[4:]):
        return False
    front = int.from_bytes(b32decode(key_id[4:])[:6], "big")
    return front >> 7 & (1 << 40) - 1 < 10**12


_ID = letters(48).upper().replace("0", "2").replace("1", "2").replace("8", "7").replace("9", "7")[:16]

RULES = (
    token(
        "aws-access-key-id",
        r"(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b",
        "Id of an AWS access key, lasting or temporary",
        ("AKIA" + _ID, '"ASIA' + _ID + '"'),
        ("AKIA" + _ID + "QQ", "XAKIA" + _ID, "AKIAlowercaseletters", "AKIA" + "Q" * 16),
        severity=Severity.HIGH,
        score=0.9,
        check=varied,
        sure=names_account,
    ),
    named(
        "aws-secret-access-key",
        r"aws_?(?:secret|sec)|secret_?access_?key|secretkey",
        r"[A-Za-z0-9/+]{40}",
        "AWS secret access key beside its name",
        ("aws_secret_access_key = " + letters(40), '"SecretAccessKey": "' + letters(39) + '/"'),
        ("aws_secret_access_key = ${AWS_SECRET}", "secret_access_key: " + letters(12)),
        score=0.95,
    ),
    named(
        "aws-session-token",
        r"aws_?session_?token|sessiontoken|x-amz-security-token",
        r"[A-Za-z0-9/+]{100,}={0,2}",
        "AWS session token beside its name",
        ("AWS_SESSION_TOKEN=" + letters(200),),
        ("AWS_SESSION_TOKEN=" + letters(20),),
    ),
    token(
        "aws-bedrock-api-key",
        r"(?:ABSK[A-Za-z0-9+/]{100,}={0,2}|bedrock-api-key-[A-Za-z0-9+/=]{40,})",
        "Key of Amazon Bedrock",
        ("ABSK" + letters(128), "bedrock-api-key-" + letters(80)),
        ("ABSK" + letters(30), "bedrock-api-key-name"),
        trigger=LEFT + r"(?:ABSK[A-Za-z0-9+/]{100}|bedrock-api-key-[A-Za-z0-9+/=]{40})",
    ),
    token(
        "aws-mws-key",
        r"amzn\.mws\.[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
        "Key of Amazon Marketplace Web Service",
        ("amzn.mws." + "-".join(hexes(n) for n in (8, 4, 4, 4, 12)),),
        ("amzn.mws.example",),
    ),
)
