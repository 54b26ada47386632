"""Network registration: ``+CREG``, ``+CGREG``, ``+CEREG`` (3GPP TS 27.007 clause 7.2).

The answer to a question is ``<n>,<stat>[,…]``, the unsolicited form ``<stat>[,…]``. Both may stand
in one answer; they differ by their second field, which is a short bare number only in the answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import IntEnum
from typing import Final

from gateway.at.answer import fields, number, values

_ANSWER: Final = re.compile(r"\s*\d{1,3}\s*,\s*(\d{1,3})\s*(?:,|$)")


class Registration(IntEnum):
    """The field ``<stat>``."""

    IDLE = 0
    HOME = 1
    SEARCHING = 2
    DENIED = 3
    UNKNOWN = 4
    ROAMING = 5
    HOME_SMS_ONLY = 6
    ROAMING_SMS_ONLY = 7
    EMERGENCY_ONLY = 8
    HOME_NO_FALLBACK = 9
    ROAMING_NO_FALLBACK = 10
    LOCAL_EMERGENCY_ONLY = 11

    @property
    def carries_sms(self) -> bool:
        """True when messages can be sent (MODEMS.md 5.7)."""
        return self in _CARRIES_SMS


_CARRIES_SMS: Final = frozenset(
    {
        Registration.HOME,
        Registration.ROAMING,
        Registration.HOME_SMS_ONLY,
        Registration.ROAMING_SMS_ONLY,
        Registration.HOME_NO_FALLBACK,
        Registration.ROAMING_NO_FALLBACK,
    }
)


def read_registration(lines: tuple[str, ...], prefix: str) -> Registration | None:
    """Return the registration that an answer tells, or None when it tells none.

    Args:
        lines: the lines of the answer.
        prefix: which of the three was asked, such as ``+CEREG``.
    """
    told = values(lines, prefix)
    answers = [match.group(1) for value in told if (match := _ANSWER.match(value))]
    stats = answers or [fields(value)[0] for value in told]
    return _registration(stats[-1]) if stats else None


def _registration(stat: str) -> Registration:
    try:
        return Registration(-1 if (code := number(stat)) is None else code)
    except ValueError:
        return Registration.UNKNOWN


def best(registrations: Iterable[Registration]) -> Registration:
    """Return the one that counts: any network that carries messages will do (MODEMS.md 5.8)."""
    told = list(registrations)
    carrying = [one for one in told if one.carries_sms]
    return (carrying or told or [Registration.UNKNOWN])[0]
