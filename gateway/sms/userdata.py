"""TP-UDL and TP-UD: header, text or data (3GPP TS 23.040 clauses 9.2.3.16 and 9.2.3.24).

The length counts septets in the 7 bit alphabets, octets in the others, the header included.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from gateway.domain.errors import EncodeError
from gateway.sms import coding, gsm7
from gateway.sms.coding import Alphabet, Coding
from gateway.sms.header import Header, decode_header, encode_header
from gateway.sms.languages import locking_table, single_shift_table
from gateway.sms.octets import Reader
from gateway.sms.septets import fill_bits, pack, packed_size, unpack

MAX_OCTETS: Final = 140
"""Octets of user data in a message, header included."""

_PRINTABLE: Final = frozenset(b"\t\n\r" + bytes(range(0x20, 0x7F)))


@dataclass(frozen=True, kw_only=True, slots=True)
class UserData:
    """What a message carries."""

    coding: Coding = coding.GSM7
    header: Header = field(default_factory=Header)
    content: bytes = b""
    """Septets, one in an octet, in the 7 bit alphabets; octets in the others; no header."""
    truncated: bool = False
    """Less was there than the length stated."""

    @property
    def packed(self) -> bool:
        """True where ``content`` is septets."""
        return self.coding.alphabet is Alphabet.GSM7 and not self.coding.compressed

    @property
    def text(self) -> str | None:
        """The text; None where there is none to read: compressed, or data that is not ASCII.

        Half a surrogate pair, whose other half is in another part, reads as U+FFFD; see
        `gateway.sms.join`.
        """
        if self.coding.compressed:
            return None
        if self.coding.alphabet is Alphabet.UCS2:
            return self.content.decode("utf-16-be", "replace")
        if self.coding.alphabet is Alphabet.OCTETS:
            readable = _PRINTABLE.issuperset(self.content)
            return self.content.decode("ascii") if readable else None
        locking = locking_table(self.header.locking_language)
        single = single_shift_table(self.header.single_shift_language)
        return gsm7.decode(self.content, locking, single)

    @property
    def data(self) -> bytes | None:
        """The octets of a message without an alphabet; None for text."""
        binary = self.coding.compressed or self.coding.alphabet is Alphabet.OCTETS
        return self.content if binary else None


def encode_user_data(data: UserData) -> bytes:
    """Return TP-UDL and TP-UD.

    Raises:
        EncodeError: it takes more than 140 octets.
    """
    header = encode_header(data.header)
    if data.packed:
        fill = fill_bits(len(header))
        length = (8 * len(header) + fill) // 7 + len(data.content)
        octets = header + pack(data.content, fill)
    else:
        octets = header + data.content
        length = len(octets)
    if len(octets) > MAX_OCTETS:
        raise EncodeError("TP-UD", f"takes {len(octets)} octets, {MAX_OCTETS} are possible")
    return bytes([length]) + octets


def decode_user_data(
    reader: Reader, scheme: Coding, *, has_header: bool, allow_truncated: bool = False
) -> UserData:
    """Read TP-UDL and TP-UD; what follows them is left unread.

    Writers miscount the length where there is a header before septets. So what is there is taken
    then, and marked as truncated; without a header a length that is not met means a cut.

    Args:
        reader: stands on the length.
        scheme: the TP-DCS that goes with it.
        has_header: TP-UDHI. An empty user data has no header whatever the flag says.
        allow_truncated: take what is there of one that was cut off, too.

    Raises:
        DecodeError: it is cut off, or the header is longer than the user data.
    """
    length = reader.octet("TP-UDL")
    septets = scheme.alphabet is Alphabet.GSM7 and not scheme.compressed
    size = packed_size(length) if septets else length
    available = min(size, reader.remaining) if has_header or allow_truncated else size
    octets = reader.take("TP-UD", available)
    header_size = _header_size(reader, octets) if has_header and length else 0
    if septets:
        content = _septets_behind(header_size, octets, min(length, 8 * available // 7))
    else:
        content = octets[header_size:]
    return UserData(
        coding=scheme,
        header=decode_header(octets[1:header_size]),
        content=content,
        truncated=available < size,
    )


def _header_size(reader: Reader, octets: bytes) -> int:
    """Return the octets of the header with its length."""
    if not octets or octets[0] >= len(octets):
        raise reader.error("UDH", "is longer than the user data")
    return octets[0] + 1


def _septets_behind(header_size: int, octets: bytes, count: int) -> bytes:
    fill = fill_bits(header_size)
    behind = count - (8 * header_size + fill) // 7
    return unpack(octets[header_size:], behind, fill) if behind > 0 else b""
