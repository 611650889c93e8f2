"""Sockets in another network namespace, from this process: a pod's own addresses, without a program in the pod."""

import contextlib
import ctypes
import os
import socket
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import TypeVar

NEW_NET = 0x40000000  # CLONE_NEWNET of sched.h
POD, OUTSIDE = "10.99.0.1", "10.99.0.2"
"""What is not on loopback: the pod's address, and one that stands for a host outside of it."""

Made = TypeVar("Made")


@dataclass(frozen=True)
class Network:
    """That of the process `pid`. A socket stays in the namespace it was made in, whichever thread uses it."""

    pid: int

    def settle(self) -> None:
        for address in (POD, OUTSIDE):
            command = ("ip", "address", "add", f"{address}/32", "dev", "lo")
            subprocess.run(["nsenter", f"--net=/proc/{self.pid}/ns/net", *command], check=True)

    def connect(self, host: str, port: int, timeout_s: float = 10) -> socket.socket:
        return self._within(lambda: socket.create_connection((host, port), timeout_s))

    def listen(self, host: str, port: int) -> socket.socket:
        return self._within(lambda: socket.create_server((host, port), backlog=1024))

    def http(self, host: str, port: int, timeout_s: float = 30) -> HTTPConnection:
        """Connected."""
        connection = HTTPConnection(host, port, timeout=timeout_s)
        connection.sock = self.connect(host, port, timeout_s)
        return connection

    def status(self, host: str, port: int, path: str, timeout_s: float) -> int:
        """Of a GET; 0 where nobody answers in time."""
        try:
            with contextlib.closing(self.http(host, port, timeout_s)) as connection:
                connection.request("GET", path)
                return connection.getresponse().status
        except OSError:
            return 0

    def _within(self, make: Callable[[], Made]) -> Made:
        """In a thread of its own, which ends with the namespace it entered."""
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(self._entered, make).result()

    def _entered(self, make: Callable[[], Made]) -> Made:
        with _opened(Path(f"/proc/{self.pid}/ns/net")) as namespace:
            if ctypes.CDLL(None, use_errno=True).setns(namespace, NEW_NET) != 0:
                raise OSError(ctypes.get_errno(), "cannot enter the pod's network")
        return make()


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[int]:
    number = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        yield number
    finally:
        os.close(number)
