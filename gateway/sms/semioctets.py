"""Semi-octets: two digits in an octet, the first in the low half (3GPP TS 23.040 clause 9.1.2.3).

Digits of addresses reach beyond the decimal ones: ``*``, ``#``, ``a``, ``b`` and ``c``.
"""

from __future__ import annotations

from typing import Final

DIGITS: Final = "0123456789*#abc"
"""The digit of each half octet; 0xF is the filler behind an odd count."""

_TO_HEX: Final = str.maketrans("*#abcABC", "ABCDECDE")
_FROM_HEX: Final = str.maketrans("ABCDE", "*#abc")


def encode_digits(digits: str) -> bytes:
    """Return address digits as semi-octets, filled up with 0xF.

    Raises:
        ValueError: there is a character that is no digit of an address.
    """
    translated = digits.translate(_TO_HEX)
    padded = translated + "F" * (len(translated) % 2)
    return bytes.fromhex("".join([padded[i + 1] + padded[i] for i in range(0, len(padded), 2)]))


def decode_digits(octets: bytes) -> str:
    """Return address digits up to the first filler or the end."""
    digits = octets.hex().upper()
    ordered = "".join([digits[i + 1] + digits[i] for i in range(0, len(digits), 2)])
    return ordered.partition("F")[0].translate(_FROM_HEX)


def encode_number(number: int) -> int:
    """Return a number from 0 to 99 as one octet of two swapped digits."""
    return number % 10 << 4 | number // 10


def decode_number(octet: int) -> int | None:
    """Return the number in one octet, or None when a half is no decimal digit."""
    tens, units = octet & 0x0F, octet >> 4
    return tens * 10 + units if tens < 10 and units < 10 else None
