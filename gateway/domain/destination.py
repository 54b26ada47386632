"""To where a recipient's number belongs, as far as anybody who chooses a line asks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE

from gateway.domain.networks import NumberPlan

LONGEST_CODE: Final = 3
"""Digits of an international calling code (ITU-T E.164, 6.2.1)."""


@dataclass(slots=True)
class Destinations:
    """The beginnings of numbers that are told apart: calling codes, and what lines are set for.

    ``routes`` is replaced as a whole when the configuration is read again.
    """

    routes: tuple[str, ...] = ()
    """Prefixes (E.164) that some line on this node is set to serve, or has a price for."""
    plan: NumberPlan = field(default_factory=NumberPlan)
    """The operators that some line is set to serve."""

    def of(self, recipient: str) -> str:
        """Return the calling code of a number (E.164), or the longest route that says more.

        Empty where the number begins with no calling code that there is.
        """
        code = calling_code(recipient)
        longer = (route for route in self.routes if recipient.startswith(route))
        return max((code, *longer), key=len)


def calling_code(number: str) -> str:
    """Return the calling code of a number in E.164, such as ``+44``; empty for none.

    No code begins with another, so that the first that fits is the one.
    """
    digits = number[1 : 1 + LONGEST_CODE]
    for length in range(1, len(digits) + 1):
        if digits[:length].isdecimal() and int(digits[:length]) in COUNTRY_CODE_TO_REGION_CODE:
            return number[: 1 + length]
    return ""
