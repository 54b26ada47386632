"""The user data header and its information elements (3GPP TS 23.040 clause 9.2.3.24).

Elements that are unknown here are kept. An element whose content cannot be is passed over, and a
header whose last element does not end with the header is passed over as a whole: so the standard
asks of a receiver. Of a repeated element the last one counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from gateway.domain.errors import EncodeError

MAX_REFERENCE_8: Final = 0xFF
"""The highest reference of a concatenated message that fits one octet."""


class ElementId(IntEnum):
    """The information elements that are read here (clause 9.2.3.24, table)."""

    CONCAT_8 = 0x00
    SPECIAL_INDICATION = 0x01
    PORTS_8 = 0x04
    PORTS_16 = 0x05
    CONCAT_16 = 0x08
    SINGLE_SHIFT = 0x24
    LOCKING_SHIFT = 0x25


@dataclass(frozen=True, slots=True)
class Element:
    """One information element."""

    identifier: int
    data: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Concat:
    """Which part of a long message this is."""

    reference: int
    """The same in all parts, 0 to 255 or 0 to 65535 by ``width``."""
    total: int
    """Parts of the whole message, 1 to 255."""
    sequence: int
    """This part's place, from 1."""
    width: int = 8
    """Bits of the reference on the wire, 8 or 16; two widths are two messages."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Ports:
    """Application port addresses: the message is for a program."""

    destination: int
    source: int


@dataclass(frozen=True, slots=True)
class Header:
    """The information elements before a text, in their order."""

    elements: tuple[Element, ...] = ()

    @property
    def concat(self) -> Concat | None:
        """The part's place in a long message; None where the element makes no sense."""
        for element in reversed(self.elements):
            concat = _concat_of(element)
            if concat is not None:
                return concat
        return None

    @property
    def ports(self) -> Ports | None:
        """The ports the message is for and from."""
        for element in reversed(self.elements):
            ports = _ports_of(element)
            if ports is not None:
                return ports
        return None

    @property
    def locking_language(self) -> int:
        """National language whose table replaces the default alphabet; 0 for none."""
        return self._language(ElementId.LOCKING_SHIFT)

    @property
    def single_shift_language(self) -> int:
        """National language whose table replaces the extension table; 0 for none."""
        return self._language(ElementId.SINGLE_SHIFT)

    def _language(self, identifier: ElementId) -> int:
        for element in reversed(self.elements):
            if element.identifier == identifier and len(element.data) == 1:
                return element.data[0]
        return 0


def concat_element(concat: Concat) -> Element:
    """Return the element that marks a part.

    Raises:
        EncodeError: a number does not fit.
    """
    if not 1 <= concat.sequence <= concat.total <= 255:
        raise EncodeError("UDH", f"cannot be part {concat.sequence} of {concat.total}")
    if not 0 <= concat.reference < 1 << concat.width:
        raise EncodeError("UDH", f"reference {concat.reference} exceeds {concat.width} bits")
    identifier = ElementId.CONCAT_8 if concat.width == 8 else ElementId.CONCAT_16
    reference = concat.reference.to_bytes(concat.width // 8, "big")
    return Element(identifier, reference + bytes([concat.total, concat.sequence]))


def encode_header(header: Header) -> bytes:
    """Return the header with its length; nothing when it has no elements.

    Raises:
        EncodeError: it is longer than a user data can be.
    """
    if not header.elements:
        return b""
    fields = [bytes([e.identifier, len(e.data)]) + e.data for e in header.elements]
    octets = b"".join(fields)
    if len(octets) > 139:
        raise EncodeError("UDH", f"takes {len(octets)} octets, 139 are possible")
    return bytes([len(octets)]) + octets


def decode_header(octets: bytes) -> Header:
    """Return the header whose elements are ``octets``, its length octet not among them."""
    elements: list[Element] = []
    position = 0
    while position < len(octets):
        identifier, length = octets[position], int.from_bytes(octets[position + 1 : position + 2])
        data = octets[position + 2 : position + 2 + length]
        position += 2 + length
        elements.append(Element(identifier, data))
    return Header(tuple(elements)) if position == len(octets) else Header()


def _concat_of(element: Element) -> Concat | None:
    identifier, data = element.identifier, element.data
    if (identifier, len(data)) not in ((ElementId.CONCAT_8, 3), (ElementId.CONCAT_16, 4)):
        return None
    *reference, total, sequence = data
    if not 1 <= sequence <= total:
        return None
    return Concat(
        reference=int.from_bytes(reference, "big"),
        total=total,
        sequence=sequence,
        width=8 * len(reference),
    )


def _ports_of(element: Element) -> Ports | None:
    identifier, data = element.identifier, element.data
    if (identifier, len(data)) not in ((ElementId.PORTS_8, 2), (ElementId.PORTS_16, 4)):
        return None
    half = len(data) // 2
    return Ports(
        destination=int.from_bytes(data[:half], "big"), source=int.from_bytes(data[half:], "big")
    )
