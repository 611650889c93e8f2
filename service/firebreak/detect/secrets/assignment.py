"""Credentials told only by the name they are given: `password = ...`, `"api_key": "..."`. The least sure of all."""

import re

from firebreak.detect.rule import PatternRule
from firebreak.detect.secrets.form import letters
from firebreak.detect.secrets.placeholder import is_key, is_passphrase, is_password
from firebreak.model.finding import FindingKind, Severity

_SUFFIX = r"(?:[_-]?(?:\d{1,2}|prod(?:uction)?|dev|test|staging|live|value|text|plain|new|old|confirm(?:ation)?))?"
_CELL = r">|\s{1,12}\||\t|(?:\s{0,3}</?[\w \"'=:;.#%-]{1,40}>){1,2}"
"""To the next cell of a table, or into an element: blanks and a bar, a tab, tags."""
_SIGN = rf"(?:[\s\"'`\]\\]{{0,12}}[:=\[]|{_CELL}|\s(?:is|ist|est|es)\s)"
"""From the name to the first sign behind it, quotes and brackets between. Few names have one: part of the trigger."""
_WIDE = rf"(?:[\s\"'`\]\\]{{0,12}}(?:[:=\[]|：)|{_CELL})"
_IS = r"[=>]{0,2}\s{0,9}"
_TYPED = r"(?:\d{0,4}\]\s{0,9}=|[=>]{1,2}|\s?&?'?[A-Za-z][\w<>|.\[\] ]{0,30}=)?\s{0,9}"
"""The rest of the sign: `:=`, `=>`, `: String =`, `[32] =`."""
_PREFIX = r"(?:[bru@$]{1,2})?"
"""Of a string: `b"..."`, `@"..."`."""
_WORDS = (
    r"(?:password|passwd|passphrase|passwort|kennwort|mot[ _]de[ _]passe|contrase(?:ñ|n)a|senha|пароль|密码|密碼"
    r"|pass_?word|\bpwd|_pwd|(?-i:[a-z]Pwd)|_pass|\bpass|\bpw|psk\b)"
)
_KEYS = (
    r"(?:api[ _.-]?key|apikey|(?:secret|private|access|signing|encryption|master|account|license|licence|session|auth"
    r"|hmac|aes|storage|shared|deploy|admin|service|subscription|webhook|functions?)[ _.-]?key(?:_base)?|app[_-]?key"
    r"|(?:client|app|api|consumer|oauth|jwt|webhook|shared|auth|totp|session|signing)[ _.-]?secret|secret"
    r"|(?:auth|access|refresh|api|bearer|session|id|personal|bot|deploy|private|github|gitlab|gh|slack|npm|pypi|vault"
    r"|admin|user|service|webhook|jwt|oauth|sentry|discord|telegram|login|device)[ _.-]?token"
    r"|(?:algolia|anthropic|cohere|datadog|firebase|gemini|groq|mailgun|mistral|openai|sendgrid|stripe|twilio)"
    r"[ _.-]?key"
    r"|\btoken|_token|credentials?|passcode)"
)
_KEY = re.compile(rb"[A-Za-z0-9_+/=.~-]{10}")
_KEY_BY = 160  # bytes from the sign to the end of so many characters; a type may stand between


def _before_key(data: bytes, end: int) -> bool:
    """Whether the value of a key may stand behind the sign that ends here."""
    return _KEY.search(data, end, end + _KEY_BY) is not None


