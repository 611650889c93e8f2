"""The fields of Google's JSON, which take two spellings (Protocol Buffers documentation, "ProtoJSON format")."""

import re

from firebreak.codecs.fields import Members
from firebreak.model.errors import BadInput
from firebreak.model.reason import Reason

_CAPITAL = re.compile("[A-Z]")


def spelt(members: Members, name: str) -> str:
    """The key that the field `name` (`systemInstruction`) stands under, `system_instruction` if not as it is.

    With both there are two fields for one, and readers disagree on which counts.
    """
    other = _CAPITAL.sub(lambda found: f"_{found.group().lower()}", name)
    if other == name or other not in members:
        return name
    if name in members:
        raise BadInput(Reason.DUPLICATE_KEY)
    return other
