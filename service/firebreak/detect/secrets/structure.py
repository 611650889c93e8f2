"""Credentials told by where they stand: JWT, connection strings, URLs, headers, command lines."""

from firebreak.detect.encoded import MAX_PART_CHARS, decoded, json_object, login
from firebreak.detect.rule import LEFT, PatternRule
from firebreak.detect.secrets.form import letters, token
from firebreak.detect.secrets.placeholder import is_login_password, stands_for
from firebreak.model.finding import FindingKind, Severity


def is_jwt(text: str) -> bool:
    """Whether the first part is a JSON object that names an algorithm; of a very long one, whether it begins so."""
    header = text.partition(".")[0]
    if len(header) <= MAX_PART_CHARS:
        return isinstance(json_object(header).get("alg"), str)
    begun = decoded(header[:MAX_PART_CHARS])
    return begun.lstrip().startswith(b"{") and b'"alg"' in begun


def is_basic(text: str) -> bool:
    """Whether the value of a Basic header holds a name and a password."""
    said = login(text)
    return said is not None and said[1] != "" and not stands_for(said[1])


def is_bearer(text: str) -> bool:
    """Whether the value of a Bearer header is more than a word."""
    return not stands_for(text) and any(c.isdigit() for c in text)


def _placed(
    rule: str,
    pattern: str,
    description: str,
    matches: tuple[str, ...],
    ignores: tuple[str, ...],
    trigger: str,
) -> PatternRule:
    return PatternRule(
        id=rule,
        kind=FindingKind.SECRET,
        severity=Severity.HIGH,
        score=0.85,
        pattern=pattern,
        description=description,
        matches=matches,
        ignores=ignores,
        group=1,
        ignore_case=True,
        trigger=trigger,
        check=is_login_password,
    )


_HEADER = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9"
_SERVERS = (
    r"(?:postgres|postgresql|mysql|mariadb|mongodb|redis|rediss|amqp|amqps|mssql|sqlserver|oracle"
    r"|clickhouse|cockroachdb"
    r"|cassandra|neo4j|bolt|kafka|nats|mqtts?|s?ftps?|ssh|ldaps?|smtps?|imaps?|couchbases?|snowflake|redshift|vertica)"
)
_LOGIN = r"://[^\s:@/\"'<>]*:[^\s@/\"'<>]"

RULES = (
    token(
        "jwt",
        r"eyJ[A-Za-z0-9_-]{8}[A-Za-z0-9_-]*\.[A-Za-z0-9_-]{6,}\.[A-Za-z0-9_-]{6,}(?:\.[A-Za-z0-9_-]{4,}){0,2}",
        "JSON Web Token, signed or encrypted",
        (_HEADER + ".eyJzdWIiOiIxIn0." + letters(43),),
        ("eyJ" + letters(30) + ".eyJ" + letters(20) + "." + letters(20), _HEADER + ".eyJzdWIiOiIxIn0"),
        severity=Severity.HIGH,
        score=0.85,
        check=is_jwt,
        trigger=LEFT + "eyJ[A-Za-z0-9_-]{8}",
    ),
    _placed(
        "connection-string",
        rf"{LEFT}{_SERVERS}(?:\+[a-z0-9]{{1,20}})?://[^\s:@/\"'<>]{{0,64}}:([^\s@/\"'<>]{{1,256}})@[a-z0-9\[(_$%{{.-]",
        "Password in the URL of a database, a queue or a server",
        (
            "postgres://app:S3cret-pw@db:5432/x",
            "mongodb+srv://u:hunter22@c.mongodb.net",
            "redis://:p4ssw0rd1@cache:6379",
        ),
        (
            "postgres://user:password@localhost/db",
            "postgres://postgres:postgres@db:5432/x",
            "amqp://guest:guest@mq",
            "postgres://app:${PW}@db/x",
            "postgres://db:5432/x",
        ),
        _LOGIN,
    ),
    _placed(
        "url-with-password",
        rf"{LEFT}https?://[^\s:@/\"'<>]{{1,64}}:([^\s@/\"'<>,]{{4,256}})@[a-z0-9\[.-]",
        "Password in a web address",
        ("https://deploy:gh7-Kq2m@git.acme.io/x.git",),
        ("https://user:pass@host", "https://acme.io:8080/@me", "https://u:<token>@git.acme.io"),
        _LOGIN,
    ),
    _placed(
        "jdbc-password",
        r"jdbc:[a-z0-9:]{2,40}[^\s\"']{1,300}[?&;]password=([^\s&;\"']{3,128})",
        "Password in a JDBC address",
        ("jdbc:postgresql://db:5432/x?user=app&password=S3cret-pw", "jdbc:sqlserver://h;user=a;password=S3cret-pw;"),
        ("jdbc:postgresql://db:5432/x?user=app&password=<password>",),
        "jdbc:",
    ),
    _placed(
        "ado-connection-string",
        (
            r"(?:server|data source|host|user id|uid)\s?=[^;\n\"]{1,120};(?:[^;\n\"]*;){0,8}\s?(?:password"
            r"|pwd)\s?=\s?([^;\n\"]{3,128})"
        ),
        "Password in a connection string of SQL Server, Azure SQL or ODBC",
        (
            "Server=tcp:acme.database.windows.net;User ID=sa;Password=S3cret-pw;",
            "Driver={X};Server=h;Uid=a;Pwd=S3cret-pw",
        ),
        ("Server=h;User ID=sa;Password={your_password};",),
        r"(?:server|data source|host|user id|uid)\s?=[^;\n\"]+;(?:[^\n\"]*;)?\s?(?:password|pwd)\s?=",
    ),
    _placed(
        "curl-password",
        r"curl [^\n]{0,300}?(?:-u|--user)[ =]?[\"']?[^\s:\"']{1,64}:([^\s\"']{3,128})",
        "Password on the command line of curl",
        ("curl -X GET -u admin:S3cret-pw https://acme.io", "curl --user 'a:S3cret-pw' acme.io"),
        ("curl -u user:password https://acme.io", "curl https://acme.io"),
        "curl ",
    ),
    PatternRule(
        id="basic-auth-header",
        kind=FindingKind.SECRET,
        severity=Severity.HIGH,
        score=0.85,
        pattern=r"\bbasic\s{1,3}([A-Za-z0-9+/]{8,400}={0,2})",
        description="Name and password in a Basic header",
        matches=("Authorization: Basic YWRtaW46UzNjcmV0LXB3",),
        ignores=("Basic understanding of algebra", "Authorization: Basic dXNlcjpwYXNzd29yZA=="),
        group=1,
        ignore_case=True,
        check=is_basic,
        trigger=r"\bbasic\s{1,3}[A-Za-z0-9+/]{8}",
    ),
    PatternRule(
        id="bearer-token",
        kind=FindingKind.SECRET,
        severity=Severity.HIGH,
        score=0.7,
        pattern=r"\bbearer\s{1,3}([A-Za-z0-9._~+/-]{16,}={0,2})",
        description="Token in a Bearer header",
        matches=("Authorization: Bearer " + letters(32),),
        ignores=("Bearer YOUR_ACCESS_TOKEN_HERE_1", "the bearer responsibilities-of-office"),
        group=1,
        ignore_case=True,
        check=is_bearer,
        general=True,
    ),
)
