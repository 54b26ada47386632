"""The ways in which one phone number is written, to find it wherever it stands.

People group digits, networks swap them in pairs (semi-octets, 3GPP TS 23.040 clause 9.1.2.3), and
UCS-2 gives each of them two octets. An erasure has to find all of them (COMPLIANCE.md G-7).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import Final

import phonenumbers

from gateway.domain.phone import matching_tail

_BETWEEN: Final = r"[\s./()\u00a0-]{0,3}"
"""What people put between digits."""

_BETWEEN_OCTETS: Final = rb"[\s./()\xc2\xa0-]{0,4}"
LONGEST: Final = 128
"""Octets that the number takes at most, however it is written."""

_FILL: Final = "F"
_MASK: Final = "…"


class Spelling:
    """One number in all its spellings.

    Args:
        number: E.164.
    """

    def __init__(self, number: str) -> None:
        parsed = phonenumbers.parse(number)
        self.number = number
        self.tail = matching_tail(number)
        self._parsed = parsed
        self._national = phonenumbers.national_significant_number(parsed)
        self._code = str(parsed.country_code)

    @property
    def digits(self) -> tuple[str, ...]:
        """Its digits as a modem or a person may write them, the plainest first."""
        code, national = self._code, self._national
        return (code + national, f"0{national}", national, f"00{code}{national}")

    @cached_property
    def _needles(self) -> tuple[bytes, ...]:
        swapped = [_semi_octets(digits) for digits in self.digits]
        return tuple(dict.fromkeys([self.tail.encode(), *_octets(swapped, self.tail)]))

    @cached_property
    def _octet_pattern(self) -> re.Pattern[bytes]:
        """The digits that every writing has, whatever is between them."""
        return re.compile(_BETWEEN_OCTETS.join(digit.encode() for digit in self._national))

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        national = _BETWEEN.join(self._national)
        prefix = rf"(?:(?:\+|00|011){_BETWEEN})?{_BETWEEN.join(self._code)}{_BETWEEN}(?:\(?0\)?)?"
        hidden = "|".join(map(re.escape, self._hidden))
        plain = rf"(?<!\d)(?:(?:{prefix}|0){_BETWEEN})?{national}(?!\d)"
        return re.compile(f"{plain}|{hidden}", re.IGNORECASE)

    def stands_in(self, text: str) -> bool:
        """Tell whether a text, or hex digits, hold the number."""
        return self._pattern.search(text) is not None

    def stands_in_hex(self, digits: str) -> bool:
        """Tell whether a PDU holds the number as an address, or as a text in UCS-2."""
        upper = digits.upper()
        return any(hidden in upper for hidden in self._hidden)

    def masked(self, text: str) -> str:
        """Return a text without the number."""
        return self._pattern.sub(_MASK, text)

    def is_in(self, octets: bytes) -> bool:
        """Tell whether octets, such as of a file, hold the number."""
        if any(needle in octets for needle in self._needles):
            return True
        return self._octet_pattern.search(octets) is not None

    @cached_property
    def _hidden(self) -> tuple[str, ...]:
        """Hex digits as they stand in PDUs and in texts of modems in UCS-2."""
        swapped = map(_semi_octets, self.digits)
        return (*swapped, self._national.encode("utf-16-be").hex().upper())


def _semi_octets(digits: str) -> str:
    """Return digits swapped in pairs, the last filled up."""
    even = digits if len(digits) % 2 == 0 else digits + _FILL
    return "".join(even[at + 1] + even[at] for at in range(0, len(even), 2))


def _octets(swapped: list[str], tail: str) -> Iterator[bytes]:
    for text in swapped:
        yield text.encode()
        yield text.lower().encode()
        yield bytes.fromhex(text)
    wide = tail.encode("utf-16-be")
    yield wide
    yield tail.encode("utf-16-le")
    yield wide.hex().encode()
    yield wide.hex().upper().encode()
