"""Points in time: TP-SCTS, TP-DT and the absolute TP-VP (3GPP TS 23.040 clause 9.2.3.11).

Seven octets: year, month, day, hour, minute, second as the local time of a place, and that
place's distance from UTC in quarters of an hour. The century is not sent; it is this one.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Final

from gateway.domain.errors import EncodeError
from gateway.sms.semioctets import decode_number, encode_number

SIZE: Final = 7
"""Octets of a timestamp."""

CENTURY: Final = 2000
"""No service centre of the last century is in service, and two digits tell no more."""

_QUARTER: Final = timedelta(minutes=15)
_MAX_QUARTERS: Final = 79
"""What fits in the seven bits and two digits of the zone."""
_WEST: Final = 0x08
"""The top bit of the tens says that the place lies west of Greenwich."""


def encode_timestamp(instant: datetime) -> bytes:
    """Return an instant in its own zone.

    Args:
        instant: aware, 2000 to 2099, its zone a whole number of quarters of an hour.

    Raises:
        EncodeError: it is naive, of another century, or of a zone that cannot be written.
    """
    offset = instant.utcoffset()
    if offset is None or instant.year // 100 * 100 != CENTURY:
        raise EncodeError("timestamp", "needs a time zone and a year from 2000 to 2099")
    quarters, rest = divmod(abs(offset), _QUARTER)
    if rest or quarters > _MAX_QUARTERS:
        raise EncodeError("timestamp", f"cannot state the zone {offset}")
    zone = encode_number(quarters) | (_WEST if offset < timedelta() else 0)
    local = instant.timetuple()[:6]
    return bytes([*(encode_number(number % 100) for number in local), zone])


def decode_timestamp(octets: bytes) -> datetime | None:
    """Return the instant in the zone it was written in.

    Service centres send zeros and nonsense; a message is not refused for that.

    Args:
        octets: seven of them.

    Returns:
        An aware instant, or None when the octets name none. A zone that is none is read as UTC.
    """
    year, *rest = (decode_number(octet) for octet in octets[:6])
    if year is None or None in rest:
        return None
    month, day, hour, minute, second = (number or 0 for number in rest)
    try:
        return datetime(
            CENTURY + year, month, day, hour, minute, second, tzinfo=_decode_zone(octets[6])
        )
    except ValueError:
        return None


def _decode_zone(octet: int) -> timezone:
    # Some centres write 20 as ten and ten: the units are taken beyond nine.
    quarters = (octet & 0x07) * 10 + (octet >> 4)
    if quarters > _MAX_QUARTERS:
        return UTC
    return timezone(-quarters * _QUARTER if octet & _WEST else quarters * _QUARTER)
