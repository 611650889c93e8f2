"""Breaking out of a query: SQL, NoSQL, LDAP. A query that is merely shown is none of these."""

import re

from firebreak.detect.payload.form import payload
from firebreak.model.finding import Severity

_GAP = r"(?:\s|/\*[^*\n]{0,40}\*/|\+|%20){1,6}"
_WIDE_GAP = r"(?:\s|/\*[^*\n]*\*/|\+|%20)+"  # a trigger counts bytes
_ALWAYS = re.compile(
    r"(or|and|\|\||&&)[\s+(]*(['\"]?)([\w.]{1,20})\2\s*(=|like|<|>|<=|>=)\s*(['\"]?)([\w.]{1,20})", re.IGNORECASE
)


def always_true(text: str) -> bool:
    """Whether what is compared in `' or 1=1` says nothing: both sides are the same, or numbers in order."""
    found = _ALWAYS.search(text)
    if found is None:
        return False
    left, sign, right = found[3].lower(), found[4].lower(), found[6].lower()
    if not (found[1].isalpha() or found[2] or left.isdigit()):
        return False  # `||r=r` is a script's
    if sign in ("=", "like", "<=", ">="):
        return left == right
    return left.isdigit() and right.isdigit() and (int(left) < int(right)) == (sign == "<")


