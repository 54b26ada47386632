"""Addresses and timestamps of a TPDU: what is written in semi-octets.

Clauses: 23.040, 9.1.2.5 (address fields), 9.2.3.11 (service centre time stamp).
"""

from __future__ import annotations

from datetime import UTC, datetime

from hardware.simulator import alphabet
from hardware.simulator.errors import PduError

INTERNATIONAL = 0x91
"""Type of address: international number, telephone numbering plan."""

NATIONAL = 0x81
"""Type of address: unknown number, telephone numbering plan; short codes and national numbers."""

ALPHANUMERIC = 0xD0
"""Type of address: a name in GSM-7; only in what a network sends."""

_DIGITS = "0123456789*#abc"
_TON_MASK = 0x70
_TON_INTERNATIONAL = 0x10
_TON_ALPHANUMERIC = 0x50


def swap(digits: str) -> bytes:
    """Digits as semi-octets, low nibble first, padded with 0xF."""
    padded = digits + "F" * (len(digits) % 2)
    return bytes(int(padded[at + 1] + padded[at], 16) for at in range(0, len(padded), 2))


def unswap(octets: bytes, count: int) -> str:
    """``count`` digits out of semi-octets.

    Raises:
        IndexError: a nibble is no digit.
    """
    nibbles = [nibble for octet in octets for nibble in (octet & 0x0F, octet >> 4)]
    return "".join(_DIGITS[nibble] for nibble in nibbles[:count])


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
    except IndexError:
        raise PduError("TP-DA", offset, f"{value.hex()} holds no digits") from None
    return f"+{digits}" if kind & _TON_MASK == _TON_INTERNATIONAL else digits


def encode_timestamp(instant: datetime) -> bytes:
    """A time stamp of seven octets, in UTC (zone zero)."""
    return swap(instant.astimezone(UTC).strftime("%y%m%d%H%M%S") + "00")
