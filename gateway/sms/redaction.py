"""A PDU without its numbers and its text, and otherwise the same (3GPP TS 23.040 clause 9.2).

Rewritten in its own octets, field by field: addresses and user data get stand-ins of equal length
and coding; type, references, times, codings, headers and lengths stay, and so do the faults of a
faulty one. From where it cannot be read on, it is blanked with octets that no PDU can have there.
"""

from __future__ import annotations

from typing import Final

from gateway.domain.errors import DecodeError
from gateway.domain.redaction import StandIns
from gateway.sms import gsm7
from gateway.sms.address import MAX_SEMI_OCTETS, NumberType
from gateway.sms.coding import Alphabet, Coding, decode_coding
from gateway.sms.frame import unframe
from gateway.sms.header import ElementId
from gateway.sms.octets import Reader, octets_of
from gateway.sms.semioctets import decode_digits, encode_digits
from gateway.sms.septets import fill_bits, pack, packed_size, unpack
from gateway.sms.timestamp import SIZE
from gateway.sms.validity import ValidityFormat

BLANK: Final = b"\x33"
"""Longer than a service centre can be and of the reserved type 3: never the start of a PDU."""

_PADDING: Final = frozenset(b"\x00\x89\xff")
"""What modems write behind a PDU."""

_HEADER: Final = 0x40
_ESCAPE: Final = 0x1B
_EURO: Final = 0x65
"""Any character of the extension table."""

_KEPT_ELEMENTS: Final = frozenset(
    {
        (ElementId.CONCAT_8, 3),
        (ElementId.SPECIAL_INDICATION, 2),
        (ElementId.PORTS_8, 2),
        (ElementId.PORTS_16, 4),
        (ElementId.CONCAT_16, 4),
        (ElementId.SINGLE_SHIFT, 1),
        (ElementId.LOCKING_SHIFT, 1),
    }
)
"""Elements, with their sizes, that say how a message is to be read and not what is in it."""


def redact_pdu(pdu: str, stand_ins: StandIns, *, length: int | None = None) -> str:
    """Return a PDU of equal length and structure without its numbers and its text.

    Args:
        pdu: hexadecimal digits, with the service centre's octets.
        stand_ins: those of the trace that it is for.
        length: octets of the TPDU as the modem stated them, or None.
    """
    try:
        octets = octets_of(pdu)
        smsc, reader = unframe(octets, has_smsc=True, length=length)
    except DecodeError:
        return "3" * len(pdu)
    head = octets[: reader.offset]
    if smsc is not None:
        head = head[:2] + _digits(head[2:], 2 * len(head), stand_ins)
    redacted = (head + _Rewriter(reader, stand_ins).run()).hex()[: len(pdu)]
    return redacted if pdu == pdu.lower() else redacted.upper()


