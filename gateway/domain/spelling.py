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
from phonenumbers import PhoneNumberFormat

from gateway.domain.phone import matching_tail

_BETWEEN: Final = r"[\s./()\u00a0-]{0,3}"
"""What people put between digits."""

_FORMATS: Final = (
    PhoneNumberFormat.INTERNATIONAL,
    PhoneNumberFormat.NATIONAL,
    PhoneNumberFormat.RFC3966,
)
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
    def needles(self) -> tuple[bytes, ...]:
        """Octets of which at least one is in whatever holds the number."""
        written = (self.tail, *(self._formatted(form) for form in _FORMATS))
        swapped = [_semi_octets(digits) for digits in self.digits]
        return tuple(dict.fromkeys([*map(str.encode, written), *_octets(swapped, self.tail)]))

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
        return any(needle in octets for needle in self.needles)

    def _formatted(self, form: int) -> str:
        return phonenumbers.format_number(self._parsed, form).removeprefix("tel:")

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
