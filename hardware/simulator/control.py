"""The other end of the control socket, for tests and benchmarks: blocking, without asyncio.

What can be asked stands in `server`.
"""

from __future__ import annotations

import json
import os
import socket
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from hardware.simulator.errors import ControlError

LONGEST_SOCKET_PATH = 107
"""Octets of a Unix socket's path: ``sun_path`` has 108, one of them the NUL (unix(7))."""

_PATIENCE = 10.0
"""Seconds for an answer; a bank answers at once unless it is stopped."""


def check_socket_path(path: Path) -> Path:
    """The path, if a Unix socket can have it.

    Raises:
        ControlError: it is too long.
    """
    length = len(os.fsencode(path))
    if length > LONGEST_SOCKET_PATH:
        raise ControlError(
            f"the control socket {path} has a path of {length} octets; "
            f"Unix allows {LONGEST_SOCKET_PATH}: choose a shorter directory"
        )
    return path


class ControlClient:
    """Asks a running bank, one request after the other."""

    def __init__(self, path: Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.settimeout(_PATIENCE)
        try:
            self._socket.connect(str(check_socket_path(path)))
        except OSError as error:
            self._socket.close()
            raise ControlError(f"no bank answers at {path}: {error.strerror}") from error
        self._answers = self._socket.makefile("rb")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Hang up."""
        self._answers.close()
        self._socket.close()

    def ask(self, do: str, modem: str = "*", **besides: object) -> dict[str, Any]:
        """Send one request and return what it answers for each modem.

        Raises:
            ControlError: the bank refuses it, or is gone.
        """
        request = {"do": do, "modem": modem, **besides}
        try:
            self._socket.sendall(json.dumps(request).encode() + b"\n")
            line = self._answers.readline()
        except OSError as error:
            raise ControlError(f"the bank does not answer: {error}") from error
        if not line:
            raise ControlError("the bank has gone")
        answer = json.loads(line)
        if not answer["ok"]:
            raise ControlError(answer["error"])
        modems: dict[str, Any] = answer["modems"]
        return modems

    def fault(self, modem: str, name: str, **besides: object) -> None:
        """Arm a fault; ``value``, ``count`` and ``probability`` as wanted."""
        self.ask("fault", modem, name=name, **besides)

    def inbound(self, modem: str, sender: str, text: str) -> None:
        """Have someone write to a modem's SIM."""
        self.ask("inbound", modem, **{"from": sender, "text": text})

    def state(self, modem: str = "*") -> dict[str, Any]:
        """How the modems are, by name."""
        return self.ask("state", modem)
