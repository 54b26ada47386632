"""A modem that answers nothing more, and what brings it back to life (MODEMS.md 2.4, section 9)."""

from __future__ import annotations

from collections.abc import Container

from hardware.simulator.faults import FaultName

ESC = 0x1B

_KEPT = 256
"""Octets of the host's in which a restart is looked for."""


class Hang:
    """One hang, from its beginning to its end."""

    def __init__(self, kind: FaultName, resets: Container[str]) -> None:
        self._kind = kind
        self._resets = resets
        self._heard = bytearray()

    def hear(self, octets: bytes) -> bool:
        """Take what the host writes; returns whether the modem answers from here on."""
        return self._kind is FaultName.HANG_UNTIL_ESC and ESC in octets

    def resets(self, octets: bytes) -> bool:
        """Whether the host has written what restarts it."""
        self._heard += octets
        lines = self._heard.upper().split(b"\r")
        self._heard = self._heard[-_KEPT:]
        return self._kind is FaultName.HANG_UNTIL_RESET and any(
            _command(bytes(line)) in self._resets for line in lines[:-1]
        )

    def reopened(self) -> bool:
        """Whether it ends because the host has closed its port."""
        return self._kind is FaultName.HANG_UNTIL_REOPENED


def _command(line: bytes) -> str:
    """What stands behind the last ``AT`` of a line."""
    return line.decode("latin-1").rpartition("AT")[2].strip()
