import pytest

from firebreak.detect.payload.sql import RULES, always_true


def found(text):
    return {rule.id for rule in RULES if rule.finds(text)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("' or 1=1", True),
        ("' or 'a'='a", True),
        ("' or 2>1", True),
        ("' or 1<2", True),
        ("' OR x LIKE x", True),
        ("' or 1>2", False),
        ("' or 1=2", False),
        ("' or a<b", False),
        ("'||a=a", False),
        ("'||1=1", True),
        ("nothing", False),
    ],
)
def test_a_condition_is_always_true_or_not(text, expected):
    assert always_true(text) is expected


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("user=admin'--&pw=' OR 1=1 --", "sql-tautology"),
        ("id=1 UNION/**/ALL/**/SELECT/**/null,null", "sql-union-read"),
        ("'; EXEC xp_cmdshell('dir') --", "sql-stacked-statement"),
        ("1; SELECT pg_sleep(10)", "sql-delay"),
        ("user[$ne]=x&password[$ne]=y", "nosql-operator"),
        ("*)(|(uid=*", "ldap-filter-breakout"),
    ],
)
def test_a_breakout_is_found(text, rule):
    assert rule in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT name, price FROM items WHERE price > 3 AND kind = 'book' OR kind = 'map' ORDER BY 1 -- all",
        "SELECT a FROM x UNION ALL SELECT b FROM y WHERE b IS NOT NULL",
        "INSERT INTO t (a) VALUES ('x'); DELETE FROM t WHERE a = 'y'; DROP TABLE old;",
        "db.users.find({age: {$gt: 21}, name: {$regex: /^a/}})",
        "(&(objectClass=person)(|(uid=ann)(mail=*@x.org)))",
        "if mode == 'a' or mode == 'b': # both",
    ],
)
def test_a_query_that_is_shown_is_none(text):
    assert found(text) == set()
