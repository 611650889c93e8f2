"""OpenAI: keys of projects, service accounts and administrators, the older form, and what only starts like one."""

from firebreak.detect.rule import LEFT
from firebreak.detect.secrets.form import letters, token
from firebreak.detect.secrets.placeholder import stands_for
from firebreak.model.finding import Severity

_MARK = "T3Blbk" + "FJ"
"""`OpenAI` in base64: it stands in the middle of their keys."""


def _mixed(text: str) -> bool:
    if stands_for(text):
        return False
    body = text.removeprefix("sk-")
    return sum(c.isdigit() for c in body) >= 2 and sum(c.isalpha() for c in body) >= 2


RULES = (
    token(
        "openai-api-key",
        r"sk-(?:proj|svcacct|admin|None)-[A-Za-z0-9_-]{20,}",
        "OpenAI key of a project, a service account or an administrator",
        ("sk-proj-" + letters(40), "sk-svcacct-" + letters(24), "sk-admin-" + letters(60) + "_-" + letters(8)),
        ("sk-proj-your-key", "task-proj-" + letters(40)),
    ),
    token(
        "openai-api-key-legacy",
        r"sk-[A-Za-z0-9]{32,}",
        "OpenAI key of a user, the form before projects",
        ("sk-" + letters(48), "sk-" + letters(20) + "T3Blbk" + "FJ" + letters(20)),
        ("sk-" + letters(8), "disk-" + letters(48)),
        score=0.9,
        sure=lambda text: _MARK in text,
    ),
    token(
        "sk-api-key",
        r"sk-(?:(?:live|test|prod|proj|svcacct|admin|or-v1|lf)-[A-Za-z0-9]{8,}|[A-Za-z0-9]{12,31})",
        "Key with the prefix that many LLM gateways copy from OpenAI",
        ("sk-live-" + letters(12), "sk-" + letters(16), "sk-proj-" + letters(14)),
        ("sk-learn-contrib", "sk-SK", "sk-abcdefghijklmnop", "risk-" + letters(16)),
        severity=Severity.HIGH,
        score=0.7,
        check=_mixed,
        general=True,
        trigger=LEFT + r"sk-(?:(?:live|test|prod|proj|svcacct|admin|or-v1|lf)-[A-Za-z0-9]{8}|[A-Za-z0-9]{12})",
    ),
)
