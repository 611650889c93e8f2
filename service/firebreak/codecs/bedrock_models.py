"""Model ids in the paths of Amazon Bedrock, and which vendor's body a model takes (Bedrock User Guide, "Inference
request parameters and response fields for foundation models").

A model is named by its id, by an inference profile (`us.` before the id) or by an ARN; in a path the colons and slashes
of a name are escaped.
"""

import re
from enum import Enum

from firebreak.model.errors import BadInput
from firebreak.model.reason import Reason

_PATH = re.compile(r"/model/([^/]+)/[a-z-]+")
_ESCAPES = {"%3a": ":", "%2f": "/"}
_ESCAPE = re.compile("%3a|%2f", re.IGNORECASE)
_WORD = r"[A-Za-z0-9](?:[A-Za-z0-9_-]|[.:](?=[A-Za-z0-9]))*"
_MODEL = re.compile(
    rf"{_WORD}|arn:aws(?:-[a-z]+)*:(?:bedrock|sagemaker):[a-z0-9-]{{1,30}}:(?:[0-9]{{12}})?:[a-z-]{{1,40}}(?:/{_WORD}){{1,2}}",
    re.ASCII,
)
MAX_MODEL = 512
"""Characters of a name. The longest ids have some 90, ARNs some 200."""


class Family(Enum):
    """Whose body InvokeModel takes. Of a model whose name tells nothing (`UNTOLD`), the body itself must."""

    ANTHROPIC = r"anthropic\.claude"
    TITAN = r"amazon\.titan-t(?:ext|g1)-"
    EMBEDDING = r"amazon\.titan-embed-(?:g1-)?text-"
    NOVA = r"amazon\.nova-(?!canvas|reel|sonic|multimodal)"
    PROMPT = r"meta\.llama"
    CHAT = r"(?:mistral|openai|qwen|deepseek|moonshotai?|minimax|zai|google|nvidia)\."
    UNTOLD = r"(?!)"


_REGION = re.compile(r"(?:us|eu|apac|us-gov|ca|sa|jp|au|global|me|af|il|mx)\.")
_TELLING = re.compile(r"arn:[^/]+:(?:foundation-model|inference-profile)/(.+)")


def model_of(path: str) -> str:
    """The model that a path names. Raises `BadInput` where it is no name."""
    found = _PATH.fullmatch(path)
    name = _ESCAPE.sub(lambda escape: _ESCAPES[escape.group().lower()], found.group(1)) if found else ""
    if len(name) > MAX_MODEL or not _MODEL.fullmatch(name):
        raise BadInput(Reason.UNKNOWN_ROUTE, "path")
    return name


def family_of(model: str) -> Family:
    """Raises `BadInput` for models whose bodies no codec reads: images, video, sound."""
    told = _TELLING.fullmatch(model)
    if model.startswith("arn:") and not told:
        return Family.UNTOLD
    name = told.group(1) if told else model
    region = _REGION.match(name)
    name = name[region.end() :] if region else name
    for family in Family:
        if re.match(family.value, name):
            return family
    raise BadInput(Reason.UNKNOWN_ROUTE, "path")
