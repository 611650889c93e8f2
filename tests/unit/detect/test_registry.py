import json
import re
from pathlib import Path

import pytest

from firebreak.detect.patterns import PatternDetector
from firebreak.detect.registry import INJECTION, PII, RULES, SECRETS, detectors, known_rules
from firebreak.model.conversation import Origin, Part, PartKind, Role
from firebreak.model.finding import FindingKind
from firebreak.text.views import views


def test_ids_are_kebab_case_and_unique():
    ids = [rule.id for rule in RULES]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", rule) for rule in known_rules())


def test_each_list_has_one_kind():
    assert {rule.kind for rule in SECRETS} == {FindingKind.SECRET}
    assert {rule.kind for rule in PII} == {FindingKind.PII}
    assert {rule.kind for rule in INJECTION} == {FindingKind.INJECTION}


def test_known_rules_name_every_kind():
    assert set(known_rules().values()) == set(FindingKind)
    assert all(known_rules()[rule.id] is rule.kind for rule in RULES)


def test_scores_are_shares():
    assert all(0 < rule.score <= 1 for rule in RULES)


def test_detectors_are_built_once_and_named_apart():
    assert detectors() is detectors()
    names = [detector.name for detector in detectors()]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_rule_agrees_with_its_examples(rule):
    rule.prove()


def test_the_documentation_lists_every_rule_as_it_is():
    table = (Path(__file__).resolve().parents[3] / "docs" / "detectors.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `([a-z0-9-]+)` (\|.*)$", table.partition("## Rules")[2], re.MULTILINE))
    assert set(rows) == set(known_rules())
    for rule in RULES:
        severity = rule.severity.name.lower()
        assert rows[rule.id] == f"| {rule.kind} | {severity} | {rule.score:g} | {rule.description} |"


FORMATS = {
    "JSON": lambda text: json.dumps({"text": text}),
    "JSON in JSON": lambda text: json.dumps(json.dumps({"text": text})),
    "JSON with its slashes escaped": lambda text: json.dumps({"text": text}).replace("/", "\\/"),
    "code": lambda text: f"use `{text}` please",
    "a cell": lambda text: f"|{text}|b|",
    "a cell of HTML": lambda text: f"<td>{text}</td>",
    "bold": lambda text: f"**{text}**",
    "brackets": lambda text: f"({text})",
    "a line": lambda text: f"a line\r\n{text}\r\nand another",
    "a column": lambda text: f"name\t{text}\tend",
    "an escaped line": lambda text: f"a line\\n{text}\\nand another",
    "a name and a colon": lambda text: f"host:{text}",
    "a sentence": lambda text: f"für {text}. Über",
    "a clause": lambda text: f"{text}, right?",
    "Chinese": lambda text: f"这是{text}。",
    "no-break spaces": lambda text: f"see\u00a0{text}\u00a0there",
}
PERSONAL = PatternDetector([*SECRETS, *PII])
OTHERS = [rule for rule in RULES if rule not in (*SECRETS, *PII)]


def kinds_found(text, detector=PERSONAL):
    part = Part(PartKind.TEXT, Role.USER, Origin.USER, text, ())
    return {hit.kind for hit in detector.detect(part, views(text))}


@pytest.mark.parametrize("rule", [*SECRETS, *PII], ids=lambda rule: rule.id)
def test_an_example_is_found_in_any_format(rule):
    lost = [
        (name, text)
        for text in rule.matches
        for name, put in FORMATS.items()
        if rule.kind not in kinds_found(put(text))
    ]
    assert not lost


@pytest.mark.parametrize("name", [name for name in FORMATS if name.startswith("JSON")])
def test_an_example_of_any_kind_is_found_in_json(name):
    others = PatternDetector(OTHERS)
    examples = [(rule.kind, text) for rule in OTHERS for text in rule.matches]
    assert [text for kind, text in examples if kind not in kinds_found(FORMATS[name](text), others)] == []


IDENTIFIERS = {
    "536228726": ("ssn", "userSsn", "SSN_NUMBER", "socialSecurityNumber", "social_security_number"),
    "AB123456C": ("nationalInsuranceNumber", "national_insurance_no", "nino"),
    "C01X00T47": ("passportNumber", "passport_no"),
    "B072RRE2I55": ("drivingLicenceNumber", "driver_license_number", "driversLicense"),
    "123456782": ("taxFileNumber", "tax_file_number", "tfn"),
    "1987-12-04": ("dateOfBirth", "birth_date", "userDob", "DOB"),
    "030 1234567": ("homePhone", "phoneNumber", "work_phone", "cellPhone", "faxNumber"),
    "742 Evergreen Terrace, Springfield, OR 97403": ("homeAddress", "shipping_address"),
    "4222222222222": ("creditCardNumber", "card_number"),
    "36574261809": ("steuerIdentifikationsnummer", "steuer_id", "taxId"),
    "943 476 5870": ("nhsNumber", "nhs_number"),
    "39053344705": ("cpfNumber", "numero_cpf"),
    "ACUPA7085R": ("panNumber", "permanentAccountNumber"),
    "DE136695976": ("vatNumber", "vat_id", "ustIdNr"),
    "7503305044089": ("idNumber", "identity_number"),
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for value, names in IDENTIFIERS.items() for name in names])
@pytest.mark.parametrize("entry", ['{"%s": "%s"}', "%s=%s", "%s: %s", "<%s>%s</x>", "<td>%s</td><td>%s</td>"])
def test_an_identifier_tells_what_its_value_is(name, value, entry):
    assert FindingKind.PII in kinds_found(entry % (name, value))


@pytest.mark.parametrize(("name", "value"), [(name, value) for value, names in IDENTIFIERS.items() for name in names])
@pytest.mark.parametrize(
    "table",
    [
        'id,%s,remark\r\n1,"%s",none\r\n',
        "id\t%s\tremark\n1\t%s\tnone\n",
        "| id | %s |\n|---|---|\n| 1 | %s |\n",
        " id | %s \n----+----\n 1 | %s\n",
    ],
)
def test_the_name_of_a_column_tells_what_its_values_are(name, value, table):
    assert FindingKind.PII in kinds_found(table % (name, value))


@pytest.mark.parametrize("name", ["password", "db_password", "api_key", "apiKey", "client_secret", "access_token"])
def test_the_name_of_a_column_tells_of_secrets(name):
    assert FindingKind.SECRET in kinds_found(f"user,{name}\nbob,k9Xq2LmZ7vBt4WcR8hNsY3pD6gJ\n")
