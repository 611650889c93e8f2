"""Mail, telephony and chat: Twilio, SendGrid, Mailgun, Telegram, Discord, Teams and others."""

from firebreak.detect.secrets.form import hexes, letters, named, token, uuid
from firebreak.detect.secrets.placeholder import is_key
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
    token("mailersend-token", r"mlsn\.[0-9a-f]{64}\b", "MailerSend token", ("mlsn." + hexes(64),), ("mlsn.x",)),
    token(
        "mandrill-key",
        r"md-[A-Za-z0-9_-]{22}\b",
        "Mandrill key",
        ("md-" + letters(22),),
        ("md-" + letters(9), "md-components-and-some-x"),
        check=is_key,
    ),
    token(
        "telnyx-key",
        r"KEY[0-9A-F]{32}_[A-Za-z0-9]{22}\b",
        "Telnyx key",
        ("KEY" + hexes(32).upper() + "_" + letters(22),),
        ("KEY_NAME",),
    ),
    token(
        "intercom-token",
        r"dG9rO[A-Za-z0-9+/]{50,60}={0,2}",
        "Intercom token",
        ("dG9rO" + letters(55) + "=",),
        ("dG9rO" + letters(9),),
    ),
    token(
        "rapidapi-key",
        r"[a-z0-9]{10}msh[a-z0-9]{15}p1[a-z0-9]{5}jsn[a-z0-9]{12}\b",
        "RapidAPI key",
        (hexes(10) + "msh" + hexes(15) + "p1" + hexes(5) + "jsn" + hexes(12),),
        ("msh" + hexes(15),),
        trigger=r"p1[a-z0-9]{5}jsn[a-z0-9]{12}",
    ),
    token(
        "zapier-webhook-url",
        r"hooks\.zapier\.com/hooks/catch/\d{4,10}/[a-z0-9]{5,12}",
        "Zapier webhook, which lets anyone post",
        ("https://hooks.zapier.com/hooks/catch/1234567/" + hexes(7),),
        ("https://hooks.zapier.com/hooks/catch/",),
        severity=Severity.HIGH,
        trigger=r"hooks\.zapier\.com/hooks/catch/",
    ),
    token(
        "make-webhook-url",
        r"hook\.(?:eu|us)\d\.make\.(?:com|celonis\.com)/[a-z0-9]{28,36}\b",
        "Make webhook, which lets anyone post",
        ("https://hook.eu1.make.com/" + hexes(32),),
        ("https://hook.eu1.make.com/",),
        severity=Severity.HIGH,
        trigger=r"hook\.(?:eu|us)\d\.make\.",
    ),
    token(
        "google-chat-webhook-url",
        r"chat\.googleapis\.com/v1/spaces/[A-Za-z0-9_-]{6,20}/messages\?key=[A-Za-z0-9_-]{30,45}&token=[A-Za-z0-9_%-]{30,60}",
        "Google Chat webhook, which lets anyone post",
        (
            "https://chat.googleapis.com/v1/spaces/"
            + letters(11)
            + "/messages?key="
            + letters(39)
            + "&token="
            + letters(43),
        ),
        ("https://chat.googleapis.com/v1/spaces/",),
        severity=Severity.HIGH,
        trigger=r"chat\.googleapis\.com/v1/spaces/",
    ),
    token(
        "feishu-webhook-url",
        r"open\.(?:feishu\.cn|larksuite\.com)/open-apis/bot/v2/hook/[0-9a-f]{8}-[0-9a-f-]{27}",
        "Feishu or Lark webhook, which lets anyone post",
        ("https://open.feishu.cn/open-apis/bot/v2/hook/" + uuid(),),
        ("https://open.feishu.cn/open-apis/",),
        severity=Severity.HIGH,
        trigger="/open-apis/bot/v2/hook/",
    ),
    token(
        "dingtalk-webhook-url",
        r"oapi\.dingtalk\.com/robot/send\?access_token=[0-9a-f]{64}",
        "DingTalk webhook, which lets anyone post",
        ("https://oapi.dingtalk.com/robot/send?access_token=" + hexes(64),),
        ("https://oapi.dingtalk.com/robot/send",),
        severity=Severity.HIGH,
        trigger="dingtalk",
    ),
    token(
        "wecom-webhook-url",
        r"qyapi\.weixin\.qq\.com/cgi-bin/webhook/send\?key=[0-9a-f]{8}-[0-9a-f-]{27}",
        "WeCom webhook, which lets anyone post",
        ("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=" + uuid(),),
        ("https://qyapi.weixin.qq.com/cgi-bin/",),
        severity=Severity.HIGH,
        trigger="/cgi-bin/webhook/send",
    ),
    token(
        "ifttt-webhook-url",
        r"maker\.ifttt\.com/trigger/[A-Za-z0-9_-]{1,60}/(?:json/)?with/key/[A-Za-z0-9_-]{20,50}",
        "IFTTT webhook, which lets anyone trigger",
        ("https://maker.ifttt.com/trigger/door/with/key/" + letters(22),),
        ("https://maker.ifttt.com/trigger/door",),
        severity=Severity.HIGH,
        trigger=r"maker\.ifttt\.com/trigger/",
    ),
    token(
        "firebase-messaging-key",
        r"AAAA[A-Za-z0-9_-]{7}:APA91b[A-Za-z0-9_-]{134}",
        "Server key of Firebase Cloud Messaging",
        ("AAAA" + letters(7) + ":APA91b" + letters(134),),
        ("AAAA" + letters(7),),
        trigger=":APA91b",
    ),
    token(
        "pubnub-secret-key",
        r"sec-c-[A-Za-z0-9]{40,60}={0,2}",
        "PubNub secret key",
        ("sec-c-" + letters(48),),
        ("sec-c-x",),
    ),
    token(
        "ably-key",
        r"[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{6}:[A-Za-z0-9_-]{43}\b",
        "Ably key",
        (letters(6) + "." + letters(6) + ":" + letters(43),),
        (letters(6) + "." + letters(6) + ":x",),
        check=is_key,
        trigger=r"\.[A-Za-z0-9_-]{6}:[A-Za-z0-9_-]{43}",
    ),
)
