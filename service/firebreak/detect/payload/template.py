"""Expressions that a template engine would run: Jinja, Twig, Freemarker, Velocity, ERB, Java's expression languages."""

from firebreak.detect.payload.form import payload
from firebreak.model.finding import Severity

RULES = (
    payload(
        "template-arithmetic",
        (
            r"\{\{\s{0,3}'?\d{1,6}'?\s{0,2}\*\s{0,2}'?\d{1,6}'?\s{0,3}\}\}"
            r"|[$#]\{\s{0,3}\d{1,6}\s{0,2}\*\s{0,2}\d{1,6}\s{0,3}\}"
            r"|<%=\s{0,3}\d{1,6}\s{0,2}\*\s{0,2}\d{1,6}\s{0,3}%>|\[\[\$\{\d{1,6}\*\d{1,6}\}\]\]"
        ),
        "Sum that shows whether a template is run",
        ("{{7*7}}", "${ 7 * 7 }", "<%= 7*7 %>", "{{7*'7'}}"),
        ("{{ price * 2 }}", "${a*b}", "{{ 7 }}"),
        score=0.7,
        severity=Severity.MEDIUM,
        trigger=r"\{\{\s*'?\d+'?\s*\*|[$#]\{\s*\d+\s*\*|<%=\s*\d+\s*\*",
    ),
    payload(
        "template-escape",
        (
            r"\{[{%][^}\n]{0,200}?(?:__(?:class|mro|base|bases|subclasses|globals|builtins|import|getitem)__"
            r"|\.mro\(\)|config\.items\(\)"
            r"|\b(?:lipsum|cycler|joiner|namespace)\.__|self\._templatereference|request\.application|\bpopen\s?\("
            r"|\battr\(['\"]_"
            r"|\\x5f\\x5f|_self\.env|registerundefinedfiltercallback|\|\s?(?:filter|map|sort"
            r"|reduce)\(\s?['\"](?:system|exec|passthru))"
        ),
        "Template that reaches for the program around it",
        (
            "{{ ''.__class__.__mro__[1].__subclasses__() }}",
            "{{ config.items() }}",
            '{{_self.env.registerUndefinedFilterCallback("exec")}}',
            "{{['id']|filter('system')}}",
        ),
        ("{{ user.name }}", "{{ items | map('upper') }}", "self.__class__.__name__"),
        score=0.85,
        trigger=(
            r"__(?:class|mro|base|bases|subclasses|globals|builtins|import|getitem)__|\.mro\(\)|config\.items\(\)"
            r"|(?:lipsum|cycler|joiner|namespace)\.__|_templatereference|request\.application|popen\s?\(|\battr\(['\"]_"
            r"|\\x5f\\x5f|_self\.env|undefinedfiltercallback|\|\s?(?:filter|map|sort|reduce)\(\s?['\"](?:system|exec"
            r"|passthru)"
        ),
    ),
    payload(
        "python-object-walk",
        r"(?:\(\)|\[\]|''|\"\"|\{\}|self)\s?\.__class__\s?\.\s?__(?:mro|base|bases)__[^\n]{0,40}__subclasses__",
        "Walk from any object to every class of the program",
        ("().__class__.__base__.__subclasses__()", "''.__class__.__mro__[2].__subclasses__()"),
        ("self.__class__.__name__", "cls.__subclasses__()"),
        score=0.75,
        trigger=r"__class__\s?\.\s?__(?:mro|base)",
    ),
    payload(
        "freemarker-execute",
        r"freemarker\.template\.utility\.(?:execute|objectconstructor|jythonruntime)|[\"')]\?new\(\)\s?\(",
        "Freemarker template that runs a program",
        ('<#assign ex="freemarker.template.utility.Execute"?new()>${ ex("id") }', '${"x"?new()("id")}'),
        ("freemarker.template.Configuration", "what is new()?"),
        score=0.85,
    ),
    payload(
        "java-expression",
        (
            r"\bT\(\s?java\.lang\.(?:Runtime|ProcessBuilder|System)"
            r"|#set\s?\(\s?\$\w{1,30}\s?=[^\n]{0,80}(?:getruntime|forname\(|java\.lang)"
            r"|\(#_?memberaccess|@java\.lang\.runtime@|[#$%]\{[^}\n]{0,120}(?:getruntime\(\)|java\.lang\.processbuilder"
            r"|class\.forname\(|getclass\(\)\.forname)"
        ),
        "Java expression that runs a program",
        (
            "${T(java.lang.Runtime).getRuntime().exec('id')}",
            "%{(#_memberAccess['allowStaticMethodAccess']=true)}",
            "#set($x=$class.forName('java.lang.Runtime'))",
        ),
        ("Runtime.getRuntime().availableProcessors()", "#set($x = 5)", "import java.lang.Runtime;"),
        score=0.85,
        trigger=r"java\.lang\.|#_?memberaccess|getruntime|forname\(",
    ),
    payload(
        "erb-command",
        (
            r"<%=?\s{0,3}(?:(?:system|exec|IO\.popen|Kernel\.\w{1,10})[\s(]\s?['\"`(]?|%x[({]|`)['\"\w/]"
            r"|<%=?\s{0,3}File\.(?:read|open)\s?\(?\s?['\"]/"
        ),
        "Ruby template that runs a program or reads a file",
        ("<%= system('id') %>", "<%= `ls /` %>", "<%= File.open('/etc/passwd').read %>"),
        ("<%= render 'form' %>", "<%= system_name %>"),
        score=0.65,
        severity=Severity.MEDIUM,
        ignore_case=False,
        trigger=r"<%=?\s*(?:system|exec|IO\.popen|Kernel\.|%x|`|File\.)",
    ),
    payload(
        "smarty-command",
        (
            r"\{php\}|\{(?:system|exec|passthru|shell_exec)\(['\"]|\{smarty\.(?:version|template_object)"
            r"|\{Smarty_Internal_\w{1,30}"
        ),
        "Smarty template that runs a program",
        ("{php}echo `id`;{/php}", "{system('id')}", "{Smarty_Internal_Write_File::writeFile()}"),
        ("{$user.name}", "{system}"),
        score=0.75,
    ),
)
