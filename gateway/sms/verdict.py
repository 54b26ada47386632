"""TP-Status: what became of a message (3GPP TS 23.040 clause 9.2.3.15).

Codes to a verdict and to stable words; what is done about a verdict is `gateway.dispatch`.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class ReportVerdict(StrEnum):
    """What a status report means for the part it is about."""

    DELIVERED = "delivered"
    """The service centre has done with it, successfully."""
    PENDING = "pending"
    """Not yet, and it is still trying: another report follows."""
    FAILED = "failed"
    """It has given up."""


_REASONS: Final = {
    0x00: "received",
    0x01: "forwarded, delivery not confirmed",
    0x02: "replaced by the service centre",
    0x20: "congestion",
    0x21: "phone busy",
    0x22: "no response from phone",
    0x23: "service rejected",
    0x24: "quality of service not available",
    0x25: "error in phone",
    0x40: "remote procedure error",
    0x41: "incompatible destination",
    0x42: "connection rejected by phone",
    0x43: "not obtainable",
    0x44: "quality of service not available",
    0x45: "no interworking available",
    0x46: "validity period expired",
    0x47: "deleted by sender",
    0x48: "deleted by service centre",
    0x49: "does not exist",
    0x60: "congestion",
    0x61: "phone busy",
    0x62: "no response from phone",
    0x63: "service rejected",
    0x64: "quality of service not available",
    0x65: "error in phone",
}

_CENTRE_SPECIFIC: Final = frozenset({0x1, 0x3, 0x5, 0x7})
"""High halves of the codes that each service centre fills as it likes."""


def verdict_of(status: int) -> ReportVerdict:
    """Return what a TP-Status, 0 to 255, means.

    A reserved code takes the meaning of its range, since networks use them so; from 0x80 on it is
    to be read as "service rejected".
    """
    if status < 0x20:
        return ReportVerdict.DELIVERED
    if status < 0x40:
        return ReportVerdict.PENDING
    return ReportVerdict.FAILED


def remark_of(status: int) -> str | None:
    """Return what is worth saying of a status beside its verdict; None of a plain delivery.

    Codes below 0x20 that the standard has reserved are read as delivered, with a word of it.
    """
    plain = verdict_of(status) is ReportVerdict.DELIVERED and not 0x03 <= status <= 0x0F
    return None if plain else describe_status(status)


def describe_status(status: int) -> str:
    """Return the code and its stable words, such as ``0x41 incompatible destination``."""
    reason = _REASONS.get(status)
    if reason is None:
        specific = status >> 4 in _CENTRE_SPECIFIC
        meaning = "specific to the service centre" if specific else "reserved"
        reason = f"{verdict_of(status)}, {meaning}"
    return f"0x{status:02X} {reason}"
