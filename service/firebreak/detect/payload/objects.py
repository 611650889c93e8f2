"""Serialised objects that run something when they are read: Java, Python, PHP, .NET, Node, YAML."""

from firebreak.detect.payload.form import payload
from firebreak.model.finding import Severity

RULES = (
    payload(
        "java-serialised",
        r"\brO0AB[A-Za-z0-9+/]{12,}|\b(?i:aced0005)(?i:[0-9a-f]{12,})",
        "Serialised Java object",
        ("rO0ABXNyABFqYXZhLnV0aWwu", "ACED0005737200116A617661"),
        ("rO0AB", "aced0005"),
        score=0.75,
        ignore_case=False,
    ),
    payload(
        "dotnet-serialised",
        (
            r"\bAAEAAAD/{5}[A-Za-z0-9+/]{8,}|\bSystem\.Windows\.Data\.ObjectDataProvider\b|\bTypeConfuseDelegate\b"
            r"|\"\$type\"\s?:\s?\"System\.(?:Windows\.|Diagnostics\.Process|Management\.|Configuration\.Install)"
        ),
        "Serialised .NET object that runs something",
        ("AAEAAAD/////AQAAAAAAAAAM", '{"$type": "System.Windows.Data.ObjectDataProvider, X"}'),
        ('{"$type": "MyApp.Order, MyApp"}', "System.Diagnostics.Process.Start"),
        score=0.8,
        ignore_case=False,
        trigger=r"AAEAAAD/{5}|Data\.ObjectDataProvider|TypeConfuseDelegate|\"\$type\"\s?:\s?\"System\.",
    ),
    payload(
        "python-pickle",
        (
            r"\bc(?:os|posix|nt|subprocess|builtins|__builtin__)\n(?:system|popen|exec|eval|Popen|check_output|call)\n"
            r"|def __reduce(?:_ex)?__\([^)\n]{0,40}\)[^\n]{0,20}:\s{1,60}return\s{0,2}\(?\s?(?:os\.(?:system|popen)"
            r"|subprocess\."
            r"|eval|exec|__import__)"
        ),
        "Pickle that runs a command",
        ("cos\nsystem\n(S'id'\ntR.", "def __reduce__(self):\n        return (os.system, ('id',))"),
        ("def __reduce__(self):\n    return (Point, (1, 2))",),
        score=0.8,
        ignore_case=False,
        trigger=(
            r"c(?:os|posix|nt|subprocess|builtins|__builtin__)\n(?:system|popen|exec|eval|Popen|check|call)"
            r"|def __reduce"
        ),
    ),
    payload(
        "yaml-object",
        (
            r"!!(?:python/(?:object(?:/apply|/new)?|name|module):(?:os|subprocess|posix|nt|sys|builtins|eval|exec"
            r"|__builtin__|yaml\.)|javax?\.\w{1,30}\.|com\.sun\.\w|org\.\w{1,30}\.\w)|!ruby/object:(?:Gem|Net|ERB"
            r"|Object)\b"
        ),
        "YAML that makes an object which runs something",
        (
            "!!python/object/apply:os.system ['id']",
            "!!javax.script.ScriptEngineManager [x]",
            "!ruby/object:Gem::Installer",
        ),
        ("!!python/tuple [1, 2]", "!!str 5"),
        score=0.85,
        trigger="!!(?:python/(?:object|name|module)|java|com\\.sun|org\\.)|!ruby/object:",
    ),
    payload(
        "php-object",
        r"(?:^|[\s=\"';{&:])O:\d{1,3}:\\?\"[A-Za-z_\\]{2,80}\\?\":\d{1,4}:\{[^}\n]{0,400}(?:[ais]:\d|\})",
        "Serialised PHP object",
        ('O:8:"Evil_Log":1:{s:4:"file";s:11:"/etc/passwd";}',),
        ('a:1:{i:0;s:1:"x";}', "O:8"),
        score=0.6,
        severity=Severity.MEDIUM,
        ignore_case=False,
        trigger=r"O:\d+:\\?\"",
    ),
    payload(
        "node-serialised-function",
        r"_\$\$ND_FUNC\$\$_",
        "Serialised function of Node",
        ('{"x":"_$$ND_FUNC$$_function(){}()"}',),
        ("$$FUNC$$",),
        score=0.9,
    ),
    payload(
        "java-xml-object",
        (
            r"<(?:object|void)\s[^>\n]{0,60}(?:class=[\"']java\.(?:lang\.ProcessBuilder|lang\.Runtime)"
            r"|method=[\"']exec[\"'])"
        ),
        "XML that makes a Java object which runs a program",
        ('<object class="java.lang.ProcessBuilder">', '<void method="exec">'),
        ('<object class="java.util.ArrayList">',),
        score=0.85,
        trigger=r"<(?:object|void)\s[^>\n]*(?:class=[\"']java\.lang|method=[\"']exec)",
    ),
)
