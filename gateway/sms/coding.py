"""TP-DCS: alphabet, class and message waiting (3GPP TS 23.038 clause 4).

All 256 octets have a meaning: reserved ones are read as the default alphabet, as clause 4 asks of
a receiver. The octet itself is kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from functools import lru_cache
from typing import Final


class Alphabet(StrEnum):
    """How the user data is to be read."""

    GSM7 = "gsm7"
    """GSM 7 bit default alphabet, or a national one that the header names."""
    OCTETS = "8bit"
    """Data without an alphabet."""
    UCS2 = "ucs2"
    """UTF-16BE: every phone of this century writes surrogate pairs."""


class MessageClass(IntEnum):
    """Where the receiver is to put the message."""

    FLASH = 0
    """Shown at once, not kept."""
    DEVICE = 1
    SIM = 2
    TERMINAL = 3


class WaitingKind(IntEnum):
    """What waits for the receiver, bits 1 and 0 of the coding group and of the header element."""

    VOICEMAIL = 0
    FAX = 1
    EMAIL = 2
    OTHER = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Coding:
    """A data coding scheme."""

    octet: int
    """The octet on the wire."""
    alphabet: Alphabet = Alphabet.GSM7
    message_class: MessageClass | None = None
    compressed: bool = False
    """By TS 23.042, which nobody writes; such data is kept and not read."""
    auto_delete: bool = False
    """To be deleted when it has been read."""
    waiting: WaitingKind | None = None
    """The indication that the message switches on or off."""
    waiting_active: bool = False
    store: bool = True
    """False where an indication's text is to be discarded."""


_GENERAL_ALPHABETS: Final = (Alphabet.GSM7, Alphabet.OCTETS, Alphabet.UCS2, Alphabet.GSM7)


@lru_cache(maxsize=256)
def decode_coding(octet: int) -> Coding:
    """Return what a TP-DCS octet, 0 to 255, means."""
    if octet < 0x80:
        return _general(octet)
    if octet < 0xC0:
        return Coding(octet=octet)
    if octet < 0xF0:
        return _message_waiting(octet)
    alphabet = Alphabet.OCTETS if octet & 0x04 else Alphabet.GSM7
    return Coding(octet=octet, alphabet=alphabet, message_class=MessageClass(octet & 3))


def _general(octet: int) -> Coding:
    """Groups 00xx and 01xx: general, and marked for automatic deletion."""
    return Coding(
        octet=octet,
        alphabet=_GENERAL_ALPHABETS[octet >> 2 & 3],
        message_class=MessageClass(octet & 3) if octet & 0x10 else None,
        compressed=bool(octet & 0x20),
        auto_delete=bool(octet & 0x40),
    )


def _message_waiting(octet: int) -> Coding:
    """Groups 1100 (discard), 1101 (store) and 1110 (store, UCS-2)."""
    group = octet >> 4
    return Coding(
        octet=octet,
        alphabet=Alphabet.UCS2 if group == 0xE else Alphabet.GSM7,
        waiting=WaitingKind(octet & 3),
        waiting_active=bool(octet & 0x08),
        store=group != 0xC,
    )


GSM7: Final = decode_coding(0x00)
"""Text in the default alphabet, no class."""

OCTETS: Final = decode_coding(0x04)
"""Data, no class."""

UCS2: Final = decode_coding(0x08)
"""Text in UTF-16BE, no class."""
