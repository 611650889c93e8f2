"""What somebody should read about one object of the cluster, before it is an Event."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Announcement:
    """The object (its `uid` may be empty), a machine code, and a sentence on one line."""

    namespace: str
    api_version: str
    kind: str
    name: str
    uid: str
    code: str
    sentence: str
    warning: bool
