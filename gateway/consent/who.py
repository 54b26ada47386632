"""Persons as somebody names them: by a number, or by a pseudonym of the ledger."""

from __future__ import annotations

from typing import Final

from gateway.domain.errors import RejectedError
from gateway.domain.phone import PhoneNumberError, parse_phone

_PSEUDONYM_LETTERS: Final = 12


def read_number(text: str, country: str) -> str:
    """Return a number in E.164.

    Args:
        text: as somebody writes it.
        country: in which a national number is read; ISO 3166.

    Raises:
        RejectedError: it is none; the text says why, without the number.
    """
    try:
        return parse_phone(text, country)
    except PhoneNumberError as error:
        raise RejectedError("invalid_number", f"the number {error}", field="number") from None


def is_pseudonym(text: str) -> bool:
    """Tell whether a text is a person's name in the ledger, and no number."""
    if len(text) != _PSEUDONYM_LETTERS or not text.replace("-", "").replace("_", "").isalnum():
        return False
    try:
        parse_phone(text, "ZZ")
    except PhoneNumberError:
        return not text.isdecimal()
    return False
