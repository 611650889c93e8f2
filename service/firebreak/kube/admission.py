"""An AdmissionReview in, an AdmissionReview out: the injector as the API server asks it, with nothing of a network.

    what came                                   HTTP    answer
    no AdmissionReview of v1 with a uid         400     a sentence; without a uid there is nobody to answer
    anything but a pod that is created          200     not allowed: not-a-pod (the webhook's rules are wrong)
    a pod that is refused                       200     not allowed: code and sentence
    a pod that is skipped                       200     allowed, untouched
    a pod that is injected                      200     allowed, with the patch, and a warning for each note

It is total: whatever the bytes are, one of these is the answer.
"""

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from firebreak.codecs import strict_json
from firebreak.kube.inject import Injection, patch
from firebreak.kube.options import InjectOptions
from firebreak.kube.report import Code, Refused, Report
from firebreak.kube.shape import items, mapping, text
from firebreak.model.announcement import Announcement
from firebreak.model.errors import BadInput

API_VERSION, KIND = "admission.k8s.io/v1", "AdmissionReview"
MAX_WARNINGS, MAX_WARNING_CHARS = 16, 256  # past 4096 characters in all, the API server cuts them off
MAX_MESSAGE_CHARS = 1024
MAX_NOTE_CHARS = 240  # an Event takes 1024 bytes; a character has four at most
_SILENT = (Code.NOT_OPTED_IN, Code.ALREADY_INJECTED)
"""Nobody asked, or it is the second look at a pod that another webhook has changed."""

_UID = re.compile(r"[!-~]{1,128}")
_NAMESPACE = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9./_-]{0,251}[A-Za-z0-9])?")


@dataclass(frozen=True, slots=True)
class Answer:
    """HTTP status and body; the report, where a question was decided on; what to tell the cluster, if anything."""

    status: int
    body: dict[str, Any]
    report: Report | None = None
    announcement: Announcement | None = None


def answer(raw: bytes, options: InjectOptions) -> Answer:
    """What to say to the API server."""
    try:
        review = strict_json.parse(raw)
    except BadInput as error:
        return _unreadable(str(error))
    if not isinstance(review, Mapping) or (review.get("apiVersion"), review.get("kind")) != (API_VERSION, KIND):
        return _unreadable(f"this is no {KIND} of {API_VERSION}")
    request = review.get("request")
    if not isinstance(request, Mapping) or not _UID.fullmatch(text(request, "uid")):
        return _unreadable("the request in it has no uid")
    injection = _decided(request, options)
    dry_run = request.get("dryRun") not in (None, False)
    announcement = None if dry_run else _announcement(request, injection.report)
    return Answer(200, _review(text(request, "uid"), injection), injection.report, announcement)


def _unreadable(problem: str) -> Answer:
    return Answer(400, {"message": _line(problem, MAX_MESSAGE_CHARS)})


def _decided(request: Mapping[str, Any], options: InjectOptions) -> Injection:
    kind = request.get("kind")
    asked = (text(kind, "group"), text(kind, "version"), text(kind, "kind")) if isinstance(kind, Mapping) else ()
    operation = text(request, "operation")
    if asked != ("", "v1", "Pod") or operation != "CREATE" or request.get("subResource") not in (None, ""):
        words = " ".join(word for word in (operation, *asked, text(request, "subResource")) if word)
        mend = "let the webhook's rules name CREATE of pods only"
        return Injection((), Report(Code.NOT_A_POD, f"{words or 'something else'}; {mend}"))
    return patch(request.get("object"), options)


def _review(uid: str, injection: Injection) -> dict[str, Any]:
    report = injection.report
    response: dict[str, Any] = {
        "uid": uid,
        "allowed": not report.refused,
        "auditAnnotations": {"outcome": report.code},
    }
    if report.refused:
        message = _line(f"firebreak: refused[{report.code}]: {report.sentence}", MAX_MESSAGE_CHARS)
        response["status"] = {"status": "Failure", "code": 403, "reason": "Forbidden", "message": message}
    if report.notes:
        said = (f"firebreak: {note.code}: {note.sentence}" for note in report.notes[:MAX_WARNINGS])
        response["warnings"] = [_line(words, MAX_WARNING_CHARS) for words in said]
    if injection.additions:
        operations = json.dumps(injection.json_patch(), separators=(",", ":")).encode()
        response |= {"patchType": "JSONPatch", "patch": base64.b64encode(operations).decode("ascii")}
    return {"apiVersion": API_VERSION, "kind": KIND, "response": response}


def _announcement(request: Mapping[str, Any], report: Report) -> Announcement | None:
    """About the pod's controller, else its namespace: the pod itself is not there yet.

    None where the request's own words make no object that could be named.
    """
    if report.outcome in _SILENT or (report.injected and not report.notes):
        return None
    namespace = text(request, "namespace")
    if not _NAMESPACE.fullmatch(namespace):
        return None
    owner = _controller(request.get("object"))
    about = [text(owner, field) for field in ("apiVersion", "kind", "name", "uid")]
    if not all(_NAME.fullmatch(word) for word in about):
        about = ["v1", "Namespace", namespace, ""]
    sentence = _line("; ".join([report.sentence, *(note.sentence for note in report.notes)]), MAX_NOTE_CHARS)
    warning = report.refused or bool(report.notes)
    api_version, kind, name, uid = about
    return Announcement(namespace, api_version, kind, name, uid, report.code, sentence, warning)


def _controller(pod: Any) -> Mapping[str, Any]:
    try:
        metadata = mapping(pod, "metadata", "") if isinstance(pod, Mapping) else {}
        owners = items(metadata, "ownerReferences", "metadata.")
    except Refused:
        return {}
    return next((owner for owner in owners if owner.get("controller") is True), {})


def _line(words: str, limit: int) -> str:
    """One line of what may hold somebody's text: printable, and no longer than that."""
    clean = "".join(char if char.isprintable() else "?" for char in words[: limit + 1])
    return clean if len(clean) <= limit else f"{clean[: limit - 3]}..."
