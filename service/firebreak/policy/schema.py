"""The form of a policy file: which fields there are, of which type. What they mean together is `semantics`."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeAlias
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    WithJsonSchema,
    field_validator,
)
from pydantic_core import PydanticCustomError

from firebreak.policy.complaints import EMPTY, Complaint

TEXT_PATHS = frozenset(
    {("policy", "version"), ("policy", "effective"), ("policy", "expires"), ("policy", "signatories", "*")}
)
"""Fields that are text though YAML may take what stands there for a number."""

MAX_RULES = 500  # the checks compare each rule with each earlier one
MAX_PRICES = 200
MAX_CANARIES = 100  # each is looked for in all that comes back
MAX_ALLOWED = 1000  # examples of an organisation's own handbooks and tests
MAX_NAMES = 200  # of tools or models that one rule enforces
MAX_CATEGORIES = 500  # a misspelt name is compared with each of them

DecisionWord: TypeAlias = Literal["ALLOW", "WARN", "ALLOW_CONSTRAINED", "REDACT", "REQUIRE_APPROVAL", "BLOCK"]
ModeWord: TypeAlias = Literal["enforce", "shadow"]
Text: TypeAlias = Annotated[str, Field(max_length=4000)]
LooseText: TypeAlias = Annotated[
    str, Field(max_length=200), WithJsonSchema({"type": ["string", "number", "boolean"], "maxLength": 200})
]
RuleId: TypeAlias = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
"""Goes into a header and a metric label as it stands."""
CategoryName: TypeAlias = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9 ._-]{0,63}$")]
DetectorRule: TypeAlias = Annotated[str, Field(min_length=1, max_length=100)]
Name: TypeAlias = Annotated[str, Field(min_length=1, max_length=200)]


def _no_wildcards_but_star(pattern: str) -> str:
    if any(char in pattern for char in "?[]"):
        raise PydanticCustomError("glob", "only `*` stands for other characters in a name", {"mend": "use `*`"})
    return pattern


GlobText: TypeAlias = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_no_wildcards_but_star)]


SurfaceWord: TypeAlias = Literal["request", "response", "tool_call", "tool_result"]
KindWord: TypeAlias = Literal[
    "secret",
    "pii",
    "injection",
    "obfuscation",
    "uninspected",
    "leak",
    "exfiltration",
    "payload",
    "waste",
    "pressure",
    "language",
]
PerMillion: TypeAlias = Annotated[float, Field(ge=0, le=1_000_000)]
"""A price of a million tokens."""
Currency: TypeAlias = Annotated[str, Field(min_length=3, max_length=3)]
Canary: TypeAlias = Annotated[str, Field(min_length=8, max_length=200)]


class _Form(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    @field_validator("*", mode="before")
    @classmethod
    def _no_empty_field(cls, value: object) -> object:
        """A field without a value would be a condition or a date that somebody left blank, and drops silently."""
        if value is None:
            raise PydanticCustomError(EMPTY, "it has no value")
        return value


class HeaderForm(_Form):
    name: Name
    version: LooseText
    effective: LooseText = ""
    expires: LooseText | None = None
    mode: ModeWord = "enforce"
    signatories: dict[str, LooseText] = {}


class DefaultsForm(_Form):
    intent: DecisionWord = "BLOCK"
    finding: DecisionWord = "BLOCK"
    unavailable: DecisionWord = "BLOCK"


class CategoryForm(_Form):
    name: CategoryName
    description: Text = ""
    examples: list[Text] = []
    counterexamples: list[Text] = []


def _bare_name(value: object) -> object:
    return {"name": value} if isinstance(value, str) else value


_CATEGORY_SCHEMA = {"anyOf": [{"type": "string"}, {"$ref": "#/$defs/CategoryForm"}]}
CategoryEntry: TypeAlias = Annotated[CategoryForm, BeforeValidator(_bare_name)]


class FindingForm(_Form):
    kind: KindWord | None = None
    rule: DetectorRule | None = None
    min_score: Annotated[float, Field(ge=0, le=1)] = 0.0
    min_severity: Literal["info", "low", "medium", "high", "critical"] | None = None
    origin: Literal["system", "user", "assistant", "tool", "retrieval"] | None = None


class CallForm(_Form):
    tool: GlobText | None = None
    arguments: GlobText | None = None


class CallerForm(_Form):
    namespace: GlobText | None = None
    service_account: GlobText | None = None
    pod: GlobText | None = None
    spiffe_id: GlobText | None = None
    user: GlobText | None = None
    session: GlobText | None = None


class MatchForm(_Form):
    on: Annotated[list[SurfaceWord], Field(min_length=1)] = ["request", "response"]
    findings: Annotated[list[FindingForm], Field(min_length=1)] | None = None
    calls: Annotated[list[CallForm], Field(min_length=1)] | None = None
    callers: Annotated[list[CallerForm], Field(min_length=1)] | None = None
    models: Annotated[list[GlobText], Field(min_length=1)] | None = None
    providers: Annotated[list[GlobText], Field(min_length=1)] | None = None
    tools: Annotated[list[GlobText], Field(min_length=1)] | None = None


class EnforceForm(_Form):
    max_output_tokens: Annotated[int, Field(ge=1, le=10_000_000)] | None = None
    remove_tools: Annotated[list[GlobText], Field(min_length=1, max_length=MAX_NAMES)] | None = None
    system_preamble: Annotated[str, Field(min_length=1, max_length=4000)] | None = None
    forbid_stream: bool = False
    models: Annotated[list[GlobText], Field(min_length=1, max_length=MAX_NAMES)] | None = None


class RuleForm(_Form):
    id: RuleId
    decision: DecisionWord
    description: Text = ""
    match_categories: Annotated[list[CategoryName], Field(max_length=MAX_CATEGORIES)] | None = None
    match: MatchForm | None = None
    mode: ModeWord = "enforce"
    audit: Literal["standard", "enhanced", "critical"] = "standard"
    requires_human: bool = False
    constraints: list[Text] = []
    enforce: EnforceForm | None = None
    alerts: list[Name] = []
    color: Annotated[str, Field(max_length=40)] = "green"
    note: Text = ""


class MessageForm(_Form):
    role: Literal["system", "developer", "user", "assistant"]
    content: Text


class CaseCallerForm(_Form):
    namespace: str = ""
    service_account: str = ""
    pod: str = ""
    spiffe_id: str = ""
    user: str = ""
    session: str = ""


class ExpectForm(_Form):
    decision: DecisionWord
    rule: str | None = None
    intent: str | None = None
    findings: list[str] | None = None


class CaseCallForm(_Form):
    tool: Name
    arguments: Text = ""


class CaseForm(_Form):
    name: Text = ""
    prompt: Text | None = None
    messages: Annotated[list[MessageForm], Field(min_length=1)] | None = None
    tool_result: Text | None = None
    response: Annotated[str, Field(min_length=1, max_length=4000)] | None = None
    response_call: CaseCallForm | None = None
    caller: CaseCallerForm | None = None
    model: str = ""
    tools: list[Name] = []
    expect: ExpectForm


def _plain_address(url: str) -> str:
    mend = {"mend": "write `https://host/path`"}
    try:
        parts = urlsplit(url)
        usable = bool(parts.hostname) and parts.port != 0 and parts.scheme in ("http", "https")
        credential = parts.username is not None or parts.password is not None
    except ValueError:
        raise PydanticCustomError("url", "the address is not a URL", mend) from None
    if not usable:
        raise PydanticCustomError("url", "the address is not an http or https URL", mend)
    if parts.query or parts.fragment or any(char.isspace() for char in url):
        mend = {"mend": "end it with the path: the API's own route is added to it"}
        raise PydanticCustomError("url", "the address has a query, a fragment or a space", mend)
    if credential:
        mend = {"mend": "set the key as an option instead"}
        raise PydanticCustomError("url", "the address carries a credential", mend)
    return url


class JudgeForm(_Form):
    api: Literal["openai", "anthropic"]
    url: Annotated[str, Field(max_length=500), AfterValidator(_plain_address)]
    model: Name
    timeout_ms: Annotated[int, Field(ge=10, le=30_000)] = 2000
    calls_per_minute: Annotated[int, Field(ge=0, le=100_000)] = 60
    cache_entries: Annotated[int, Field(ge=0, le=1_000_000)] = 4096
    min_confidence: Annotated[float, Field(ge=0, le=1)] = 0.7


class AllowedForm(_Form):
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    reason: Annotated[str, Field(min_length=1, max_length=400)]


class RedactionForm(_Form):
    restore: bool = False


class PriceForm(_Form):
    models: Annotated[list[GlobText], Field(min_length=1)]
    input: PerMillion
    output: PerMillion
    cached: PerMillion | None = None


class PolicyForm(_Form):
    policy: HeaderForm
    defaults: DefaultsForm = DefaultsForm()
    categories: Annotated[list[CategoryEntry], Field(max_length=MAX_CATEGORIES)] | None = None
    rules: Annotated[list[RuleForm], Field(min_length=1, max_length=MAX_RULES)]
    judge: JudgeForm | None = None
    canaries: Annotated[list[Canary], Field(max_length=MAX_CANARIES)] = []
    allowed_values: Annotated[list[AllowedForm], Field(max_length=MAX_ALLOWED)] = []
    redaction: RedactionForm = RedactionForm()
    prices: Annotated[list[PriceForm], Field(max_length=MAX_PRICES)] = []
    currency: Currency = "USD"
    tests: list[CaseForm] = []


_FORMS: Mapping[tuple[str, ...], type[_Form]] = {
    (): PolicyForm,
    ("policy",): HeaderForm,
    ("defaults",): DefaultsForm,
    ("categories", "*"): CategoryForm,
    ("rules", "*"): RuleForm,
    ("rules", "*", "enforce"): EnforceForm,
    ("rules", "*", "match"): MatchForm,
    ("rules", "*", "match", "findings", "*"): FindingForm,
    ("rules", "*", "match", "calls", "*"): CallForm,
    ("rules", "*", "match", "callers", "*"): CallerForm,
    ("judge",): JudgeForm,
    ("allowed_values", "*"): AllowedForm,
    ("redaction",): RedactionForm,
    ("prices", "*"): PriceForm,
    ("tests", "*"): CaseForm,
    ("tests", "*", "messages", "*"): MessageForm,
    ("tests", "*", "response_call"): CaseCallForm,
    ("tests", "*", "caller"): CaseCallerForm,
    ("tests", "*", "expect"): ExpectForm,
}


def fields_at(place: tuple[str | int, ...]) -> tuple[str, ...]:
    """Names of the fields that may stand at a place of the file."""
    form = _FORMS.get(tuple("*" if isinstance(step, int) else step for step in place))
    return tuple(form.model_fields) if form else ()


def read_form(document: object) -> PolicyForm | list[Complaint]:
    """The document as a policy, or everything about its shape that is wrong."""
    try:
        return PolicyForm.model_validate(document)
    except ValidationError as error:
        found = error.errors(include_url=False)
    return [Complaint(one["loc"], one["type"], one["msg"], one["input"], one.get("ctx", {})) for one in found]


def json_schema() -> dict[str, Any]:
    """The form as a JSON schema, for editors."""
    schema = PolicyForm.model_json_schema()
    for form in schema["$defs"].values():
        form.pop("title", None)
        for described in form["properties"].values():
            _write_plainly(described)
    for described in schema["properties"].values():
        _write_plainly(described)
    categories = schema["properties"]["categories"]
    categories["items"] = _CATEGORY_SCHEMA
    schema["title"] = "Firebreak policy"
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def _write_plainly(described: dict[str, Any]) -> None:
    """No title that repeats the name, and no null: a field is left out rather than left empty."""
    described.pop("title", None)
    choices = [one for one in described.get("anyOf", ()) if one != {"type": "null"}]
    if len(choices) == 1:
        del described["anyOf"]
        described.update(choices[0])
    if described.get("default", "") is None:
        del described["default"]
