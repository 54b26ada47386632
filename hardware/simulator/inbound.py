"""A text that someone sends to a SIM, as the SMS-DELIVERs in which the network brings it.

Clauses: 23.040, 9.2.3.24 (header), 9.2.3.24.1 (8-bit concatenation).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from hardware.simulator import alphabet
from hardware.simulator.pdu import Alphabet, encode_deliver

_SINGLE = {Alphabet.GSM: 160, Alphabet.UCS2: 70}
"""Units (septets, UTF-16 units) of a message alone."""

_PART = {Alphabet.GSM: 153, Alphabet.UCS2: 67}
"""Units of one part, beside a concatenation header of six octets."""

_PARTS = 255
"""What the one octet of the total can count."""


def encode_inbound(*, sender: str, text: str, at: datetime, reference: int) -> list[bytes]:
    """The SMS-DELIVERs of a text, in order.

    Args:
        sender: who wrote; ``+digits``, digits or a name.
        text: what was written.
        at: when the service centre took it; aware.
        reference: which long message of the sender this is, 0 to 255.

    Raises:
        ValueError: the text needs more than 255 parts.
    """
    coding = Alphabet.GSM if alphabet.fits(text) else Alphabet.UCS2
    parts = _split(text, coding)
    if len(parts) > _PARTS:
        raise ValueError(f"the text needs {len(parts)} parts; a message has at most {_PARTS}")
    return [
        _deliver(sender, part, at, coding, header)
        for part, header in zip(parts, _headers(reference, len(parts)), strict=True)
    ]


def _headers(reference: int, total: int) -> Iterator[bytes]:
    for seq in range(1, total + 1):
        yield bytes([5, 0, 3, reference, total, seq]) if total > 1 else b""


def _split(text: str, coding: Alphabet) -> list[str]:
    size = _septets if coding is Alphabet.GSM else _utf16_units
    if sum(map(size, text)) <= _SINGLE[coding]:
        return [text]
    return list(_chunks(text, size, _PART[coding]))


def _septets(character: str) -> int:
    return len(alphabet.septets_of(character) or ())


def _utf16_units(character: str) -> int:
    return len(character.encode("utf-16-be")) // 2


def _chunks(text: str, size: Callable[[str], int], room: int) -> Iterator[str]:
    chunk, used = "", 0
    for character in text:
        if used + size(character) > room:
            yield chunk
            chunk, used = "", 0
        chunk, used = chunk + character, used + size(character)
    yield chunk


def _deliver(sender: str, text: str, at: datetime, coding: Alphabet, header: bytes) -> bytes:
    length, body = _body(text, coding, header)
    return encode_deliver(
        sender=sender,
        at=at,
        coding=coding,
        length=length,
        user_data=header + body,
        has_header=bool(header),
    )


def _body(text: str, coding: Alphabet, header: bytes) -> tuple[int, bytes]:
    if coding is Alphabet.UCS2:
        body = text.encode("utf-16-be")
        return len(header) + len(body), body
    septets = alphabet.encode(text)
    header_septets = (8 * len(header) + 6) // 7
    fill = 7 * header_septets - 8 * len(header)
    return header_septets + len(septets), alphabet.pack(septets, fill=fill)
