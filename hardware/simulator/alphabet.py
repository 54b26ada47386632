"""The GSM 7-bit default alphabet: characters, septets, and septets in octets.

Clauses: 23.038, 6.2.1 (default alphabet), 6.2.1.1 (extension table), 6.1.2.1.1 (packing). National
language tables are not here: the simulated network reads them as the default alphabet.
"""

from __future__ import annotations

ESCAPE = 0x1B
"""Septet that announces a character of the extension table."""

_BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ"
    " !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION = {
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
_SEPTETS = {character: (septet,) for septet, character in enumerate(_BASIC) if septet != ESCAPE} | {
    character: (ESCAPE, septet) for septet, character in _EXTENSION.items()
}


def septets_of(character: str) -> tuple[int, ...] | None:
    """The one or two septets of a character; none when the alphabet lacks it."""
    return _SEPTETS.get(character)


def fits(text: str) -> bool:
    """Whether every character of the text is in the alphabet."""
    return all(character in _SEPTETS for character in text)


def encode(text: str) -> list[int]:
    """The septets of a text.

    Raises:
        KeyError: a character is not in the alphabet; ask `fits` first.
    """
    return [septet for character in text for septet in _SEPTETS[character]]


def decode(septets: list[int]) -> str:
    """The text of some septets; an unknown escape reads as the basic character (6.2.1.1)."""
    if ESCAPE not in septets:
        return "".join(map(_BASIC.__getitem__, septets))
    characters: list[str] = []
    escaped = False
    for septet in septets:
        if septet == ESCAPE and not escaped:
            escaped = True
            continue
        basic = _BASIC[septet]
        characters.append(_EXTENSION.get(septet, basic) if escaped else basic)
        escaped = False
    return "".join(characters)


def pack(septets: list[int], *, fill: int = 0) -> bytes:
    """Septets in octets, after ``fill`` zero bits that pad a header to a septet boundary."""
    bits = 0
    for position, septet in enumerate(septets):
        bits |= septet << (fill + 7 * position)
    return bits.to_bytes((fill + 7 * len(septets) + 7) // 8, "little")


def unpack(octets: bytes, count: int, *, fill: int = 0) -> list[int]:
    """``count`` septets out of octets, skipping ``fill`` bits first."""
    bits = int.from_bytes(octets, "little") >> fill
    return [(bits >> (7 * position)) & 0x7F for position in range(count)]
