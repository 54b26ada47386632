"""National language tables (3GPP TS 23.038 annex A)."""

from __future__ import annotations

from gateway.sms import gsm7


def locking_table(language: int) -> str:
    """Return the main table of a language; the default alphabet where there is none."""
    return gsm7.DEFAULT


def single_shift_table(language: int) -> dict[int, str]:
    """Return the extension table of a language; the default one where there is none."""
    return gsm7.EXTENSION