RULES = (
    payload(
        "sql-tautology",
        (
            r"['\"][\s+)]{0,6}(?:or|and|\|\||&&)[\s+(]{1,6}['\"]?[\w.]{1,20}['\"]?\s{0,3}(?:=|like|<=?|>=?)\s{0,3}"
            r"['\"]?[\w.]{1,20}"
        ),
        "Condition that is always true, behind the end of a string in a query",
        ("' OR '1'='1", "admin' or 1=1--", '") or ("a"="a', "x' or 2>1 #"),
        (
            "name = 'x' or age = 3",
            "if kind == 'a' or kind == 'b'",
            "t==='f'&&(e=e())",
            "it's 1 or 2 = two",
            "'a' or x < y",
        ),
        score=0.75,
        trigger=r"['\"][\s+)]*(?:or|and|\|\||&&)[\s+(]+['\"]?[\w.]+['\"]?\s*(?:=|like|<|>)",
        check=always_true,
    ),
    payload(
        "sql-union-read",
        (
            rf"\bunion{_GAP}(?:(?:all|distinct){_GAP})?select\b[^\n;]{{0,120}}?(?:null\s?,\s?null"
            rf"|\d,\s?\d,\s?\d,\s?\d|@@version"
            r"|information_schema|load_file|into\s+(?:out|dump)file|group_concat|\bdatabase\(\)|\b(?:current_)?user\(\)"
            r"|sqlite_master|pg_shadow|all_tables|char\(\d)"
        ),
        "Second query that reads what the first was not meant to",
        ("1' UNION ALL\nSELECT null,null,version()--", "union all select table_name from information_schema.tables"),
        ("SELECT a FROM x UNION SELECT a FROM y", "the union selects a new chair"),
        score=0.8,
        trigger=rf"union{_WIDE_GAP}(?:(?:all|distinct){_WIDE_GAP})?select\b",
    ),
    payload(
        "sql-stacked-statement",
        (
            r"['\"][\s)]{0,4};\s{0,4}(?:drop\s{1,4}(?:table|database|schema|view|user)|delete\s{1,4}from"
            r"|truncate\s{1,4}table"
            r"|update\s{1,4}\w{1,40}\s{1,4}set|insert\s{1,4}into|alter\s{1,4}(?:table|user)|shutdown"
            r"|exec(?:ute)?\s{1,4}(?:xp|sp)_\w{1,30})"
            r"\b[^\n]{0,100}?(?:--|#|/\*)"
        ),
        "Second statement behind the end of a string, and the rest of the query as a comment",
        ("Robert'); DROP TABLE Students;--", "x'; update users set admin=1 where id=7 --"),
        ("INSERT INTO t VALUES ('x'); DELETE FROM y;", "DROP TABLE students; -- clean up"),
        score=0.8,
        trigger=r"['\"][\s)]*;\s*(?:drop|delete|truncate|update|insert|alter|shutdown|exec)",
    ),
    payload(
        "sql-delay",
        (
            r"['\")\d][ \t)]{0,4}(?:or|and|;|\|\|)[ \t(]{0,4}(?:select[ \t(]{1,4}"
            r"|if\s?\([^\n]{1,40}?,\s?)?(?:sleep\s?\(\s?\d"
            r"|benchmark\s?\(\s?\d{5}|pg_sleep\s?\(|waitfor\s{1,3}delay\s{1,3}['\"]\d|dbms_pipe\.receive_message"
            r"|randomblob\s?\(\s?\d{6})"
        ),
        "Query that asks by how long it takes",
        ("1' AND SLEEP(5)--", "x'; WAITFOR DELAY '0:0:5'--", "1) or pg_sleep(10)--"),
        ("time.sleep(5)", "SELECT pg_sleep(1)", "wait for a delay"),
        score=0.8,
        trigger=r"(?:sleep\s?\(|benchmark\s?\(\s?\d|waitfor\s+delay|dbms_pipe\.receive|randomblob\s?\()",
    ),
    payload(
        "sql-system-command",
        (
            r"\bxp_cmdshell\s{0,3}['\"(]|\bselect\b[^\n;]{0,200}\binto\s{1,4}(?:out|dump)file\s{0,4}['\"]"
            r"|\bcopy\s{1,4}\w{1,40}\s{1,4}"
            r"(?:from|to)\s{1,4}program\s{0,4}['\"]|\bload_file\s{0,2}\(\s{0,2}['\"](?:/|0x|\w:)"
            r"|\butl_http\.request\s{0,2}\("
        ),
        "Query that runs a program or writes a file",
        ("exec master..xp_cmdshell 'dir'", "copy t from program 'id'", "select 1 into outfile '/var/www/x.php'"),
        ("xp_cmdshell is off by default", "COPY t FROM 'file.csv'"),
        score=0.6,
        severity=Severity.MEDIUM,
        trigger=r"xp_cmdshell|into\s+(?:out|dump)file|\sprogram\s*['\"]|load_file\s*\(|utl_http\.request",
    ),
    payload(
        "nosql-operator",
        (
            r"['\"]?\b(?:pass(?:word|wd)?|pwd|user(?:name)?|login|email"
            r"|token)['\"]?\s{0,3}:\s{0,3}\{\s{0,3}['\"]?\$(?:ne|gt|gte|regex|nin"
            r"|exists|where)\b|\b(?:pass(?:word|wd)?|pwd|user(?:name)?|login|email|token)(?:\[|%5b)\$(?:ne|gt|regex"
            r"|nin|exists)(?:\]|%5d)"
            r"|['\"]?\$where['\"]?\s{0,3}:\s{0,3}['\"][^'\"\n]{0,80}(?:sleep\s?\(|return\s{1,3}true|while\s?\()"
        ),
        "Operator where a login's value should be",
        (
            '{"username": "admin", "password": {"$ne": null}}',
            "login[$ne]=1&pass[$regex]=.*",
            '{"$where": "sleep(5000)"}',
        ),
        ('{"age": {"$gt": 21}}', '{"$where": "this.a > this.b"}'),
        score=0.7,
        trigger=r"\$(?:ne|gt|gte|regex|nin|exists|where)\b",
    ),
    payload(
        "ldap-filter-breakout",
        r"\*\){1,2}\([|&]\(|\w\)\(&\)|\*\)\(\w{1,20}=\*\)\)\([|&]|\*\)\)%00",
        "End of an LDAP filter, and a new one behind it",
        ("*)(|(objectClass=*", "admin)(&)", "*)(uid=*))(|(uid=*"),
        ("(&(objectClass=person)(uid=*))", "f(x)(y)"),
        score=0.7,
        trigger=r"\*\)+\([|&]\(|\)\(&\)|=\*\)\)\([|&]|\*\)\)%00",
    ),
)
