"""Log probabilities: the text of an answer once more, token by token, and each token as numbers of bytes.

What is found there cannot be taken out in place, so its channel says that it is a copy.
"""

from typing import Any

from firebreak.codecs.answer import Channel, Heard, take_names
from firebreak.codecs.fields import Members
from firebreak.model.conversation import PartKind, Path


def read_tokens(heard: Heard, members: Members, key: str, channel: str, path: Path) -> Channel | None:
    """Take the list of tokens at `key`, if it is one; its text goes on in the channel of that name."""
    tokens: Any = members.get(key)
    if not isinstance(tokens, list) or not all(isinstance(token, dict) for token in tokens):
        return None
    found = Channel(PartKind.TEXT, channel, copied=True)
    del members[key]
    heard.text(found, "".join(_take_token(token) for token in tokens), (*path, key), more=True)
    for index, token in enumerate(tokens):
        alternatives = token.pop("top_logprobs", None)
        for other in alternatives if isinstance(alternatives, list) else ():
            if isinstance(other, dict):
                heard.text(
                    found._replace(key=f"{channel}.other"), _take_token(other), (*path, key, index, "top_logprobs")
                )
                heard.rest(other, (*path, key, index, "top_logprobs"))
        heard.rest(token, (*path, key, index))
    return found


def _take_token(token: Members) -> str:
    text = token.pop("token", "")
    take_names(token, ("logprob",))
    if isinstance(token.get("bytes"), list) and set(map(type, token["bytes"])) <= {int}:
        del token["bytes"]
    return text if isinstance(text, str) else ""
