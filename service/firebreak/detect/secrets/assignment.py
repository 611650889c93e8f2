"""Credentials told only by the name they are given: `password = ...`, `"api_key": "..."`. The least sure of all."""

from firebreak.detect.rule import PatternRule
from firebreak.detect.secrets.form import letters
from firebreak.detect.secrets.placeholder import is_key, is_passphrase, is_password
from firebreak.model.finding import FindingKind, Severity

_SIGN = r"\s{0,3}(?::=|=>|={1,3}|:)\s{0,3}"
_CLOSE = r"(?:\\{0,3}[\"'`\]]){0,2}"
_WORDS = (
    r"(?:password|passwd|passphrase|passwort|kennwort|mot[ _]de[ _]passe|contrase(?:ñ|n)a|senha|пароль|密码|密碼"
    r"|pass_?word|\bpwd|_pwd|_pass|\bpass|\bpw)"
)
_KEYS = (
    r"(?:api[ _.-]?key|apikey|(?:secret|private|access|signing|encryption|master|account|license"
    r"|session)[ _.-]?key|app[_-]?key"
    r"|(?:client|app|api|consumer|oauth|jwt|webhook|shared)[ _.-]?secret|secret|(?:auth|access"
    r"|refresh|api|bearer|session|id|personal"
    r"|bot|deploy|private)[ _.-]?token|\btoken|_token|credentials?)"
)

RULES = (
    PatternRule(
        id="password-quoted",
        kind=FindingKind.SECRET,
        severity=Severity.HIGH,
        score=0.6,
        pattern=rf"{_WORDS}{_CLOSE}{_SIGN}\\{{0,3}}[\"'`]([^\"'`\n\\]{{6,128}})\\{{0,3}}[\"'`]",
        description="Quoted value given to something called a password",
        matches=(
            'password = "S3cret-pw"',
            '{\\"password\\": \\"S3cret-pw\\"}',
            "Passwort: 'correct horse battery staple'",
        ),
        ignores=(
            'password = "your-password"',
            '"password": "Password is required for all users"',
            'password = "********"',
            'password: "string"',
        ),
        group=1,
        ignore_case=True,
        trigger=_WORDS,
        check=is_passphrase,
        general=True,
    ),
    PatternRule(
        id="password-plain",
        kind=FindingKind.SECRET,
        severity=Severity.HIGH,
        score=0.55,
        pattern=rf"{_WORDS}{_CLOSE}{_SIGN}([^\s\"'`\\&;,]{{6,128}})",
        description="Bare value given to something called a password",
        matches=(
            "password: hunter22",
            "DB_PASSWORD=p4ss-Word!",
            "Контакт, пароль: hunter22",
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
        ),
        group=1,
        ignore_case=True,
        trigger=_WORDS,
        check=is_password,
        general=True,
    ),
    PatternRule(
        id="password-said",
        kind=FindingKind.SECRET,
        severity=Severity.HIGH,
        score=0.5,
        pattern=(
            r"(?:password|passwort|passphrase|\bpin|contraseña|mot de passe)(?: (?:for|to|of|für) [^\n.:]{1,40})? "
            r"(?:is|ist|es|est|was)(?: now)?:? [\"'`]?([^\s\"'`]{6,64})"
        ),
        description="Password told in a sentence",
        matches=("my password is hunter22!", "the password for the db is Tr0ub4dor&3"),
        ignores=("the password is required", "the password is incorrect.", "password is at least 8"),
        group=1,
        ignore_case=True,
        trigger=r"(?:password|passwort|passphrase|\bpin|contraseña|mot de passe)",
        check=is_password,
        general=True,
        derived=False,
    ),
    PatternRule(
        id="key-assignment",
        kind=FindingKind.SECRET,
        severity=Severity.HIGH,
        score=0.6,
        pattern=rf"{_KEYS}{_CLOSE}{_SIGN}(?:\\{{0,3}}[\"'`])?([A-Za-z0-9_+/=.~-]{{10,512}})",
        description="Machine-made value given to something called a key, a token or a secret",
        matches=("api_key = 'abcdef1234567890'", '{"api_key": "abc123def456"}', "CLIENT_SECRET=" + letters(32)),
        ignores=(
            "api_key=YOUR_API_KEY_123",
            "token = tokenizer.encode2",
            "api_key: str",
            "secretKey: Uint8Array",
            "secret: <your-secret-123>",
            "token: xxxxxxxxxxxxxxxx1",
        ),
        group=1,
        ignore_case=True,
        trigger=_KEYS,
        check=is_key,
        general=True,
    ),
)
