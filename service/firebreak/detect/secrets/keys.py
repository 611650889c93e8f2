"""Private keys: PEM of every kind and PGP, with their bodies, whole or cut short; PuTTY files."""

from firebreak.detect.rule import PatternRule
from firebreak.detect.secrets.form import letters
from firebreak.model.finding import FindingKind, Severity

_BREAK = r"(?:\s|\\{1,4}[nr])"
_HEADER = rf"(?:{_BREAK}*(?:Proc-Type|DEK-Info|Version|Comment|Hash): ?[^\n\\]{{0,100}})*"
_BODY = rf"(?:{_BREAK}*=?[A-Za-z0-9+/]{{12,}}={{0,2}})*(?:{_BREAK}*[A-Za-z0-9+/=]{{1,12}})?"
_NAME = r"[A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----"
_MARK = r"-----BEGIN (?:[A-Z0-9]{1,12} ){0,2}PRIVATE KEY(?: BLOCK)?-----"
_BEGIN, _END = "-----" + "BEGIN ", "-----" + "END "

RULES = (
    PatternRule(
        id="private-key",
        kind=FindingKind.SECRET,
        severity=Severity.CRITICAL,
        score=0.95,
        pattern=rf"{_MARK}{_HEADER}{_BREAK}*[A-Za-z0-9+/=]{{16}}{_BODY}(?:{_BREAK}*-----END {_NAME})?",
        description="Private key with its body (RSA, EC, DSA, OpenSSH, PKCS#8, PGP)",
        matches=(
            f"{_BEGIN}RSA PRIVATE KEY-----\n{letters(64)}\n{letters(20)}==\n{_END}RSA PRIVATE KEY-----",
            f"{_BEGIN}OPENSSH PRIVATE KEY-----\\n{letters(64)}\\n",
            f"{_BEGIN}PGP PRIVATE KEY BLOCK-----\nVersion: GnuPG v2\n\n{letters(64)}",
        ),
        ignores=(
            f"{_BEGIN}PUBLIC KEY-----\n{letters(64)}",
            f"{_BEGIN}CERTIFICATE-----",
            f"{_BEGIN}PRIVATE KEY-----\n...",
        ),
        trigger=r"-----BEGIN (?:[A-Z0-9]{1,12} ){0,2}PRIVATE KEY",
    ),
    PatternRule(
        id="private-key-heading",
        kind=FindingKind.SECRET,
        severity=Severity.HIGH,
        score=0.45,
        pattern=rf"{_MARK}{_BODY}",
        description="First line of a private key, which may be in another text",
        matches=(f"{_BEGIN}RSA PRIVATE KEY-----", f"{_BEGIN}PRIVATE KEY-----\nMIIE..."),
        ignores=(f"{_BEGIN}PUBLIC KEY-----", f"{_END}PRIVATE KEY-----"),
        trigger=r"-----BEGIN (?:[A-Z0-9]{1,12} ){0,2}PRIVATE KEY",
        general=True,
    ),
    PatternRule(
        id="encoded-private-key",
        kind=FindingKind.SECRET,
        severity=Severity.CRITICAL,
        score=0.95,
        pattern=r"LS0tLS1CRUdJTi[A-Za-z0-9+/]{3,24}(?:UFJJVkFURSBLRV|QUklWQVRFIEtFW|BSSVZBVEUgS0VZ)[A-Za-z0-9+/]{40,}={0,2}",
        description="Private key in base64, as in a kubeconfig or a Secret",
        matches=("client-key-data: LS0tLS1CRUdJTiBSU0EgUFJJVkFURSBLRVktLS0tLQpNSUlF" + letters(60),),
        ignores=("client-certificate-data: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0t" + letters(60),),
        trigger=r"LS0tLS1CRUdJTi",
    ),
    PatternRule(
        id="putty-private-key",
        kind=FindingKind.SECRET,
        severity=Severity.CRITICAL,
        score=0.95,
        pattern=rf"PuTTY-User-Key-File-[23]: [a-z0-9-]{{3,30}}(?s:.{{0,600}})Private-Lines: \d+{_BODY}",
        description="PuTTY private key file",
        matches=("PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nPrivate-Lines: 1\n" + letters(48),),
        ignores=("PuTTY-User-Key-File-3: ssh-ed25519",),
        trigger="PuTTY-User-Key-File-",
    ),
)
