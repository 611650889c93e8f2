"""Views: normalised readings of a text, each with a map back to the text's own characters."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class View:
    """One reading. `name` says how it was made (`raw`, `folded`, `base64`, `url>base64`)."""

    name: str
    text: str

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The characters of the original text that `text[start:end]` came from."""
        return start, end


def views(text: str) -> tuple[View, ...]:
    """All readings of `text`; the first is the text as it stands."""
    return (View("raw", text),)
