"""Which detectors and rules there are: the explicit lists. A new rule is a line in its file, a new file a line here."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from firebreak.detect import obfuscation, uninspected
from firebreak.detect.exfiltration import addresses, collectors, scripts
from firebreak.detect.hidden import art, markup
from firebreak.detect.injection import delimiters, extraction, languages, orders, override, persona
from firebreak.detect.interface import Detector
from firebreak.detect.language import detector as language
from firebreak.detect.ngram import detector as ngram
from firebreak.detect.patterns import PatternDetector
from firebreak.detect.payload import address, jndi, objects, shell, sql, template, web
from firebreak.detect.pii import contact, europe, identity, network, payment, person, world
from firebreak.detect.pressure import english
from firebreak.detect.pressure import languages as pressure_languages
from firebreak.detect.rule import PatternRule
from firebreak.detect.secrets import (
    ai,
    anthropic,
    assignment,
    aws,
    azure,
    cloud,
    commerce,
    data,
    github,
    gitlab,
    google,
    keys,
    messaging,
    observability,
    openai,
    packages,
    places,
    slack,
    social,
    stripe,
    structure,
    wallets,
    work,
)
from firebreak.detect.waste import orders as waste_orders
from firebreak.detect.waste import repetition
from firebreak.model.finding import FindingKind

SECRETS: tuple[PatternRule, ...] = (
    *openai.RULES,
    *anthropic.RULES,
    *aws.RULES,
    *google.RULES,
    *azure.RULES,
    *github.RULES,
    *gitlab.RULES,
    *slack.RULES,
    *stripe.RULES,
    *ai.RULES,
    *cloud.RULES,
    *commerce.RULES,
    *data.RULES,
    *messaging.RULES,
    *observability.RULES,
    *packages.RULES,
    *social.RULES,
    *wallets.RULES,
    *work.RULES,
    *keys.RULES,
    *structure.RULES,
    *places.RULES,
    *assignment.RULES,
)
PII: tuple[PatternRule, ...] = (
    *contact.RULES,
    *person.RULES,
    *identity.RULES,
    *europe.RULES,
    *world.RULES,
    *payment.RULES,
    *network.RULES,
)
INJECTION: tuple[PatternRule, ...] = (
    *override.RULES,
    *persona.RULES,
    *extraction.RULES,
    *delimiters.RULES,
    *orders.RULES,
    *languages.RULES,
)
EXFILTRATION: tuple[PatternRule, ...] = (*addresses.RULES, *collectors.RULES, *scripts.RULES)
PAYLOAD: tuple[PatternRule, ...] = (
    *sql.RULES,
    *template.RULES,
    *web.RULES,
    *address.RULES,
    *jndi.RULES,
    *shell.RULES,
    *objects.RULES,
)
PRESSURE: tuple[PatternRule, ...] = (*english.RULES, *pressure_languages.RULES)
RULES: tuple[PatternRule, ...] = (
    *SECRETS,
    *PII,
    *INJECTION,
    *EXFILTRATION,
    *PAYLOAD,
    *markup.RULES,
    *waste_orders.RULES,
    *PRESSURE,
)
LEAKS = ("system-prompt-overlap", "canary-token")
"""Found in a response by comparing it with its own request and the policy's `canaries`; no pattern knows them."""

ENCODED = ("injection-encoder",)
"""Found by an encoder, where one is mounted, in what the small model is unsure of."""

TAGGED = ("person-name", "postal-address")
"""Found by a model that tags words, where one is mounted; of addresses there are patterns too."""


def known_rules() -> Mapping[str, FindingKind]:
    """Every rule id that a finding can carry, with its kind. Compiles no pattern database."""
    return MappingProxyType(
        {rule.id: rule.kind for rule in RULES}
        | dict.fromkeys(obfuscation.RULES, FindingKind.OBFUSCATION)
        | dict.fromkeys(art.RULES, FindingKind.OBFUSCATION)
        | dict.fromkeys(repetition.RULES, FindingKind.WASTE)
        | dict.fromkeys(language.RULES, FindingKind.LANGUAGE)
        | dict.fromkeys(uninspected.RULES, FindingKind.UNINSPECTED)
        | dict.fromkeys(LEAKS, FindingKind.LEAK)
        | {ngram.RULE: FindingKind.INJECTION}
        | dict.fromkeys(ENCODED, FindingKind.INJECTION)
        | dict.fromkeys(TAGGED, FindingKind.PII)
    )


@cache
def detectors(prepared: bytes = b"") -> tuple[Detector, ...]:
    """The default detectors, built once in a process. Raises BadConfig where they cannot run."""
    return (
        PatternDetector(RULES, prepared),
        obfuscation.ObfuscationDetector(),
        art.DrawnLettersDetector(),
        repetition.RepetitionDetector(),
        language.LanguageDetector(),
        uninspected.UninspectedDetector(),
    )
