"""The GSM 7 bit default alphabet and its extension table (3GPP TS 23.038 clause 6.2.1).

Characters to septets and back, one septet in an octet. Packing is `gateway.sms.septets`, national
tables are `gateway.sms.languages`.
"""

from __future__ import annotations

import codecs
from typing import Final

ESCAPE: Final = 0x1B
"""The septet that says: look the next one up in the extension table."""

DEFAULT: Final = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ"
    " !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""Clause 6.2.1: the character of each septet."""

EXTENSION: Final = {
    0x0A: "\f",
    0x14: "^",
    0x28: "{",
    0x29: "}",
    0x2F: "\\",
    0x3C: "[",
    0x3D: "~",
    0x3E: "]",
    0x40: "|",
    0x65: "€",
}
"""Clause 6.2.1.1: the character of each septet that follows an escape."""

_ENCODING: Final = {
    ord(character): bytes([septet]) for septet, character in enumerate(DEFAULT) if septet != ESCAPE
} | {ord(character): bytes([ESCAPE, septet]) for septet, character in EXTENSION.items()}


def encode(text: str) -> bytes:
    """Return the septets of ``text``.

    Raises:
        UnicodeEncodeError: a character is not in the alphabet; ``start`` tells the first one.
    """
    return codecs.charmap_encode(text, "strict", _ENCODING)[0]


def decode(septets: bytes, locking: str = DEFAULT, single: dict[int, str] = EXTENSION) -> str:
    """Return the text of ``septets``.

    What the extension table lacks is read from the main table, an escape behind an escape or at
    the end is a blank: so the standard asks of a receiver.

    Args:
        septets: one in an octet, each below 128.
        locking: the character of each septet.
        single: the character of each septet that follows an escape.
    """
    if ESCAPE not in septets:
        return codecs.charmap_decode(septets, "strict", locking)[0]
    return "".join(_characters(septets, locking, single))


def _characters(septets: bytes, locking: str, single: dict[int, str]) -> list[str]:
    characters: list[str] = []
    following = iter(septets)
    for septet in following:
        if septet != ESCAPE:
            characters.append(locking[septet])
            continue
        extended = next(following, ESCAPE)
        blank_or_main = " " if extended == ESCAPE else locking[extended]
        characters.append(single.get(extended, blank_or_main))
    return characters