RULES = (
    PatternRule(
        id="password-quoted",
        kind=FindingKind.SECRET,
        severity=Severity.HIGH,
        score=0.6,
        pattern=rf"{_WORDS}{_SUFFIX}{_WIDE}{_TYPED}{_PREFIX}\\{{0,3}}[\"'`]([^\"'`\n\\]{{6,128}})\\{{0,3}}[\"'`]",
        description="Quoted value given to something called a password",
        matches=(
            'password = "S3cret-pw"',
            '{\\"password\\": \\"S3cret-pw\\"}',
            "Passwort: 'correct horse battery staple'",
            'val password: String = "S3cret-pw"',
            'char wifi_password[32] = "S3cret-pw";',
            "db_password_prod = b'hunter-22'",
        ),
        ignores=(
            'password = "your-password"',
            '"password": "Password is required for all users"',
            'password = "********"',
            'password: "string"',
            'password = "change-me-1"',
            'password: "Password:"',
            'password = "{password}-1"',
            'password: "op://vault/db/password1"',
            'password = "DB_PASSWORD_2"',
        ),
        group=1,
        ignore_case=True,
        trigger=_WORDS + _SUFFIX + _WIDE,
        check=is_passphrase,
        general=True,
    ),
    PatternRule(
        id="password-plain",
        kind=FindingKind.SECRET,
        severity=Severity.HIGH,
        score=0.55,
        pattern=rf"{_WORDS}{_SUFFIX}{_WIDE}{_IS}([^\s\"'`\\&;,]{{6,128}})",
        description="Bare value given to something called a password",
        matches=(
            "password: hunter22",
            "DB_PASSWORD=p4ss-Word!",
            "Контакт, пароль: hunter22",
            "密码：hunter22",
            "?user=a&password=hunter22&x=1",
        ),
        ignores=(
            "the password we used last week was different",
            "password: str",
            "--- PASS: TestParse2 (0.00s)",
            "PASS: tests/unit/test_x1.py",
            "pass: test_login_2",
            "pass: 12/13_done",
            "password=request.form2",
            "password=${DB_PASSWORD_1}",
            "password=get_password(user1)",
            "password=process.env.PW1",
            "password=%(password1)s",
            "password: db_password_v2",
            "password=!vault|1",
        ),
        group=1,
        ignore_case=True,
        trigger=_WORDS + _SUFFIX + _WIDE,
        check=is_password,
        general=True,
    ),
    PatternRule(
        id="password-said",
        kind=FindingKind.SECRET,
        severity=Severity.HIGH,
        score=0.5,
        pattern=(
            r"(?:password|passwd|\bpwd|passwort|passphrase|\bpin|contraseña|mot de passe)"
            r"(?: (?:for|to|of|für) [^\n.:]{1,40})? (?:is|ist|es|est|was)(?: now)?:? [\"'`]?([^\s\"'`]{6,64})"
        ),
        description="Password told in a sentence",
        matches=("my password is hunter22!", "the password for the db is Tr0ub4dor&3"),
        ignores=("the password is required", "the password is incorrect.", "password is at least 8"),
        group=1,
        ignore_case=True,
        trigger=r"(?:password|passwd|\bpwd|passwort|passphrase|\bpin|contraseña|mot de passe)",
        check=is_password,
        general=True,
        derived=False,
    ),
    PatternRule(
        id="key-assignment",
        kind=FindingKind.SECRET,
        severity=Severity.HIGH,
        score=0.6,
        pattern=rf"{_KEYS}{_SUFFIX}{_SIGN}{_TYPED}(?:{_PREFIX}\\{{0,3}}[\"'`])?((?-i:[A-Za-z0-9_+/=.~-]{{10,512}}))",
        description="Machine-made value given to something called a key, a token or a secret",
        matches=(
            "api_key = 'abcdef1234567890'",
            '{"api_key": "abc123def456"}',
            "CLIENT_SECRET=" + letters(32),
            "const githubToken: string = '" + letters(24) + "'",
        ),
        ignores=(
            "api_key=YOUR_API_KEY_123",
            "token = tokenizer.encode2",
            "api_key: str",
            "secretKey: Uint8Array",
            "secret: <your-secret-123>",
            "token: xxxxxxxxxxxxxxxx1",
            "apikey: a2a-secret-key-1",
            "token = accessTokenV2",
            "api_key: 1234567890abcdef",
            "secret: vault:secret/data/db#key1",
        ),
        group=1,
        ignore_case=True,
        trigger=_KEYS + _SUFFIX + _SIGN,
        check=is_key,
        near=_before_key,
        general=True,
    ),
)
