"""What the operator decides about one modem."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from gateway.domain.ids import ModemName
from gateway.modem.menu.balance import BalancePlan
from gateway.modem.port.usb import SYSFS

SUBMIT_TIMEOUT: Final = 180.0
"""Seconds from Ctrl-Z until the outcome counts as unknown. A network may take 42 s to acknowledge
and modems wait longer: giving up before 120 s makes duplicates (MODEMS.md 2b)."""

_PIN: Final = re.compile(r"[0-9]{4,8}\Z")


@dataclass(frozen=True, kw_only=True, slots=True)
class ModemSettings:
    """One ``[[modem]]`` of the configuration, as far as its driver is concerned.

    Raises:
        ValueError: the PIN is none, or a number is out of its range; the text never shows the PIN.
    """

    name: ModemName
    port: str
    """A path, a glob, ``socket://host:port`` or, of a stick that was found, ``usb:1-1.2``; opened
    anew at each connect."""
    pin: str | None = field(default=None, repr=False)
    """A wrong one is typed once and never again (`gateway.modem.start.pin`)."""
    submit_timeout: float = SUBMIT_TIMEOUT
    """Seconds from Ctrl-Z until the outcome counts as unknown."""
    baudrate: int = 115_200
    """Bits per second; fixed, since auto-baud hangs some modems. USB sticks ignore it."""
    usb_reset: bool = False
    """The recovery ladder may unbind and bind the stick, which needs root's rights."""
    power_command: tuple[str, ...] = ()
    """Cuts the stick's power and gives it back, as the last rung; empty: there is none."""
    balance: BalancePlan | None = None
    """How a prepaid SIM is asked for its balance; None: it is not."""
    sysfs: Path = SYSFS
    """Where the kernel shows the USB sticks."""
    hang_up: bool = False
    """End every call that arrives; else it rings until the caller gives up."""

    def __post_init__(self) -> None:
        if self.pin is not None and not _PIN.match(self.pin):
            raise ValueError("a PIN has 4 to 8 digits")
        if self.submit_timeout <= 0 or self.baudrate <= 0:
            raise ValueError("submit_timeout and baudrate are positive numbers")
