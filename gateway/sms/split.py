"""How a text becomes parts: which alphabet, how many, cut where.

A part holds 160 septets or 70 UTF-16 code units; in a long message, whose parts carry a header,
153 or 67 (152 or 66 with a 16 bit reference). No cut falls into an escape pair or a surrogate
pair, and none into a grapheme, such as a family emoji or CR LF, unless it is longer than a part.

National tables are not used for sending: few phones have them, and UCS-2 reaches all.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import regex  # type: ignore[import-untyped]  # its stubs are a package of their own

from gateway.domain.errors import EncodeError
from gateway.sms import gsm7
from gateway.sms.coding import Alphabet

MAX_PARTS: Final = 255
"""The header counts parts in one octet."""

SINGLE: Final = {Alphabet.GSM7: 160, Alphabet.UCS2: 70}
"""Units of a message in one part: septets, or UTF-16 code units."""

PART: Final = {
    (Alphabet.GSM7, 8): 153,
    (Alphabet.GSM7, 16): 152,
    (Alphabet.UCS2, 8): 67,
    (Alphabet.UCS2, 16): 66,
}
"""Units of a part of a long message, by the width of its reference in bits."""

_GRAPHEME: Final = regex.compile(r"\X")


@dataclass(frozen=True, kw_only=True, slots=True)
class PartCount:
    """What a text takes."""

    alphabet: Alphabet
    parts: int
    """1 for an empty text too."""
    units: int
    """Septets or UTF-16 code units of the text, headers not counted."""
    forcing: str | None
    """The first character that is not in the 7 bit alphabet, and so forces UCS-2."""


def count_parts(text: str, *, reference_width: int = 8) -> PartCount:
    """Tell what a text takes when it is sent.

    Args:
        text: any text.
        reference_width: 8 or 16, see `gateway.sms.compose`; a wide one leaves less room.

    Raises:
        EncodeError: the text holds half a surrogate pair.
    """
    alphabet, units, forcing = _measure(text)
    parts = 1 if units <= SINGLE[alphabet] else len(_cut(text, alphabet, reference_width))
    return PartCount(alphabet=alphabet, parts=parts, units=units, forcing=forcing)


def split_text(text: str, *, reference_width: int = 8) -> tuple[str, ...]:
    """Return the text of each part; one empty part for an empty text.

    Args:
        text: any text.
        reference_width: as of `count_parts`.

    Raises:
        EncodeError: the text holds half a surrogate pair.
    """
    alphabet, units, _ = _measure(text)
    if units <= SINGLE[alphabet]:
        return (text,)
    return tuple(_cut(text, alphabet, reference_width))


def encode_content(text: str, alphabet: Alphabet) -> bytes:
    """Return the content of a part: septets one in an octet, or UTF-16BE."""
    return gsm7.encode(text) if alphabet is Alphabet.GSM7 else text.encode("utf-16-be")


def alphabet_of(text: str) -> Alphabet:
    """Return the alphabet in which a text is sent.

    Raises:
        EncodeError: the text holds half a surrogate pair.
    """
    return _measure(text)[0]


def _measure(text: str) -> tuple[Alphabet, int, str | None]:
    try:
        return Alphabet.GSM7, len(gsm7.encode(text)), None
    except UnicodeEncodeError as error:
        forcing = text[error.start]
    try:
        return Alphabet.UCS2, len(text.encode("utf-16-be")) // 2, forcing
    except UnicodeEncodeError as error:
        raise EncodeError(
            "TP-UD", f"character {error.start} of the text is half a surrogate pair"
        ) from error


def _cut(text: str, alphabet: Alphabet, reference_width: int) -> list[str]:
    room = PART[alphabet, reference_width]
    parts: list[str] = []
    start = end = used = 0
    for piece in _pieces(text, alphabet, room):
        units = _units(piece, alphabet)
        if used + units > room:
            parts.append(text[start:end])
            start, used = end, 0
        end += len(piece)
        used += units
    return [*parts, text[start:]]


def _pieces(text: str, alphabet: Alphabet, room: int) -> Iterator[str]:
    """Yield what is not to be cut: graphemes, or the characters of one that no part can hold."""
    for match in _GRAPHEME.finditer(text):
        grapheme = match[0]
        if _units(grapheme, alphabet) <= room:
            yield grapheme
        else:
            yield from grapheme


def _units(piece: str, alphabet: Alphabet) -> int:
    size = len(encode_content(piece, alphabet))
    return size if alphabet is Alphabet.GSM7 else size // 2
