"""The policy's file, in a directory mounted the way Kubernetes mounts a ConfigMap, and its changes.

The rules this file lives by:
1. All or nothing: what cannot be read or is not accepted is reported once, and nothing changes.
2. A file counts as changed when its text does. A swap of the `..data` link is atomic and is taken at once; a file
   written in place is taken when two readings agree, so that half a file is not taken for a policy.
3. Nothing outside the directory is read, whatever the links in it say.
"""

import asyncio
import errno
import os
import stat
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from firebreak.model.errors import BadConfig

MAX_FILE_BYTES = 1024 * 1024  # a ConfigMap holds no more
POLL_S = 1.0
SETTLE_S = 0.2  # between the two readings of a file that is written in place
_SUFFIX = ".yaml"
_DATA = "..data"


@dataclass(frozen=True, slots=True)
class PolicySource:
    """The text of the policy file; `file` is its path as people know it."""

    file: str
    text: str


@dataclass(frozen=True, slots=True)
class PolicyDir:
    """A directory with one policy, or with the one called `name`."""

    directory: Path
    name: str = ""
    poll_s: float = POLL_S
    settle_s: float = SETTLE_S

    def read(self) -> PolicySource:
        """The policy as it is now. Raises `BadConfig`, and nothing else."""
        try:
            path = self._named() if self.name else self._only()
            return PolicySource(str(path), self._text(path))
        except OSError as error:
            code = errno.errorcode.get(error.errno or 0, "no code")
            raise BadConfig(
                str(self.directory / self.name), f"the policy cannot be read ({code})", "mount it where we may read it"
            ) from error

    async def watch(
        self, accept: Callable[[PolicySource], Awaitable[None]], reject: Callable[[BadConfig], None]
    ) -> None:
        """Call `accept` with the policy and then with every new text, until cancelled; `reject` where that fails.

        `accept` changes everything, or raises `BadConfig` and changes nothing.
        """
        seen: PolicySource | str | None = None
        link, pause_s = "", 0.0
        while True:
            await asyncio.sleep(pause_s)
            pause_s = self.poll_s
            link_before, link = link, self._link()
            found = await asyncio.to_thread(self._look)
            if _state(found) == seen:
                continue
            if link in ("", link_before):
                await asyncio.sleep(self.settle_s)
                if _state(await asyncio.to_thread(self._look)) != _state(found):
                    continue
            seen = _state(found)
            await _hand_over(found, accept, reject)

    def _look(self) -> PolicySource | BadConfig:
        try:
            return self.read()
        except BadConfig as error:
            return error

    def _link(self) -> str:
        """Where `..data` points to; empty where the directory is a plain one."""
        try:
            return str((self.directory / _DATA).readlink())
        except OSError:
            return ""

    def _named(self) -> Path:
        if Path(self.name).name != self.name or self.name.startswith(".."):
            raise BadConfig(self.name, "the policy's name is not the name of a file in its directory", "name the file")
        return self.directory / self.name

    def _only(self) -> Path:
        names = sorted(
            path.name
            for path in self.directory.iterdir()
            if path.suffix == _SUFFIX and not path.name.startswith(".") and not path.is_dir()
        )
        if len(names) == 1:
            return self.directory / names[0]
        if names:
            problem = f"the directory holds {len(names)} policies"
            raise BadConfig(str(self.directory), problem, f"keep one, or say which: {', '.join(names[:5])}")
        raise BadConfig(str(self.directory), "the directory holds no policy", f"put one file `*{_SUFFIX}` there")

    def _text(self, path: Path) -> str:
        root, real = Path(os.path.realpath(self.directory)), Path(os.path.realpath(path))
        if not real.is_relative_to(root):
            raise BadConfig(str(path), "the policy lies outside its directory", "mount the file itself")
        # O_NONBLOCK: a FIFO in the place of a file must not hold us up.
        with os.fdopen(os.open(real, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise BadConfig(str(path), "the policy is not a plain file", "mount a file")
            content = file.read(MAX_FILE_BYTES + 1)
        if len(content) > MAX_FILE_BYTES:
            raise BadConfig(str(path), f"the policy is larger than {MAX_FILE_BYTES} bytes", "shorten it")
        try:
            return content.decode()
        except UnicodeDecodeError:
            raise BadConfig(str(path), "the policy is not valid UTF-8", "save it as UTF-8") from None


def _state(found: PolicySource | BadConfig) -> PolicySource | str:
    return str(found) if isinstance(found, BadConfig) else found


async def _hand_over(
    found: PolicySource | BadConfig,
    accept: Callable[[PolicySource], Awaitable[None]],
    reject: Callable[[BadConfig], None],
) -> None:
    if isinstance(found, BadConfig):
        reject(found)
        return
    try:
        await accept(found)
    except BadConfig as error:
        reject(error)
