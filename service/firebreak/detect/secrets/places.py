"""Credentials told by the form of the file or command they stand in: flags, headers, cookies, SQL, XML, login files."""

from collections.abc import Callable

from firebreak.detect.rule import PatternRule
from firebreak.detect.secrets.form import hexes, letters
from firebreak.detect.secrets.placeholder import (
    is_framework_key,
    is_hash,
    is_key,
    is_login_password,
    is_passphrase,
    is_password,
)
from firebreak.detect.secrets.structure import is_basic
from firebreak.model.finding import FindingKind, Severity

_Q = r"\\{0,3}[\"'`]"
_NO_Q = r"[^\s\"'`\\]"
_LONGEST_FLAG = 128  # bytes; `ſ` and `K` are letters of a-z in another case, and longer


def _place(  # noqa: PLR0913 -- a rule has that many facts
    rule: str,
    pattern: str,
    description: str,
    matches: tuple[str, ...],
    ignores: tuple[str, ...],
    *,
    trigger: str,
    check: Callable[[str], bool],
    near: Callable[[bytes, int], bool] | None = None,
    score: float = 0.8,
    severity: Severity = Severity.HIGH,
) -> PatternRule:
    return PatternRule(
        id=rule,
        kind=FindingKind.SECRET,
        severity=severity,
        score=score,
        pattern=pattern,
        description=description,
        matches=matches,
        ignores=ignores,
        group=1,
        ignore_case=True,
        trigger=trigger,
        check=check,
        near=near,
        general=True,
    )


def _in_flag(data: bytes, end: int) -> bool:
    """Whether the name that ends here may be a flag's."""
    return data.rfind(b"--", max(end - _LONGEST_FLAG, 0), end) >= 0


