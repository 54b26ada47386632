"""Addresses: TP-OA, TP-DA, TP-RA and the service centre's (3GPP TS 23.040 clause 9.1.2.5).

The length of an address counts its semi-octets, that of a service centre's its octets with the
type (TS 27.005, `<pdu>`). Numbering rules of countries are `gateway.domain.phone`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from gateway.domain.errors import EncodeError
from gateway.sms import gsm7
from gateway.sms.octets import Reader
from gateway.sms.semioctets import decode_digits, encode_digits
from gateway.sms.septets import pack, unpack

MAX_SEMI_OCTETS: Final = 20
"""An address field has at most 12 octets, of which 10 are its value."""

MAX_SMSC_OCTETS: Final = 11
"""A service centre's type and at most 20 digits."""

ISDN: Final = 1
"""The numbering plan of telephone numbers, E.164."""

_DIALLED: Final = re.compile(r"(\+?)([0-9*#a-cA-C]+)\Z")


class NumberType(IntEnum):
    """Type of number: bits 6 to 4 of the type-of-address octet."""

    UNKNOWN = 0
    INTERNATIONAL = 1
    NATIONAL = 2
    NETWORK = 3
    SUBSCRIBER = 4
    ALPHANUMERIC = 5
    ABBREVIATED = 6
    RESERVED = 7


@dataclass(frozen=True, kw_only=True, slots=True)
class Address:
    """Who a message is from, to or by."""

    number: str
    """Digits, with ``+`` when international; or the name when alphanumeric; may be empty."""
    type: NumberType = NumberType.UNKNOWN
    plan: int = ISDN
    """Numbering plan identification, 0 to 15."""

    @property
    def toa(self) -> int:
        """The type-of-address octet."""
        return 0x80 | self.type << 4 | self.plan


def address_of(number: str, *, field: str = "TP-DA") -> Address:
    """Return the address of a number as it is dialled.

    Args:
        number: E.164 with ``+``, or the digits of a national number or a short code. The latter
            are of unknown type, which leaves their reading to the network.
        field: what to name in an error.

    Raises:
        EncodeError: it is not made of digits, or of more than 20.
    """
    dialled = _DIALLED.match(number)
    if dialled is None:
        raise EncodeError(field, "is neither digits nor + and digits")
    if len(dialled[2]) > MAX_SEMI_OCTETS:
        raise EncodeError(field, f"has more than {MAX_SEMI_OCTETS} digits")
    kind = NumberType.INTERNATIONAL if dialled[1] else NumberType.UNKNOWN
    return Address(number=number, type=kind)


def encode_address(address: Address, *, field: str = "TP-DA") -> bytes:
    """Return the address field: semi-octets, type, value.

    Raises:
        EncodeError: the number does not fit its type, or is too long.
    """
    count, value = _encode_value(address, field)
    if count > MAX_SEMI_OCTETS:
        raise EncodeError(field, f"takes more than {MAX_SEMI_OCTETS} semi-octets")
    return bytes([count, address.toa]) + value


def decode_address(reader: Reader, field: str, *, strict: bool = False) -> Address:
    """Read an address field.

    Args:
        reader: stands on the length.
        field: the name of the field, for errors.
        strict: refuse a type of address whose top bit is not set; some networks forget it.

    Raises:
        DecodeError: it is cut off, or longer than an address can be.
    """
    count = reader.octet(field)
    if count > MAX_SEMI_OCTETS:
        raise reader.error(field, f"states {count} semi-octets, {MAX_SEMI_OCTETS} are possible")
    toa = reader.octet(field)
    if strict and count and not toa & 0x80:
        raise reader.error(field, f"has the unknown type of address 0x{toa:02X}")
    return _decode_value(toa, reader.take(field, (count + 1) // 2), count)


def encode_smsc(address: Address | None) -> bytes:
    """Return the service centre's field; without one the modem uses its own.

    Raises:
        EncodeError: the number does not fit its type, or is too long.
    """
    if address is None:
        return b"\x00"
    _, value = _encode_value(address, "SMSC")
    if len(value) >= MAX_SMSC_OCTETS:
        raise EncodeError("SMSC", f"takes more than {MAX_SMSC_OCTETS} octets")
    return bytes([len(value) + 1, address.toa]) + value


def decode_smsc(reader: Reader) -> Address | None:
    """Read the service centre's field; None when it is empty.

    Raises:
        DecodeError: it is cut off, or longer than it can be.
    """
    length = reader.octet("SMSC")
    if not length:
        return None
    if length > MAX_SMSC_OCTETS:
        raise reader.error("SMSC", f"states {length} octets, {MAX_SMSC_OCTETS} are possible")
    toa, *_ = octets = reader.take("SMSC", length)
    return _decode_value(toa, octets[1:], 2 * (length - 1))


def _encode_value(address: Address, field: str) -> tuple[int, bytes]:
    try:
        if address.type is NumberType.ALPHANUMERIC:
            septets = gsm7.encode(address.number)
            return (7 * len(septets) + 3) // 4, pack(septets)
        digits = address.number.removeprefix("+")
        return len(digits), encode_digits(digits)
    except ValueError as error:
        raise EncodeError(field, "has a character that an address cannot have") from error


def _decode_value(toa: int, octets: bytes, semi_octets: int) -> Address:
    kind = NumberType(toa >> 4 & 7)
    if kind is NumberType.ALPHANUMERIC:
        return Address(number=_decode_name(octets, semi_octets), type=kind, plan=toa & 0x0F)
    digits = decode_digits(octets)[:semi_octets]
    sign = "+" if kind is NumberType.INTERNATIONAL and digits else ""
    return Address(number=sign + digits, type=kind, plan=toa & 0x0F)


def _decode_name(octets: bytes, semi_octets: int) -> str:
    count, spare = divmod(4 * semi_octets, 7)
    septets = unpack(octets, count)
    # Writers that count octets instead of semi-octets make seven characters look like eight, of
    # which the last is zero; where bits are spare a last zero is an @ that was written.
    padded = not spare and septets.endswith(b"\x00")
    return gsm7.decode(septets[:-1] if padded else septets)
