"""How a text becomes parts: which alphabet, how many, cut where.

A part holds 160 septets or 70 UTF-16 code units; in a long message, whose parts carry a header,
153 or 67 (152 or 66 with a 16 bit reference). No cut falls into an escape pair or a surrogate
pair, and none into a grapheme, such as a family emoji or CR LF, unless it is longer than a part.

National tables are not used for sending: few phones have them, and UCS-2 reaches all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import regex

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
    return split_with_alphabet(text, reference_width=reference_width)[1]


def split_with_alphabet(text: str, *, reference_width: int) -> tuple[Alphabet, tuple[str, ...]]:
    """Return the alphabet that a text is sent in, and what `split_text` does.

    Raises:
        EncodeError: the text holds half a surrogate pair.
    """
    alphabet, units, _ = _measure(text)
    if units <= SINGLE[alphabet]:
        return alphabet, (text,)
    return alphabet, tuple(_cut(text, alphabet, reference_width))


def encode_content(text: str, alphabet: Alphabet) -> bytes:
    """Return the content of a part: septets one in an octet, or UTF-16BE.

    Raises:
        UnicodeEncodeError: a character is not in the alphabet; ``start`` tells the first one.
    """
    return gsm7.encode(text) if alphabet is Alphabet.GSM7 else text.encode("utf-16-be")


def _measure(text: str) -> tuple[Alphabet, int, str | None]:
    try:
        return Alphabet.GSM7, _units(text, Alphabet.GSM7), None
    except UnicodeEncodeError as error:
        forcing = text[error.start]
    try:
        return Alphabet.UCS2, _units(text, Alphabet.UCS2), forcing
    except UnicodeEncodeError as error:
        raise EncodeError(
            "TP-UD", f"character {error.start} of the text is half a surrogate pair"
        ) from error


def _units(text: str, alphabet: Alphabet) -> int:
    size = len(encode_content(text, alphabet))
    return size if alphabet is Alphabet.GSM7 else size // 2


def _cut(text: str, alphabet: Alphabet, reference_width: int) -> list[str]:
    room = PART[alphabet, reference_width]
    parts: list[str] = []
    start = 0
    while start < len(text):
        end = _boundary(text, start, _reach(text, start, alphabet, room))
        parts.append(text[start:end])
        start = end
    return parts


def _reach(text: str, start: int, alphabet: Alphabet, room: int) -> int:
    """Return how far a part that begins at ``start`` can go at most."""
    end = min(start + room, len(text))
    while (excess := _units(text[start:end], alphabet) - room) > 0:
        end -= (excess + 1) // 2  # no character takes more than two units
    return end


def _boundary(text: str, start: int, end: int) -> int:
    """Return the last end of a grapheme up to ``end``; ``end`` where there is none."""
    around = text[end - 1 : end + 1]
    if len(around) < 2 or (around.isascii() and around != "\r\n"):
        return end
    ends = (match.end() for match in _GRAPHEME.finditer(text, start, end + 1))
    return max((boundary for boundary in ends if boundary <= end), default=end)
