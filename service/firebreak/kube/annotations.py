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
from typing import Any

from firebreak.kube.options import InjectOptions, Mode, Resources
from firebreak.kube.report import Code, Refused
from firebreak.model.errors import BadConfig

PREFIX = "firebreak.dev/"
INJECT = f"{PREFIX}inject"
STATUS = f"{PREFIX}status"
POLICY = f"{PREFIX}policy"
PROVIDERS = f"{PREFIX}providers"
MODE = f"{PREFIX}mode"
LOG_LEVEL = f"{PREFIX}log-level"
SIZES = ("cpu", "memory", "memory-limit")
SIDECARS = ("engine", "envoy")
ASKED = (
    INJECT,
    POLICY,
    PROVIDERS,
    MODE,
    LOG_LEVEL,
    *(f"{PREFIX}{sidecar}-{size}" for sidecar in SIDECARS for size in SIZES),
)
"""What a user may write. The status annotation is the injector's own."""


def opts_in(annotations: Mapping[str, Any], *, everything: bool) -> Code | None:
    """None when the pod is to be injected, else why it is skipped. Raises `Refused`."""
    if annotations.get(INJECT) == "false":
        return Code.OPTED_OUT
    for name in sorted(name for name in annotations if name.startswith(PREFIX)):
        if name not in (*ASKED, STATUS):
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
    if POLICY in annotations:
        policy = _text(annotations, POLICY)
        options = _checked(POLICY, lambda: replace(options, policy=policy))
    if PROVIDERS in annotations:
        providers = _text(annotations, PROVIDERS)
        options = _checked(PROVIDERS, lambda: replace(options, providers=providers))
    if LOG_LEVEL in annotations:
        level = _text(annotations, LOG_LEVEL)
        options = _checked(LOG_LEVEL, lambda: replace(options, log_level=level))
    if MODE in annotations:
        mode = _mode(_text(annotations, MODE))
        options = _checked(MODE, lambda: replace(options, mode=mode))
    return replace(
        options,
        engine=_resources("engine", options.engine, annotations),
        envoy=_resources("envoy", options.envoy, annotations),
    )


def _checked(name: str, change: Callable[[], InjectOptions]) -> InjectOptions:
    try:
        return change()
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


def _mode(text: str) -> Mode:
    if text not in {mode.value for mode in Mode}:
        raise Refused(Code.BAD_ANNOTATION, f"{MODE}: there is no such mode; use {' or '.join(Mode)}")
    return Mode(text)


def _text(annotations: Mapping[str, Any], name: str) -> str:
    value = annotations[name]
    if not isinstance(value, str):
        raise Refused(Code.BAD_ANNOTATION, f"{name}: it is not text; put it in quotes")
    return value


def _refusal(name: str, error: BadConfig) -> Refused:
    return Refused(Code.BAD_ANNOTATION, f"{name}: {error.problem}" + (f"; {error.mend}" if error.mend else ""))