class _Rewriter:
    """Walks through one TPDU."""

    def __init__(self, reader: Reader, stand_ins: StandIns) -> None:
        self._reader = reader
        self._stand_ins = stand_ins
        self._out = bytearray()

    def run(self) -> bytes:
        """Return the octets that take the place of all that is left to read."""
        try:
            self._tpdu()
            rest = self._reader.take("padding", self._reader.remaining)
            self._out += bytes(octet if octet in _PADDING else BLANK[0] for octet in rest)
        except DecodeError:
            self._out += BLANK * self._reader.remaining
        return bytes(self._out)

    def _tpdu(self) -> None:
        first = self._keep()
        if first & 3 == 0:
            self._deliver(first)
        elif first & 3 == 1:
            self._submit(first)
        elif first & 3 == 2:
            self._status_report(first)
        else:
            raise self._reader.error("TP-MTI", "is the reserved type 3")

    def _deliver(self, first: int) -> None:
        self._address()
        self._keep()
        scheme = decode_coding(self._keep())
        self._keep(SIZE)
        self._user_data(scheme, has_header=bool(first & _HEADER))

    def _submit(self, first: int) -> None:
        self._keep()
        self._address()
        self._keep()
        scheme = decode_coding(self._keep())
        validity = ValidityFormat(first >> 3 & 3)
        if validity is not ValidityFormat.ABSENT:
            self._keep(1 if validity is ValidityFormat.RELATIVE else SIZE)
        self._user_data(scheme, has_header=bool(first & _HEADER))

    def _status_report(self, first: int) -> None:
        self._keep()
        self._address()
        self._keep(2 * SIZE + 1)
        indicator = self._keep() if self._reader.remaining else 0
        if indicator & ~7:
            return
        if indicator & 1:
            self._keep()
        scheme = decode_coding(self._keep() if indicator & 2 else 0)
        if indicator & 4:
            self._user_data(scheme, has_header=bool(first & _HEADER))

    def _keep(self, count: int = 1) -> int:
        octets = self._reader.take("field", count)
        self._out += octets
        return octets[0]

    def _address(self) -> None:
        count = self._keep()
        if count > MAX_SEMI_OCTETS:
            raise self._reader.error("address", "is longer than it can be")
        toa = self._keep()
        value = self._reader.take("address", (count + 1) // 2)
        if NumberType(toa >> 4 & 7) is NumberType.ALPHANUMERIC:
            self._out += self._name(value, 4 * count // 7)
        else:
            self._out += _digits(value, count, self._stand_ins)

    def _name(self, value: bytes, count: int) -> bytes:
        """Return a name of as many characters; a zero at its end may be no character."""
        septets = unpack(value, count)
        name = septets.removesuffix(b"\x00")
        padding = septets[len(name) :]
        return pack(self._septets(name) + padding).ljust(len(value), b"\x00")

    def _user_data(self, scheme: Coding, *, has_header: bool) -> None:
        length = self._keep()
        septets = scheme.alphabet is Alphabet.GSM7 and not scheme.compressed
        size = min(packed_size(length) if septets else length, self._reader.remaining)
        octets = self._reader.take("TP-UD", size)
        header = _header(octets) if has_header and octets else b""
        self._out += header
        behind = octets[len(header) :]
        if septets:
            fill = fill_bits(len(header))
            self._out += self._packed(behind, length - (8 * len(header) + fill) // 7, fill)
        elif scheme.alphabet is Alphabet.UCS2 and not scheme.compressed:
            self._out += self._units(behind)
        else:
            self._out += self._stand_ins.letter(behind).encode() * len(behind)

    def _packed(self, octets: bytes, stated: int, fill: int) -> bytes:
        count = min(stated, (8 * len(octets) - fill) // 7)
        if count <= 0:
            return bytes(len(octets))
        septets = unpack(octets, count, fill)
        return pack(self._septets(septets), fill).ljust(len(octets), b"\x00")

    def _septets(self, septets: bytes) -> bytes:
        """Return one letter over and over; what takes two septets still does."""
        letter = gsm7.encode(self._stand_ins.letter(septets))[0]
        out = bytearray()
        for septet in septets:
            escaped = out[-1:] == bytes([_ESCAPE])
            plain = _ESCAPE if septet == _ESCAPE else letter
            out.append(_EURO if escaped else plain)
        return bytes(out)

    def _units(self, octets: bytes) -> bytes:
        """Return one letter over and over; halves of surrogate pairs stay such halves."""
        letter = self._stand_ins.letter(octets).encode("utf-16-be")
        units = (octets[at : at + 2] for at in range(0, len(octets), 2))
        return b"".join(_unit(unit, letter)[: len(unit)] for unit in units)


def _unit(unit: bytes, letter: bytes) -> bytes:
    if 0xD8 <= unit[0] <= 0xDB:
        return b"\xd8\x3d"
    return b"\xde\x00" if 0xDC <= unit[0] <= 0xDF else letter


def _digits(octets: bytes, count: int, stand_ins: StandIns) -> bytes:
    """Return semi-octets with a stand-in for the number of ``count`` digits in them."""
    digits = decode_digits(octets)[:count]
    return encode_digits(stand_ins.number(digits)).ljust(len(octets), b"\xff")


def _header(octets: bytes) -> bytes:
    """Return the header before a text, without the data of elements that tell of persons.

    One that is longer than the user data, or whose elements do not fit in it, is blanked.
    """
    end = octets[0] + 1
    out = bytearray(octets[:end])
    position = 1
    while position + 1 < len(out):
        size = out[position + 1]
        if (out[position], size) not in _KEPT_ELEMENTS:
            out[position + 2 : position + 2 + size] = bytes(size)
        position += 2 + size
    if position == end == len(out):
        return bytes(out)
    return octets[:1] + BLANK * (len(octets[:end]) - 1)


def redact_hex_text(text: str, stand_ins: StandIns) -> str:
    """Return the hex of a text, UCS-2 or packed septets, with another text of equal length in it.

    What some modems leave behind the text (MODEMS.md 7.4), units of 0000 and FFFF, stays.
    """
    octets = bytes.fromhex(text[: len(text) // 2 * 2])
    letter = stand_ins.letter(octets)
    if _is_ucs2(octets):
        units = (octets[at : at + 2] for at in range(0, len(octets), 2))
        wide = letter.encode("utf-16-be")
        shown = b"".join(unit if unit in _BEHIND_TEXT else wide for unit in units)
    else:
        count = 8 * len(octets) // 7
        shown = pack(gsm7.encode(letter) * count).ljust(len(octets), b"\x00")
    digits = (shown.hex() + "0")[: len(text)]
    return digits if text == text.lower() else digits.upper()


_BEHIND_TEXT: Final = (b"\x00\x00", b"\xff\xff")


def _is_ucs2(octets: bytes) -> bool:
    """Tell by the high octets: those of one script are few, those of packed septets any."""
    high = octets[::2]
    common = max((high.count(octet) for octet in set(high)), default=0)
    return len(octets) % 2 == 0 and 2 * common >= len(high)
