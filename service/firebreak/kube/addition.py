"""The only thing the injector does to a manifest: add. There is no way to say remove or replace."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

END = "-"
"""The place after a list's last item, as RFC 6902 writes it."""


@dataclass(frozen=True, slots=True)
class Addition:
    """`value` goes to `path`: a key that is absent or null, an index before which it is put, or the list's end."""

    path: tuple[str | int, ...]
    value: Any

    def below(self, prefix: tuple[str | int, ...]) -> "Addition":
        return replace(self, path=(*prefix, *self.path))

    def operation(self) -> dict[str, Any]:
        """As one operation of a JSON patch (RFC 6902)."""
        steps = (str(step).replace("~", "~0").replace("/", "~1") for step in self.path)
        return {"op": "add", "path": "".join(f"/{step}" for step in steps), "value": self.value}


def into_list(path: tuple[str | int, ...], present: object, values: Iterable[Any], *, front: bool) -> list[Addition]:
    """What puts the values, in their order, before or after what the list at the path holds now."""
    wanted = list(values)
    if not wanted:
        return []
    if present is None:
        return [Addition(path, wanted)]
    return [Addition((*path, index if front else END), value) for index, value in enumerate(wanted)]
