"""Octets as a PDU gives them: hexadecimal digits in, and a cursor that knows where it is.

Every fault found while reading names the field of the standard and its offset, counted in octets
from the start of what was given.
"""

from __future__ import annotations

import re
from typing import Final

from gateway.domain.errors import DecodeError

_HEX: Final = re.compile(r"[0-9A-Fa-f]*\Z")


def octets_of(pdu: str | bytes) -> bytes:
    """Return the octets of a PDU as a modem writes it.

    Some modems append ``,0`` to the digits, which is cut off. Some end them with half an octet,
    whose other half is then taken for 0.

    Args:
        pdu: hexadecimal digits of either case, or the octets themselves.

    Raises:
        DecodeError: there is something other than hexadecimal digits.
    """
    if isinstance(pdu, bytes):
        return pdu
    digits = pdu.strip().partition(",")[0].rstrip()
    if not _HEX.match(digits):
        raise DecodeError("PDU", "holds something other than hexadecimal digits")
    return bytes.fromhex(digits + "0" * (len(digits) % 2))


class Reader:
    """A cursor over octets that refuses to run past their end."""

    __slots__ = ("_octets", "_position")

    def __init__(self, octets: bytes, position: int = 0) -> None:
        self._octets = octets
        self._position = position

    @property
    def offset(self) -> int:
        """Where the next octet is, in octets from the start."""
        return self._position

    @property
    def remaining(self) -> int:
        """How many octets there still are."""
        return len(self._octets) - self._position

    def first_octet(self, message_type: int, name: str) -> int:
        """Read the first octet of a TPDU, whose two low bits tell its type.

        Raises:
            DecodeError: it is of another type, or there is none.
        """
        octet = self.octet("first octet")
        if octet & 3 != message_type:
            raise DecodeError(
                "TP-MTI", f"0x{octet:02X} does not begin an {name}", offset=self._position - 1
            )
        return octet

    def octet(self, field: str) -> int:
        """Read one octet of ``field``.

        Raises:
            DecodeError: there is none left.
        """
        return self.take(field, 1)[0]

    def take(self, field: str, count: int) -> bytes:
        """Read ``count`` octets of ``field``.

        Raises:
            DecodeError: fewer are left.
        """
        if self.remaining < count:
            raise self.error(field, f"needs {count} octets, {self.remaining} are left")
        start = self._position
        self._position += count
        return self._octets[start : self._position]

    def error(self, field: str, message: str) -> DecodeError:
        """Return an error about ``field`` that names the present offset."""
        return DecodeError(field, message, offset=self._position)
