"""Mail, telephony and chat: Twilio, SendGrid, Mailgun, Telegram, Discord, Teams and others."""

from firebreak.detect.secrets.form import hexes, letters, named, token
from firebreak.model.finding import Severity

RULES = (
    token(
        "twilio-api-key",
        r"(?:SK|AC)[0-9a-f]{32}\b",
        "Twilio key or account id",
        ("SK" + hexes(32), "AC" + hexes(32)),
        ("SK" + hexes(31), "SK" + hexes(32).upper()),
        severity=Severity.HIGH,
        score=0.85,
    ),
    named(
        "twilio-auth-token",
        r"twilio",
        r"[0-9a-f]{32}",
        "Twilio auth token beside its name",
        ("TWILIO_AUTH_TOKEN=" + hexes(32),),
        ("TWILIO_NUMBER=123",),
    ),
    token(
        "sendgrid-api-key",
        r"SG\.[A-Za-z0-9_-]{16,24}\.[A-Za-z0-9_-]{39,50}",
        "SendGrid key",
        ("SG." + letters(22) + "." + letters(43),),
        ("SG." + letters(22), "MSG." + letters(22) + "." + letters(43)),
    ),
    token(
        "mailgun-api-key",
        r"(?:key-[0-9a-f]{32}\b|[0-9a-f]{32}-[0-9a-f]{8}-[0-9a-f]{8}\b)",
        "Mailgun key",
        ("key-" + hexes(32), hexes(32) + "-" + hexes(8) + "-" + hexes(8)),
        ("key-value", hexes(32)),
    ),
    token("mailchimp-api-key", r"[0-9a-f]{32}-us\d{1,2}\b", "Mailchimp key", (hexes(32) + "-us12",), (hexes(32),)),
    token(
        "brevo-api-key",
        r"xkeysib-[0-9a-f]{64}-[A-Za-z0-9]{16}\b",
        "Brevo key",
        ("xkeysib-" + hexes(64) + "-" + letters(16),),
        ("xkeysib-x",),
    ),
    token(
        "resend-api-key",
        r"re_[A-Za-z0-9]{8}_[A-Za-z0-9]{24}\b",
        "Resend key",
        ("re_" + letters(8) + "_" + letters(24),),
        ("re_compile_pattern",),
    ),
    token(
        "telegram-bot-token",
        r"\d{8,10}:AA[A-Za-z0-9_-]{33}",
        "Telegram bot token",
        ("1234567890:AA" + letters(33),),
        ("1234567890:AA", "12:AA" + letters(33)),
        trigger=r"\d:AA[A-Za-z0-9_-]{33}",
    ),
    token(
        "discord-bot-token",
        r"[MNO][A-Za-z0-9_-]{23,27}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,40}",
        "Discord bot token",
        ("M" + letters(25) + "." + letters(6) + "." + letters(38),),
        ("Mozilla.Gecko.Firefox",),
        score=0.9,
        trigger=r"\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27}",
    ),
    token(
        "discord-webhook-url",
        r"discord(?:app)?\.com/api/(?:v\d+/)?webhooks/\d{17,20}/[A-Za-z0-9_-]{60,80}",
        "Discord webhook, which lets anyone post",
        ("https://discord.com/api/webhooks/" + "1" * 18 + "/" + letters(68),),
        ("https://discord.com/api/webhooks/",),
        severity=Severity.HIGH,
    ),
    token(
        "teams-webhook-url",
        (
            r"[a-z0-9-]{1,40}\.webhook\.office\.com/webhookb2/[0-9a-f-]{36}@[0-9a-f-]{36}/IncomingWebhook/[0-9a-f]{32}/[0-9a-f-]{36}"
        ),
        "Microsoft Teams webhook, which lets anyone post",
        (
            "https://acme.webhook.office.com/webhookb2/"
            + hexes(36)
            + "@"
            + hexes(36)
            + "/IncomingWebhook/"
            + hexes(32)
            + "/"
            + hexes(36),
        ),
        ("https://acme.webhook.office.com/webhookb2/",),
        severity=Severity.HIGH,
        trigger=r"\.webhook\.office\.com/webhookb2/",
    ),
)