RULES = (
    _place(
        "flag-password",
        (
            rf"(?:^|[\s\[,\"'])--?[a-z-]{{0,24}}(?:password|passwd|passphrase|pass|pw)"
            rf"(?:[ =]|{_Q},? {{0,2}}{_Q}) {{0,2}}(?:{_Q})?([^\s\"'`\\]{{5,128}})"
        ),
        "Password given to a command as a flag",
        (
            "mysqldump --password S3cret-pw db",
            '["--db-password", "S3cret-pw"]',
            "keytool -storepass hunter22",
            "tool --dbpass hunter22",
        ),
        ("tool --password PASSWORD", "tool --password $PW1", "--password <value>", "--password-file /run/secret1"),
        trigger=r"-[a-z-]*(?:password|passwd|passphrase|pass|pw)[ =\"'`\\]",
        check=is_password,
    ),
    _place(
        "flag-key",
        (
            rf"--[a-z-]{{0,24}}(?:token|api-?key|secret|access-?key|secret-?key)"
            rf"(?:[ =]|{_Q},? {{0,2}}{_Q}) {{0,2}}(?:{_Q})?((?-i:[A-Za-z0-9_+/=.~-]{{12,512}}))"
        ),
        "Key or token given to a command as a flag",
        ("vault login --token " + letters(24), '"--api-key", "' + letters(32), "`--token`, `x9Kp2mQ7vBt4WcR`"),
        ("tool --token TOKEN_VALUE_123", "--secret /run/secrets/db2", "--api-key=${API_KEY_1}"),
        trigger=r"(?:token|api-?key|secret|access-?key|secret-?key)[ =\"'`\\]",
        check=is_key,
        near=_in_flag,
        score=0.7,
    ),
    _place(
        "client-password",
        (
            rf"\b(?:sshpass|mysql|mysqldump|mysqladmin|mariadb)\b[^\n|;]{{0,200}}? -p(?:{_Q}| "
            rf"(?:{_Q})?)?([^\s\"'`\\-][^\s\"'`\\]{{3,127}})"
        ),
        "Password on the command line of a database client or of sshpass",
        ("mysql -u root -pS3cret-pw shop", "mysql.exe -u root -pS3cret-pw", "sshpass -p 'hunter22' ssh a@b"),
        ("mysql -u root -p shop", "mysql -p $PASS2", "mysqldump -p 3306"),
        trigger=r"(?:sshpass|mysql|mysqldump|mysqladmin|mariadb)\b[^\n|;]* -p",
        check=is_password,
    ),
    _place(
        "login-command-password",
        (
            rf"\b(?:docker|podman|buildah|skopeo|nerdctl|helm|oras|crane|az|cf|oc|npm|"
            rf"ibmcloud)\b[^\n|;]{{0,80}}? login\b[^\n|;]{{0,200}}? (?:-p|--password)[ =]"
            rf"(?:{_Q})?([^\s\"'`\\-][^\s\"'`\\]{{3,127}})"
        ),
        "Password in a login command",
        ("docker login -u acme -p S3cret-pw registry.acme.io", "az login --service-principal -u x -p hunter-22"),
        ("docker login -u acme --password-stdin", "docker login -p $DOCKER_PASSWORD1"),
        trigger=r" login\b[^\n]*(?:-p|--password)[ =]",
        check=is_password,
    ),
    _place(
        "directory-password",
        (
            rf"\b(?:ldap(?:search|modify|add|passwd|whoami)|redis-cli|smbclient|rpcclient)\b[^\n|;]{{0,200}}? "
            rf"(?:-w|-a|-U) (?:{_Q})?(?:\S{{1,40}}%)?([^\s\"'`\\-][^\s\"'`\\]{{3,127}})"
        ),
        "Password on the command line of a directory, Redis or Windows client",
        (
            "ldapsearch -x -D cn=admin -w S3cret-pw",
            "redis-cli -h cache -a p4ssw0rd1",
            "smbclient //h/s -U ann%S3cret-1",
        ),
        ("ldapsearch -x -W", "redis-cli -h cache ping"),
        trigger=r"(?:ldap(?:search|modify|add|passwd|whoami)|redis-cli|smbclient|rpcclient)\b[^\n|;]* (?:-w|-a|-U) ",
        check=is_password,
    ),
    _place(
        "netrc-password",
        (
            r"\b(?:machine\s{1,3}\S{1,100}|default)\s{1,9}(?:login|"
            r"user)\s{1,3}\S{1,100}\s{1,9}password\s{1,3}([^\s\"'`]{4,128})"
        ),
        "Password in a .netrc file",
        ("machine git.acme.io login ann password S3cret-pw", "machine h\n  login a\n  password hunter22"),
        ("machine h login a password <password>",),
        trigger=r"\s(?:login|user)\s+\S+\s+password\s",
        check=is_login_password,
        score=0.85,
    ),
    _place(
        "pgpass-password",
        r"(?:^|[^a-z0-9_.-]|\\n)(?:\*|[a-z0-9.-]{1,100}):(?:\*|\d{2,5}):(?:\*|[\w-]{1,64}):[\w-]{1,64}:([^\s:\"'\\]{4,128})",
        "Password in a .pgpass file",
        ("db.acme.io:5432:shop:app:S3cret-pw", "x\n*:*:*:app:hunter22"),
        ("a:b:c:d:e", "10:12:30:45:99"),
        trigger=r":(?:\*|\d{2,5}):(?:\*|[\w-]+):[\w-]+:[^\s:]{4}",
        check=is_password,
    ),
    _place(
        "docker-config-auth",
        rf"{_Q}auth{_Q}\s{{0,3}}:\s{{0,3}}{_Q}((?-i:[A-Za-z0-9+/]{{8,400}}={{0,2}}))",
        "Name and password in a Docker configuration",
        ('{"auths": {"r.acme.io": {"auth": "YW5uOlMzY3JldC1wdw=="}}}',),
        ('"auth": "required"', '"auth": "dXNlcjpwYXNzd29yZA=="'),
        trigger=r"auth\\*[\"'`]\s*:\s*\\*[\"'`][A-Za-z0-9+/]{8}",
        check=is_basic,
        score=0.9,
    ),
    _place(
        "authorization-header",
        (
            rf"\bauthorization(?:{_Q})?\s{{0,2}}[:=,]\s{{0,2}}(?:{_Q})?(?:(?:token|apikey|api-key|key|aws|"
            rf"hmac|splunk|sso-key|klaviyo-api-key|genie-?key)\s{{1,2}})?((?-i:[A-Za-z0-9_+/=.~:-]{{16,512}}))"
        ),
        "Credential in an Authorization header of a scheme of its own",
        (
            "Authorization: token " + letters(40),
            "'authorization': '" + letters(32) + "'",
            "Authorization: GenieKey " + letters(36),
        ),
        ("Authorization: Bearer", "Authorization: your-token-goes-here-1", "authorization = request.headers.get_auth1"),
        trigger="authorization",
        check=is_key,
        score=0.75,
    ),
    _place(
        "session-cookie",
        (
            r"\bcookie(?:\\{0,3}[\"'])?\s{0,2}[:=]\s{0,2}(?:\\{0,3}[\"'])?(?:[^\n\"']{1,400}; ?)?"
            r"(?:[a-z_.-]{0,20}(?:sess(?:ion)?(?:[_-]?id)?|sid|auth|token|jwt|remember)"
            r"[a-z_.-]{0,20})=((?-i:[A-Za-z0-9%_+/.~-]{16,512}))"
        ),
        "Session in a cookie",
        ("Cookie: lang=de; sessionid=" + letters(32), "Set-Cookie: JSESSIONID=" + hexes(32).upper() + "; Path=/"),
        ("Set-Cookie: session=; Path=/", "Cookie: sid=<session id>"),
        trigger="cookie",
        check=is_key,
        score=0.7,
    ),
    _place(
        "sql-password",
        (
            r"(?:identified\s{1,3}(?:with\s{1,3}\w{1,40}\s{1,3})?by(?:\s{1,3}password)?|(?:user|"
            r"role|"
            r"login)\s[^\n;]{1,120}?\spassword)\s{1,3}\\{0,3}[\"']([^\"'`\n\\]{6,128})\\{0,3}[\"']"
        ),
        "Password in an SQL statement",
        ("CREATE USER app IDENTIFIED BY 'S3cret-pw'", "ALTER ROLE app WITH LOGIN PASSWORD 'hunter22';"),
        ("CREATE USER app IDENTIFIED BY '<password>'", "IDENTIFIED BY PASSWORD '?'"),
        trigger=r"identified\s+(?:with\s+\w+\s+)?by|\spassword\s+\\*[\"']",
        check=is_passphrase,
    ),
    _place(
        "xml-password",
        (
            r"<(?:[a-z]{1,20}:)?[a-z]{0,30}(?:password|passwd|passphrase|secret|apikey|api-key|"
            r"accesstoken)>([^<>\s]{6,256})</"
        ),
        "Password or secret in an element of XML",
        ("<password>S3cret-pw</password>", "<ns:clientSecret>" + letters(32) + "</ns:clientSecret>"),
        ("<password>${db.password1}</password>", "<password>password</password>", "<apikey>YOUR_KEY_1</apikey>"),
        trigger=r"(?:password|passwd|passphrase|secret|apikey|api-key|accesstoken)>[^<>\s]{6}",
        check=is_password,
        score=0.75,
    ),
    _place(
        "xml-attribute-password",
        (
            rf"<add\s[^<>]{{0,120}}key={_Q}[\w.:-]{{0,60}}(?:password|pwd|secret|apikey|token)"
            rf"[\w.:-]{{0,20}}{_Q}\s{{1,3}}value={_Q}([^\"'<>\s]{{6,256}}){_Q}"
        ),
        "Password or secret in an application setting of .NET",
        ('<add key="DbPassword" value="S3cret-pw" />', '<add key="Api:Secret" value="' + letters(24) + '"/>'),
        ('<add key="DbPassword" value="__PASSWORD1__" />', '<add key="PasswordLength" value="8" />'),
        trigger=r"<add\s[^<>]*key=",
        check=is_password,
        score=0.75,
    ),
    _place(
        "password-argument",
        (
            rf"[(\[]\s{{0,2}}{_Q}[\w.-]{{0,40}}(?:password|passwd|passphrase|pwd|secret|api_?key|"
            rf"auth_?token){_Q}\s{{0,2}}(?:,|\]\s{{0,2}}=)\s{{0,2}}{_Q}({_NO_Q}{{6,128}}){_Q}"
        ),
        "Password or secret beside its name in a call",
        (
            'props.put("db.password", "S3cret-pw");',
            "define('DB_PASSWORD', 'hunter-22');",
            'conf["api_key"] = "' + letters(24) + '"',
        ),
        (
            '["user", "password", "username2"]',
            'getattr(x, "password", "default_value1")',
            '("password", "Enter password 1:")',
        ),
        trigger=r"(?:password|passwd|passphrase|pwd|secret|api_?key|auth_?token)\\*[\"'`]\s*(?:,|\])",
        check=is_password,
        score=0.6,
    ),
    _place(
        "password-setter",
        (
            rf"(?:set_?(?:db_?)?(?:password|passwd|passphrase|secret|api_?key)|\.(?:password|"
            rf"withpassword))\(\s{{0,2}}(?:{_Q})({_NO_Q}{{6,128}}){_Q}"
        ),
        "Password or secret given to its setter",
        ('ds.setPassword("S3cret-pw");', 'user.set_password("hunter22")', 'builder.password("S3cret-pw")'),
        ('setPassword("<password>")', 'set_password("password")', 'setPassword("New password 2")'),
        trigger=r"(?:password|passwd|passphrase|secret|api_?key)\(\s*\\*[\"'`]",
        check=is_password,
        score=0.6,
    ),
    _place(
        "password-define",
        (
            rf"(?:#\s{{0,2}}define|\bENV|\bARG|\bsetx?|\bset-item env:)\s{{1,3}}\w{{0,40}}"
            rf"(?:PASSWORD|PASSWD|PASSPHRASE|_PASS|_PWD|_SECRET|API_KEY|_TOKEN)\w{{0,20}}\s{{1,4}}"
            rf"(?:{_Q})?([^\s\"'`\\]{{6,256}})"
        ),
        "Password or secret in a macro, a Dockerfile or a batch file",
        ('#define WIFI_PASSWORD "S3cret-pw"', "ENV DB_PASSWORD hunter22", "setx API_KEY " + letters(24)),
        ("#define MAX_PASSWORD 128", '#define PASSWORD_KEY "pass_key_1"', "ENV API_KEY ${API_KEY_2}"),
        trigger=r"(?:PASSWORD|PASSWD|PASSPHRASE|_PASS|_PWD|_SECRET|API_KEY|_TOKEN)\w*\s+\\*[\"'`]?[^\s\"'`\\]{6}",
        check=is_password,
        score=0.65,
    ),
    _place(
        "framework-secret-key",
        (
            rf"\b(?:secret_key(?:_base)?|session_secret|cookie_secret|app_secret|csrf_secret|auth_secret|"
            rf"nextauth_secret|app_key|signing_salt)(?:{_Q}|\])?\s{{0,3}}(?:=|:|=>)\s{{0,3}}[bru]?(?:{_Q})?("
            rf"(?:base64:)?[^\s\"'\\]{{16,256}})"
        ),
        "Secret that a web framework signs its sessions with",
        (
            "SECRET_KEY = 'x7#kq&2m!vbt4-w(cr8h$nsy3p=d6gjf5+0z*9a@l1e^o'",
            "APP_KEY=base64:" + letters(43) + "=",
            "secret_key_base: " + hexes(128),
        ),
        (
            "SECRET_KEY = os.environ['SECRET_KEY_1']",
            "SECRET_KEY=change-me-please-now-1",
            "secret_key: str = Field(min_length=1)",
        ),
        trigger=r"(?:secret_key|_secret|app_key|signing_salt)",
        check=is_framework_key,
        score=0.75,
    ),
    _place(
        "environment-entry",
        (
            rf"\bname(?:{_Q})?\s{{0,3}}[:=]\s{{0,3}}(?:{_Q})?[\w.-]{{0,60}}(?:password|passwd|_pass|_pwd|"
            rf"secret|token|api_?key|access_?key)[\w.-]{{0,20}}(?:{_Q})?(?:\s|,|\\{{1,2}}n){{1,40}}(?:{_Q})?value"
            rf"(?:{_Q})?\s{{0,3}}[:=]\s{{0,3}}(?:{_Q})?([^\s\"'`\\,]{{6,512}})"
        ),
        "Password or secret in a list of names and values, as for a container",
        ('- name: DB_PASSWORD\n  value: "S3cret-pw"', '{"name": "API_KEY", "value": "' + letters(32) + '"}'),
        ('- name: DB_PASSWORD\n  value: "$(PW_1)"', "- name: DB_PASSWORD\n  valueFrom:", "name: secret\nvalue: true"),
        trigger=(
            r"(?:password|passwd|_pass|_pwd|secret|token|api_?key|access_?key)[\w.-]*(?:\\*[\"'`])?[\s,n\\]+"
            r"(?:\\*[\"'`])?value"
        ),
        check=is_password,
        score=0.65,
    ),
    _place(
        "password-hash",
        (
            r"(\$(?:2[abxy]?\$\d{2}\$[./A-Za-z0-9]{53}|[56]\$(?:rounds=\d{1,9}\$)?[./A-Za-z0-9]{1,16}\$"
            r"(?:[./A-Za-z0-9]{86}|[./A-Za-z0-9]{43})|y\$[./A-Za-z0-9]{1,12}\$[./A-Za-z0-9]{1,86}\$[./A-Za-z0-9]{43}|"
            r"(?:apr)?1\$[./A-Za-z0-9]{1,8}\$[./A-Za-z0-9]{22}|argon2"
            r"(?:id|i|d)\$v=\d{1,3}\$m=\d{1,9},t=\d{1,5},p=\d{1,3}\$[A-Za-z0-9+/]{8,64}\$[A-Za-z0-9+/]{16,100}))"
        ),
        "Hash of a password: bcrypt, crypt, Argon2",
        (
            "root:$6$" + letters(16) + "$" + letters(86) + ":19000:",
            "$2b$12$" + letters(53),
            "$argon2id$v=19$m=65536,t=3,p=4$" + letters(22) + "$" + letters(43),
        ),
        ("$1$abc", "$2b$12$short", "costs $6$ each"),
        trigger=r"\$(?:2[abxy]?\$\d{2}\$|[56]\$|y\$|(?:apr)?1\$|argon2(?:id|i|d)\$v=)",
        check=is_hash,
        severity=Severity.MEDIUM,
    ),
)
