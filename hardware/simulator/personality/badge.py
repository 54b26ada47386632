"""Who a stick says it is: over AT, and on the USB bus (MODEMS.md 6.2, 6.5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Role(StrEnum):
    """What an interface of a stick is for."""

    AT = "at"
    """Takes commands and says what comes by itself."""
    DEAF = "deaf"
    """Takes commands; what comes by itself is said on another."""
    OTHER = "other"
    """Diagnostics, positions, voice: never answers a command."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interface:
    """One serial interface of a stick."""

    number: int
    """``bInterfaceNumber``."""
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Usb:
    """How it looks on the bus."""

    vendor: str = "0000"
    """``idVendor``: four hexadecimal digits."""
    product: str = "0000"
    """``idProduct``, with its serial interfaces switched on."""
    driver: str = "option"
    """The kernel's driver of its serial interfaces."""
    interfaces: tuple[Interface, ...] = ()


def _iccid_commands() -> Mapping[str, str]:
    return {
        "+CCID": "+CCID: {iccid}",
        "+CCID?": "+CCID: {iccid}",
        "+ICCID": "+ICCID: {iccid}",
        "+QCCID": "+QCCID: {iccid}",
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Badge:
    """What it answers when it is asked who it is; each answer may have several lines."""

    manufacturer: tuple[str, ...] = ("Shopbell",)
    """+CGMI, as it stands on the wire: with prefix and quotes where it has them."""
    model: tuple[str, ...] = ("Bench modem",)
    """+CGMM."""
    revision: tuple[str, ...] = ("1.0",)
    """+CGMR."""
    information: tuple[str, ...] = ("Shopbell", "Bench modem", "Revision: 1.0")
    """ATI."""
    serial: str = "{imei}"
    """+CGSN."""
    subscriber: str = "{imsi}"
    """+CIMI."""
    iccid: Mapping[str, str] = field(default_factory=_iccid_commands)
    """Commands that tell the SIM's serial number, and how; ``{swapped}`` is as the SIM has it."""
