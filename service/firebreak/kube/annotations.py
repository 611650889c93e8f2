"""What a pod's annotations ask for.

Whether a pod is to be injected:

    firebreak.dev/inject   another firebreak.dev/   everything   outcome
    "false"                any                      any          skipped: opted-out
    any other              a name not listed here   any          refused: unknown-annotation
    absent                 listed names or none     no           skipped: not-opted-in
    absent                 listed names or none     yes          opted in
    "true"                 listed names or none     any          opted in
    anything else          listed names or none     any          refused: bad-annotation

A name that is not listed is refused before anything else, because a misspelt opt-in must not be a missing one.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from difflib import get_close_matches
from enum import StrEnum
from typing import Any, TypeVar

from firebreak.kube.options import CA_KEY, JUDGE_KEY, Egress, InjectOptions, Mode, Reference, Resources
from firebreak.kube.report import Code, Refused
from firebreak.model.errors import BadConfig

PREFIX = "firebreak.dev/"
INJECT = f"{PREFIX}inject"
STATUS = f"{PREFIX}status"
POLICY = f"{PREFIX}policy"
PROVIDERS = f"{PREFIX}providers"
MODE = f"{PREFIX}mode"
LOG_LEVEL = f"{PREFIX}log-level"
EGRESS = f"{PREFIX}egress"
EGRESS_ALLOW = f"{PREFIX}egress-allow"
EGRESS_NETWORKS = f"{PREFIX}egress-networks"
EGRESS_REFUSE = f"{PREFIX}egress-refuse"
JUDGE_SECRET = f"{PREFIX}judge-secret"
CA_BUNDLE = f"{PREFIX}ca-bundle"
CREDENTIALS = f"{PREFIX}credentials"
EVENTS = f"{PREFIX}events"
ENCODER_CLAIM = f"{PREFIX}encoder-claim"
POLICY_DIGEST = f"{PREFIX}policy-digest"
SIZES = ("cpu", "memory", "memory-limit")
SIDECARS = ("engine", "envoy")
ASKED = (
    INJECT,
    POLICY,
    PROVIDERS,
    MODE,
    LOG_LEVEL,
    EGRESS,
    EGRESS_ALLOW,
    EGRESS_NETWORKS,
    EGRESS_REFUSE,
    JUDGE_SECRET,
    CA_BUNDLE,
    CREDENTIALS,
    EVENTS,
    ENCODER_CLAIM,
    *(f"{PREFIX}{sidecar}-{size}" for sidecar in SIDECARS for size in SIZES),
)
"""What a user may write."""
WRITTEN = (STATUS, POLICY_DIGEST)
"""What the injector and the engine write."""


_Words = TypeVar("_Words", bound=StrEnum)


class Flag(StrEnum):
    """Of an annotation, whose values are text."""

    TRUE = "true"
    FALSE = "false"


def opts_in(annotations: Mapping[str, Any], *, everything: bool) -> Code | None:
    """None when the pod is to be injected, else why it is skipped. Raises `Refused`."""
    if annotations.get(INJECT) == "false":
        return Code.OPTED_OUT
    for name in sorted(name for name in annotations if name.startswith(PREFIX)):
        if name not in (*ASKED, *WRITTEN):
            near = get_close_matches(name[:64], ASKED, n=1)
            hint = f"did you mean {near[0]}?" if near else "see docs/inject.md for the names"
            raise Refused(Code.UNKNOWN_ANNOTATION, f"{name}; {hint}")
    if INJECT not in annotations:
        return None if everything else Code.NOT_OPTED_IN
    if annotations[INJECT] != "true":
        raise Refused(Code.BAD_ANNOTATION, f'{INJECT}: it is neither of the two; write "true" or "false", in quotes')
    return None


def refuse_misplaced(owner: Mapping[str, Any], place: str, home: str) -> None:
    """An annotation for the pod that stands in this mapping goes unheard. Raises `Refused`."""
    for name in ASKED:
        if name in owner:
            raise Refused(Code.MISPLACED, f"{name} in {place}; move it to {home}")


def for_pod(options: InjectOptions, annotations: Mapping[str, Any]) -> InjectOptions:
    """The options as the pod's annotations change them. Raises `Refused` that names the annotation."""
    changes: dict[str, Callable[[str], InjectOptions]] = {
        POLICY: lambda text: replace(options, policy=text),
        PROVIDERS: lambda text: replace(options, providers=text),
        LOG_LEVEL: lambda text: replace(options, log_level=text),
        MODE: lambda text: replace(options, mode=_one_of(MODE, Mode, text)),
        EGRESS: lambda text: replace(options, egress=_one_of(EGRESS, Egress, text)),
        EGRESS_ALLOW: lambda text: replace(options, egress_allow=text),
        EGRESS_NETWORKS: lambda text: replace(options, egress_networks=text),
        EGRESS_REFUSE: lambda text: replace(options, egress_refuse=text),
        JUDGE_SECRET: lambda text: replace(options, judge_secret=Reference.read(JUDGE_SECRET, text, JUDGE_KEY)),
        CA_BUNDLE: lambda text: replace(options, ca_bundle=Reference.read(CA_BUNDLE, text, CA_KEY)),
        CREDENTIALS: lambda text: replace(options, credentials=text),
        EVENTS: lambda text: replace(options, events=_one_of(EVENTS, Flag, text) is Flag.TRUE),
        ENCODER_CLAIM: lambda text: replace(options, encoder=options.encoder.from_claim(ENCODER_CLAIM, text)),
    }
    for name, change in changes.items():
        if name in annotations:
            options = _checked(name, _text(annotations, name), change)
    for name in (EGRESS_ALLOW, EGRESS_NETWORKS, EGRESS_REFUSE):
        if name in annotations and not options.locked:
            raise Refused(Code.BAD_ANNOTATION, f"{name}: egress is open, so it changes nothing; add {EGRESS}: locked")
    return replace(
        options,
        engine=_resources("engine", options.engine, annotations),
        envoy=_resources("envoy", options.envoy, annotations),
    )


def _checked(name: str, text: str, change: Callable[[str], InjectOptions]) -> InjectOptions:
    try:
        return change(text)
    except BadConfig as error:
        raise _refusal(name, error) from error


def _resources(sidecar: str, now: Resources, annotations: Mapping[str, Any]) -> Resources:
    names = {size: f"{PREFIX}{sidecar}-{size}" for size in SIZES}
    asked = {size: _text(annotations, name) for size, name in names.items() if name in annotations}
    try:
        return Resources(
            asked.get("cpu", now.cpu),
            asked.get("memory", now.memory),
            asked.get("memory-limit", now.memory_limit),
            now.least_limit,
        )
    except BadConfig as error:
        raise _refusal(names[error.place], error) from error


def _one_of(name: str, words: type[_Words], text: str) -> _Words:
    if text not in {word.value for word in words}:
        raise Refused(Code.BAD_ANNOTATION, f"{name}: there is no such value; use {' or '.join(words)}")
    return words(text)


def _text(annotations: Mapping[str, Any], name: str) -> str:
    value = annotations[name]
    if not isinstance(value, str):
        raise Refused(Code.BAD_ANNOTATION, f"{name}: it is not text; put it in quotes")
    return value


def _refusal(name: str, error: BadConfig) -> Refused:
    return Refused(Code.BAD_ANNOTATION, f"{name}: {error.problem}" + (f"; {error.mend}" if error.mend else ""))
