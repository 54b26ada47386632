"""Phone numbers of persons: one form inside, E.164.

Parsing is phonenumbers' work; this module decides what Shopbell accepts, and how two writings of
one number are compared.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import phonenumbers

SHORTEST_NATIONAL: Final = 7
"""Digits below which a number of no stated type is a short code and has no international form."""

MATCHING_DIGITS: Final = 8
"""Reports write a number nationally, internationally or with a prefix; the last 8 digits agree
in all of them (MODEMS.md 3.11)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Prefixes:
    """The numbers that begin so, or all the others."""

    start: str | None = None
    """A calling code such as ``+44``; None: every number."""
    others: bool = False
    """Whether those are meant that begin otherwise."""

    def __post_init__(self) -> None:
        if self.others and self.start is None:
            raise ValueError("start is None; others than all are none")

    def match(self, number: str) -> bool:
        """Tell whether a number in E.164 is one of them."""
        return (self.start is None or number.startswith(self.start)) is not self.others

    def meet(self, more: Prefixes) -> bool:
        """Tell whether a number may be one of both; no calling code begins with another."""
        if self.others and more.others:
            return True
        if self.others or more.others:
            return self.start != more.start
        return self.start is None or more.start is None or self.start == more.start


EVERYBODY: Final = Prefixes()
"""Every number."""


class PhoneNumberError(ValueError):
    """The text is not a number that can be reached."""


def parse_phone(text: str, country: str) -> str:
    """Return a number in E.164, such as ``+447700900123``.

    Args:
        text: international with ``+``, or national of ``country``; blanks and dashes may be in it.
        country: ISO 3166 code in which a national number is read, such as ``GB``.

    Raises:
        PhoneNumberError: it is no possible number; the text says why, without the number.
    """
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException as error:
        raise PhoneNumberError(f"is not a phone number of {country} or with +") from error
    verdict = phonenumbers.is_possible_number_with_reason(number)
    if verdict is not phonenumbers.ValidationResult.IS_POSSIBLE:
        raise PhoneNumberError(_REASONS.get(verdict, "is not a number that can be reached"))
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


_REASONS: Final = {
    phonenumbers.ValidationResult.INVALID_COUNTRY_CODE: "has no known country code",
    phonenumbers.ValidationResult.TOO_SHORT: "has too few digits",
    phonenumbers.ValidationResult.TOO_LONG: "has too many digits",
    phonenumbers.ValidationResult.IS_POSSIBLE_LOCAL_ONLY: "lacks its area code",
}


def matching_tail(number: str) -> str:
    """Return the digits by which two writings of one number are compared."""
    end = number[-MATCHING_DIGITS:]
    if end.isdigit():
        return end
    return "".join(filter(str.isdigit, number))[-MATCHING_DIGITS:]


def international_form(number: str, country: str) -> str:
    """Return a sender's number in E.164 where that can be told, else as it is.

    Args:
        number: digits as the network wrote them, with ``+`` when it said that they are
            international; a short code or a name stays what it is.
        country: ISO 3166 code of where the SIM operates.
    """
    if not number.isdecimal() or len(number) < SHORTEST_NATIONAL:
        return number
    try:
        return parse_phone(number, country)
    except PhoneNumberError:
        return number
