"""Dates of a policy as instants."""

import re
from datetime import UTC, datetime

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def instant(text: str) -> float | None:
    """Unix time of a date (its first moment in UTC) or of a time with a zone; `None` for anything else."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if _DAY.fullmatch(text):
        return moment.replace(tzinfo=UTC).timestamp()
    return moment.timestamp() if moment.tzinfo else None
