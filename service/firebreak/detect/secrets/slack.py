"""Slack: tokens of bots, users, apps and sessions; webhooks."""

from firebreak.detect.secrets.form import letters, token
from firebreak.model.finding import Severity

RULES = (
    token(
        "slack-token",
        r"xox[abeoprs](?:\.xox[bp])?-(?:\d{6,14}-)*[A-Za-z0-9-]{6,250}",
        "Slack token of a bot, a user or a workspace",
        ("xoxb-" + "1" * 12 + "-" + "2" * 12 + "-" + letters(24), "xoxp-" + "1" * 12 + "-" + letters(32)),
        ("xoxb-...", "xoxz-" + letters(24)),
    ),
    token(
        "slack-app-token",
        r"xapp-\d-[A-Z0-9]{6,14}-\d{6,14}-[a-z0-9]{32,80}",
        "Slack app-level token",
        ("xapp-1-" + letters(11).upper() + "-" + "1" * 13 + "-" + letters(64).lower(),),
        ("xapp-1-name",),
    ),
    token(
        "slack-webhook-url",
        r"hooks\.slack\.com/(?:services|workflows|triggers)/[A-Za-z0-9+/]{20,80}",
        "Slack webhook, which lets anyone post",
        ("https://hooks.slack.com/services/T" + letters(8) + "/B" + letters(8) + "/" + letters(24),),
        ("https://hooks.slack.com/services/",),
        severity=Severity.HIGH,
    ),
)
