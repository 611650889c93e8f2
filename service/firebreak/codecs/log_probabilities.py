"""Log probabilities: the text of an answer once more, token by token, and each token as numbers of bytes.

What is found there cannot be taken out in place, so its channels say that they are copies. The bytes are read where
they say something else than their token.
"""

from typing import Any

from firebreak.codecs.answer import Channel, Heard, take_names
from firebreak.codecs.fields import Members
from firebreak.model.conversation import PartKind, Path

_OR = " or "
"""Between alternatives: with a line's end, a row of digits would look like a number."""


def read_tokens(
    heard: Heard, members: Members, key: str, channel: str, path: Path, *, more: bool = True
) -> Channel | None:
    """Take the list of tokens at `key`, if it is one; its text goes on in the channel of that name."""
    tokens: Any = members.get(key)
    if not isinstance(tokens, list) or not tokens:
        return None
    found = Channel(PartKind.TEXT, channel, copied=True)
    place = (*path, key)
    if all(isinstance(token, str) for token in tokens):  # the completions API
        heard.text(found, "".join(members.pop(key)), place, more=more)
        return found
    if not all(isinstance(token, dict) for token in tokens):
        return None
    del members[key]
    said = [_take_token(token) for token in tokens]
    heard.text(found, "".join(text for text, _ in said), place, more=more)
    if any(raw != text.encode() for text, raw in said):
        spelt = b"".join(raw for _, raw in said).decode("utf-8", "replace")
        heard.text(found._replace(key=f"{channel}.bytes"), spelt, place, more=more)
    _alternatives(heard, tokens, found._replace(key=f"{channel}.other"), place)
    for index, token in enumerate(tokens):
        heard.rest(token, (*place, index))
    return found


def _alternatives(heard: Heard, tokens: list[Members], channel: Channel, path: Path) -> None:
    """What might have stood in each place: one text of them all, for there are up to 20 to each token."""
    others: list[str] = []
    for index, token in enumerate(tokens):
        listed = token.get("top_logprobs")
        if not isinstance(listed, list) or not all(isinstance(other, dict) for other in listed):
            continue
        del token["top_logprobs"]
        for number, other in enumerate(listed):
            text, raw = _take_token(other)
            others.append(text)
            if raw != text.encode():
                others.append(raw.decode("utf-8", "replace"))
            heard.rest(other, (*path, index, "top_logprobs", number))
    heard.text(channel, _OR.join(others), path)


def _take_token(token: Members) -> tuple[str, bytes]:
    """The token's text, and its bytes: those that are listed, else those of the text."""
    text = token.pop("token") if isinstance(token.get("token"), str) else ""
    take_names(token, ("logprob",))
    listed = token.get("bytes")
    if isinstance(listed, list) and all(type(number) is int and 0 <= number < 256 for number in listed):
        return text, bytes(token.pop("bytes"))
    return text, text.encode()
