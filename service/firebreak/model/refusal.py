"""A refusal before and after a codec has given it the provider's own form."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why and how: `status` is HTTP's, `code` a machine code, `message` for people, `kind` picks the provider's type.

    `kind` is `policy` (a decision) or `invalid` (the body could not be read) or `unavailable` (our own fault).
    """

    status: int
    code: str
    message: str
    kind: str
    param: str = ""


@dataclass(frozen=True, slots=True)
class Rendered:
    """An HTTP answer in the provider's own error form."""

    status: int
    content_type: str
    body: bytes
