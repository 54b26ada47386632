"""National language tables (3GPP TS 23.038 annex A), for reading only.

A header element names a language for the main table (*locking shift*) or for the one behind an
escape (*single shift*); a number that names none leaves the default tables in force. What a table
leaves out reads as U+FFFD.
"""

from __future__ import annotations

from enum import IntEnum
from functools import lru_cache
from typing import Final

from gateway.sms import gsm7, indic


class Language(IntEnum):
    """National language identifiers (TS 23.038 clause 6.2.1.2.4)."""

    TURKISH = 1
    SPANISH = 2
    PORTUGUESE = 3
    BENGALI = 4
    GUJARATI = 5
    HINDI = 6
    KANNADA = 7
    MALAYALAM = 8
    ORIYA = 9
    PUNJABI = 10
    TAMIL = 11
    TELUGU = 12
    URDU = 13


@lru_cache(maxsize=256)
def locking_table(language: int) -> str:
    """Return the character of each septet; the default alphabet where there is no table."""
    if language == Language.URDU:
        return indic.URDU
    if Language.BENGALI <= language <= Language.TELUGU:
        return indic.locking_table(indic.SCRIPTS[language - Language.BENGALI])
    return _replaced(gsm7.DEFAULT, _LOCKING.get(language, {}))


@lru_cache(maxsize=256)
def single_shift_table(language: int) -> dict[int, str]:
    """Return the character of each septet behind an escape; the default where there is none."""
    if language == Language.URDU:
        return indic.single_shift_table(indic.URDU_EXTRA)
    if Language.BENGALI <= language <= Language.TELUGU:
        return indic.single_shift_table(indic.SCRIPTS[language - Language.BENGALI].extra)
    return gsm7.EXTENSION | _SINGLE_SHIFT.get(language, {})


_LOCKING: Final[dict[int, dict[int, str]]] = {
    Language.TURKISH: {
        0x04: "€", 0x07: "\u0131", 0x0B: "Ğ", 0x0C: "ğ", 0x1C: "Ş", 0x1D: "ş", 0x40: "İ", 0x60: "ç",
    },
    Language.PORTUGUESE: {
        0x04: "ê", 0x06: "ú", 0x07: "í", 0x08: "ó", 0x09: "ç", 0x0B: "Ô", 0x0C: "ô", 0x0E: "Á",
        0x0F: "á", 0x12: "ª", 0x13: "Ç", 0x14: "À", 0x15: "∞", 0x16: "^", 0x17: "\\", 0x18: "€",
        0x19: "Ó", 0x1A: "|", 0x1C: "Â", 0x1D: "â", 0x1E: "Ê", 0x24: "º", 0x40: "Í", 0x5B: "Ã",
        0x5C: "Õ", 0x5D: "Ú", 0x60: "~", 0x7B: "ã", 0x7C: "õ", 0x7D: "`",
    },
}  # fmt: skip
"""Clauses A.3.1 and A.3.3, where they differ from the default alphabet. Spanish has no table."""

_SINGLE_SHIFT: Final[dict[int, dict[int, str]]] = {
    Language.TURKISH: {
        0x47: "Ğ", 0x49: "İ", 0x53: "Ş", 0x63: "ç", 0x67: "ğ", 0x69: "\u0131", 0x73: "ş",
    },
    Language.SPANISH: {
        0x09: "ç", 0x41: "Á", 0x49: "Í", 0x4F: "Ó", 0x55: "Ú", 0x61: "á", 0x69: "í", 0x6F: "ó",
        0x75: "ú",
    },
    Language.PORTUGUESE: {
        0x05: "ê", 0x09: "ç", 0x0B: "Ô", 0x0C: "ô", 0x0E: "Á", 0x0F: "á", 0x12: "Φ", 0x13: "Γ",
        0x15: "Ω", 0x16: "Π", 0x17: "Ψ", 0x18: "Σ", 0x19: "Θ", 0x1F: "Ê", 0x41: "À", 0x49: "Í",
        0x4F: "Ó", 0x55: "Ú", 0x5B: "Ã", 0x5C: "Õ", 0x61: "Â", 0x69: "í", 0x6F: "ó", 0x75: "ú",
        0x7B: "ã", 0x7C: "õ", 0x7F: "â",
    },
}  # fmt: skip
"""Clauses A.2.1 to A.2.3, beyond the default extension table."""


def _replaced(table: str, characters: dict[int, str]) -> str:
    return "".join(characters.get(septet, default) for septet, default in enumerate(table))
