"""Which names an application may reach around the proxy: frozen values that are checked when they are built."""

import re
from dataclasses import dataclass

from firebreak.edge.envoy.llm_hosts import LLM_HOSTS
from firebreak.model.errors import BadConfig

ANY = "any"
MAX_NAMES = 256
_LABEL = r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?"
NAME = rf"({_LABEL}\.)+[a-z]([a-z0-9-]*[a-z0-9])?"
"""A full host name in lower case. The last label begins with a letter, so no way to write an address is one."""

_EVERY = "[a-z0-9._-]+"
_LISTENS = re.compile(r"(127\.0\.0\.1|\[::1\]):([0-9]{1,5})")


@dataclass(frozen=True, slots=True)
class Egress:
    """`listen` are addresses of loopback, one of a family. `names` are full names and `*.suffix`; `anywhere` lets
    every name over TLS pass that is not a model's. `refused` are names and patterns besides the list of LLM hosts.
    """

    listen: tuple[tuple[str, int], ...]
    names: tuple[str, ...] = ()
    anywhere: bool = False
    refused: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in self.names:
            _check_name(name)
        if len(self.names) > MAX_NAMES:
            raise BadConfig("egress_allow", f"more than {MAX_NAMES} names", "use *.suffix, or any")
        of_a_model = re.compile(either(self.llm_hosts))
        for name in self.names:
            if of_a_model.fullmatch(name):
                problem = f"{name!r} serves models, and what is sent there around the proxy is not inspected"
                raise BadConfig("egress_allow", problem, "leave it out and reach it through the proxy")

    @property
    def llm_hosts(self) -> tuple[str, ...]:
        return (*LLM_HOSTS, *(host for host in self.refused if host not in LLM_HOSTS))


def read_listen(text: str) -> tuple[tuple[str, int], ...]:
    """A comma list of `127.0.0.1:port` and `[::1]:port`, each once at most. Raises `BadConfig`."""
    found: list[tuple[str, int]] = []
    for word in text.split(","):
        match = _LISTENS.fullmatch(word.strip())
        if match is None or not 0 < int(match[2]) < 65536:
            raise BadConfig(
                "egress_listen", f"{word.strip()!r} is not a port of loopback", "write for example 127.0.0.1:15083"
            )
        found.append((match[1].strip("[]"), int(match[2])))
    if len({host for host, _ in found}) != len(found):
        raise BadConfig("egress_listen", "the same address twice", "write 127.0.0.1 and [::1] once each")
    return tuple(found)


def read_allow(text: str) -> tuple[tuple[str, ...], bool]:
    """The names of a comma list, and whether `any` is among them."""
    words = [word.strip().lower() for word in text.split(",") if word.strip()]
    return tuple(dict.fromkeys(word for word in words if word != ANY)), ANY in words


def pattern(name: str) -> str:
    """The expression for a name or `*.suffix` or a name with `*` in it."""
    return _EVERY.join(re.escape(piece) for piece in name.split("*"))


def either(names: tuple[str, ...]) -> str:
    return "|".join(map(pattern, names))


def _check_name(name: str) -> None:
    full = name.removeprefix("*.")
    if len(name) > 253 or not re.fullmatch(NAME, full):
        mend = "write for example pypi.org, *.pypi.org or any"
        raise BadConfig("egress_allow", f"{name!r} is not a full host name", mend)
