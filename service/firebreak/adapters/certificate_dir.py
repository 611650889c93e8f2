"""A certificate that somebody else makes and renews, such as cert-manager: read from a mounted directory as it changes.

Whoever makes it also puts its authority into the webhook configuration.
"""

import time
from collections.abc import Callable
from pathlib import Path

from firebreak.adapters import certificates
from firebreak.adapters.certificates import Pair
from firebreak.model.errors import BadConfig

CERTIFICATE, KEY = "tls.crt", "tls.key"
MAX_FILE_BYTES = 256 * 1024


class CertificateDir:
    """`refresh` it every few seconds. `name` is the DNS name that the API server calls; empty: any."""

    def __init__(
        self, directory: Path, name: str, use: Callable[[Pair], None], clock: Callable[[], float] = time.time
    ) -> None:
        """`use` is given each certificate that is to be served from now on."""
        self._directory = directory
        self._name = name
        self._use = use
        self._clock = clock
        self._served: Pair | None = None
        self._problem = "no certificate yet"

    @property
    def ends_s(self) -> float:
        """When what is served ends; 0 without any."""
        return certificates.ends_s(self._served.certificate) if self._served else 0.0

    @property
    def not_ready(self) -> str:
        """Why the API server could not call this replica, or nothing."""
        if self._served is None:
            return self._problem
        return "" if self._clock() < self.ends_s else f"the certificate has ended; {self._problem}"

    @property
    def problem(self) -> str:
        """What is wrong with the files now; the certificate before them stays in use."""
        return self._problem

    async def refresh(self) -> None:
        """One look. What cannot be used changes nothing: `problem` says why."""
        try:
            self._look()
            self._problem = ""
        except BadConfig as error:
            self._problem = str(error)

    def _look(self) -> None:
        pair = Pair(self._file(CERTIFICATE), self._file(KEY))
        if pair == self._served:
            return
        wrong = certificates.problem(pair, self._name, self._clock())
        if wrong:
            raise BadConfig(str(self._directory), wrong, "see what writes this directory")
        self._use(pair)
        self._served = pair

    def _file(self, name: str) -> bytes:
        path = self._directory / name
        try:
            with path.open("rb") as file:
                content = file.read(MAX_FILE_BYTES + 1)
        except OSError as error:
            problem = f"it cannot be read ({type(error).__name__})"
            raise BadConfig(str(path), problem, "mount the certificate's Secret there") from None
        if len(content) > MAX_FILE_BYTES:
            raise BadConfig(str(path), f"it is larger than {MAX_FILE_BYTES} bytes")
        return content
