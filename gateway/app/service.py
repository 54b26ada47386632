"""Telling the service manager how we are: sd_notify(3), without a library."""

from __future__ import annotations

import socket
import time
from contextlib import suppress

import structlog

log = structlog.get_logger(__name__)


class ServiceManager:
    """Whoever started us as a service, and listens on a socket.

    That it does not listen is no reason not to run: it is logged once.

    Args:
        address: its socket, ``@`` before an abstract name; None: there is nobody.
    """

    def __init__(self, address: str | None) -> None:
        self._address = address
        self._said = ""
        self._deaf = False

    def ready(self) -> None:
        """Say that jobs are taken, at the start and after a reload."""
        self._tell("READY=1")

    def reloading(self) -> None:
        """Say that the configuration is read again; `ready` ends that."""
        self._tell(f"RELOADING=1\nMONOTONIC_USEC={time.monotonic_ns() // 1000}")

    def stopping(self) -> None:
        """Say that we stop."""
        self._tell("STOPPING=1")

    def alive(self) -> None:
        """Say that we go on."""
        self._tell("WATCHDOG=1")

    def status(self, text: str) -> None:
        """Say in a line how we are, where that is news."""
        if text != self._said:
            self._said = text
            self._tell(f"STATUS={text}")

    def _tell(self, words: str) -> None:
        if self._address is None:
            return
        try:
            self._send(self._address, words)
        except OSError as error:
            if not self._deaf:
                log.warning("service_manager_not_told", error=str(error))
            self._deaf = True

    def _send(self, address: str, words: str) -> None:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as client:
            client.setblocking(False)  # a manager that hangs must not hold us
            client.connect(f"\0{address[1:]}" if address.startswith("@") else address)
            with suppress(BlockingIOError):
                client.sendall(words.encode())
