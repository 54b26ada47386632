"""Addresses and timestamps of a TPDU: what is written in semi-octets.

Clauses: 23.040, 9.1.2.5 (address fields), 9.2.3.11 (service centre time stamp).
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache

from hardware.simulator import alphabet
from hardware.simulator.errors import PduError

INTERNATIONAL = 0x91
"""Type of address: international number, telephone numbering plan."""

NATIONAL = 0x81
"""Type of address: unknown number, telephone numbering plan; short codes and national numbers."""

ALPHANUMERIC = 0xD0
"""Type of address: a name in GSM-7; only in what a network sends."""

_DIGITS = str.maketrans("abcde", "*#abc")
"""Hexadecimal digits in those of an address."""
_FILL = "f"
_SWAPPED = bytes((octet & 0x0F) << 4 | octet >> 4 for octet in range(256))
"""Every octet with its halves in the other order."""
_TON_MASK = 0x70
_TON_INTERNATIONAL = 0x10
_TON_ALPHANUMERIC = 0x50


def swap(digits: str) -> bytes:
    """Digits as semi-octets, low nibble first, padded with 0xF."""
    return bytes.fromhex(digits + _FILL * (len(digits) % 2)).translate(_SWAPPED)


def unswap(octets: bytes, count: int) -> str:
    """``count`` digits out of semi-octets.

    Raises:
        ValueError: a nibble is no digit.
    """
    digits = octets.translate(_SWAPPED).hex()[:count]
    if _FILL in digits:
        raise ValueError("0xF is no digit")
    return digits.translate(_DIGITS)


def encode_address(address: str) -> bytes:
    """An address field: length, type, value. ``+`` makes it international, letters a name."""
    if address.startswith("+"):
        return _digits_field(address[1:], INTERNATIONAL)
    if address.isdigit():
        return _digits_field(address, NATIONAL)
    packed = alphabet.pack(alphabet.encode(address))
    semi_octets = (7 * len(address) + 3) // 4
    return bytes([semi_octets, ALPHANUMERIC]) + packed


def _digits_field(digits: str, kind: int) -> bytes:
    return bytes([len(digits), kind]) + swap(digits)


def decode_address(octets: bytes, offset: int) -> tuple[str, int]:
    """The address at ``offset`` and the offset after it.

    Raises:
        PduError: the field is cut short or holds no digits.
    """
    if offset + 2 > len(octets):
        raise PduError("TP-DA", offset, "the address is missing")
    count, kind = octets[offset], octets[offset + 1]
    end = offset + 2 + (count + 1) // 2
    value = octets[offset + 2 : end]
    if len(value) < (count + 1) // 2:
        raise PduError("TP-DA", offset, f"{count} digits are announced, the PDU ends before")
    return _address(value, count, kind, offset), end


def _address(value: bytes, count: int, kind: int, offset: int) -> str:
    if kind & _TON_MASK == _TON_ALPHANUMERIC:
        return alphabet.decode(alphabet.unpack(value, count * 4 // 7))
    try:
        digits = unswap(value, count)
    except ValueError:
        raise PduError("TP-DA", offset, f"{value.hex()} holds no digits") from None
    return f"+{digits}" if kind & _TON_MASK == _TON_INTERNATIONAL else digits


def encode_timestamp(instant: datetime) -> bytes:
    """A time stamp of seven octets, in UTC (zone zero)."""
    return _stamp(instant.astimezone(UTC).replace(microsecond=0))


@lru_cache
def _stamp(instant: datetime) -> bytes:
    return swap(instant.strftime("%y%m%d%H%M%S") + "00")
