"""How long the network keeps trying: TP-VP in its three formats (3GPP TS 23.040 clause 9.2.3.12).

We write the relative format, which every modem and service centre knows. The relative octet has
steps: 5 minutes up to 12 hours, 30 minutes up to a day, a day up to 30 days, a week up to 63 weeks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Final

from gateway.domain.errors import EncodeError
from gateway.sms.octets import Reader
from gateway.sms.semioctets import decode_number
from gateway.sms.timestamp import SIZE, decode_timestamp, encode_timestamp

_MINUTES_5: Final = timedelta(minutes=5)
_MINUTES_30: Final = timedelta(minutes=30)
_HOURS_12: Final = timedelta(hours=12)
_DAY: Final = timedelta(days=1)
_WEEK: Final = timedelta(weeks=1)

SHORTEST: Final = _MINUTES_5
"""The shortest validity that the relative format can state."""

LONGEST: Final = timedelta(weeks=63)
"""The longest."""


class ValidityFormat(IntEnum):
    """TP-VPF, bits 4 and 3 of the first octet (clause 9.2.3.3)."""

    ABSENT = 0
    ENHANCED = 1
    RELATIVE = 2
    ABSOLUTE = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Validity:
    """What a TP-VP says; neither ``period`` nor ``until`` is set where it says nothing."""

    format: ValidityFormat
    period: timedelta | None = None
    """How long from the moment the service centre takes the message."""
    until: datetime | None = None
    """The last instant, aware."""
    single_shot: bool = False
    """One try only (enhanced format)."""
    raw: bytes = b""
    """The octets as they were read."""


def relative_octet(validity: timedelta) -> int:
    """Return the octet of the longest validity that does not outlive what is asked.

    Below five minutes there is none, and it is five minutes; above 63 weeks it is 63 weeks.

    Raises:
        EncodeError: ``validity`` is not positive.
    """
    if validity <= timedelta():
        raise EncodeError("TP-VP", "a validity must be positive")
    if validity <= _HOURS_12:
        return max(0, validity // _MINUTES_5 - 1)
    if validity < 2 * _DAY:
        return min(167, 143 + (validity - _HOURS_12) // _MINUTES_30)
    if validity < 5 * _WEEK:
        return min(196, 166 + validity // _DAY)
    return min(255, 192 + validity // _WEEK)


def relative_period(octet: int) -> timedelta:
    """Return the validity that a relative octet states."""
    if octet <= 143:
        return (octet + 1) * _MINUTES_5
    if octet <= 167:
        return _HOURS_12 + (octet - 143) * _MINUTES_30
    if octet <= 196:
        return (octet - 166) * _DAY
    return (octet - 192) * _WEEK


def encode_validity(validity: Validity) -> bytes:
    """Return the octets of a TP-VP.

    The enhanced format is written as it was read, from ``raw``, or as a period in seconds.

    Raises:
        EncodeError: the value does not fit its format.
    """
    if validity.format is ValidityFormat.RELATIVE and validity.period is not None:
        return bytes([relative_octet(validity.period)])
    if validity.format is ValidityFormat.ABSOLUTE and validity.until is not None:
        return encode_timestamp(validity.until)
    if validity.format is ValidityFormat.ENHANCED:
        return _encode_enhanced(validity)
    if validity.format is ValidityFormat.ABSENT:
        return b""
    raise EncodeError("TP-VP", f"has no value for the {validity.format.name.lower()} format")


def decode_validity(reader: Reader, vpf: ValidityFormat) -> Validity | None:
    """Read a TP-VP of the given format; None when there is none.

    Raises:
        DecodeError: it is cut off.
    """
    if vpf is ValidityFormat.ABSENT:
        return None
    if vpf is ValidityFormat.RELATIVE:
        raw = reader.take("TP-VP", 1)
        return Validity(format=vpf, period=relative_period(raw[0]), raw=raw)
    raw = reader.take("TP-VP", SIZE)
    if vpf is ValidityFormat.ABSOLUTE:
        return Validity(format=vpf, until=decode_timestamp(raw), raw=raw)
    single_shot = bool(raw[0] & 0x40)
    return Validity(format=vpf, period=_enhanced_period(raw), single_shot=single_shot, raw=raw)


def _encode_enhanced(validity: Validity) -> bytes:
    if validity.raw:
        return validity.raw
    shot = 0x40 if validity.single_shot else 0
    if validity.period is None:
        return bytes([shot]).ljust(SIZE, b"\x00")
    seconds = int(validity.period.total_seconds())
    if not 0 < seconds <= 255:
        raise EncodeError("TP-VP", "the enhanced format is written for 1 to 255 seconds")
    return bytes([shot | 2, seconds]).ljust(SIZE, b"\x00")


def _enhanced_period(raw: bytes) -> timedelta | None:
    """Clause 9.2.3.12.3: the low three bits of the first octet say what the next ones hold."""
    form = raw[0] & 7
    if raw[0] & 0x80 or form not in (1, 2, 3):
        return None
    if form == 1:
        return relative_period(raw[1])
    if form == 2:
        return timedelta(seconds=raw[1]) if raw[1] else None
    hours, minutes, seconds = (decode_number(octet) for octet in raw[1:4])
    if hours is None or minutes is None or seconds is None:
        return None
    return timedelta(hours=hours, minutes=minutes, seconds=seconds)
