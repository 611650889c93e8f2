"""Runs `nft`: the kernel takes a whole script or nothing of it."""

import os
import shutil
import subprocess

from firebreak.model.errors import Unavailable

FOLDERS = "/usr/sbin:/sbin:/usr/bin"
"""Where the program is in the image and on a Debian; what PATH says is looked at first."""

TIMEOUT_S = 20.0


def apply(script: str, program: str = "nft") -> None:
    """Raises `Unavailable` with nft's first complaint. The script goes in on standard input, so nothing is written."""
    found = shutil.which(program, path=f"{os.environ.get('PATH', '')}:{FOLDERS}")
    if found is None:
        raise Unavailable(f"{program}: no such program; the image has it, elsewhere install nftables")
    command = [found, "-f", "-"]
    try:
        done = subprocess.run(command, input=script, capture_output=True, text=True, timeout=TIMEOUT_S, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Unavailable(f"{program}: it could not be run: {type(error).__name__}") from error
    if done.returncode != 0:
        raise Unavailable(f"{program}: the rules were not set: {_complaint(done.stderr)}")


def _complaint(said: str) -> str:
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    if any("Operation not permitted" in line for line in lines):
        return "operation not permitted; the container needs user 0 and the capability NET_ADMIN"
    return "".join(char if char.isprintable() else "?" for char in lines[0][:300]) if lines else "it did not say why"
