"""``+CUSD``: a request to the network's menus, and what comes back (3GPP TS 27.007 clause 7.15).

How a text is coded inside of the quotes is not this module's concern (`gateway.sms.ussd`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

CODING: Final = 15
"""The coding scheme of every request: default alphabet, no language named (TS 23.038 clause 5)."""

END_SESSION: Final = "AT+CUSD=2"

_SAID: Final = re.compile(r"\+CUSD\s*:\s*([0-5])\s*(?:,(.*))?", re.IGNORECASE | re.DOTALL)
_QUOTED: Final = re.compile(r'\s*"?(.*)"\s*(?:,\s*(\d{1,3})?\s*)?', re.DOTALL)
_DIGITS: Final = re.compile(r"\s*([0-9A-Fa-f]+)\s*(?:,\s*(\d{1,3})?\s*)?")


class UssdState(IntEnum):
    """What becomes of the session (``<m>``)."""

    DONE = 0
    """There is nothing more to do."""
    MENU = 1
    """The network waits for a reply."""
    ENDED = 2
    """The network has ended the session."""
    ELSEWHERE = 3
    """Another client of this modem has answered."""
    UNSUPPORTED = 4
    """The network does not do this."""
    TIMEOUT = 5
    """The network got no answer itself."""


@dataclass(frozen=True, kw_only=True, slots=True)
class UssdSaid:
    """One ``+CUSD``."""

    state: UssdState
    text: str = ""
    """As it stands between the quotes; its lines are separated by LF."""
    coding: int | None = None
    """The coding scheme that the modem names, which is often not the one used (MODEMS.md 7.4)."""


def read_ussd(text: str) -> UssdSaid | None:
    """Read a ``+CUSD``; quotes and coding scheme may be missing. None when it is none."""
    said = _SAID.fullmatch(text)
    if said is None:
        return None
    raw, coding = _take_apart(said[2] or "")
    return UssdSaid(state=UssdState(int(said[1])), text=raw, coding=coding)


def _take_apart(value: str) -> tuple[str, int | None]:
    """Return text and coding; what follows an unquoted plain text may be an amount's decimals."""
    found = _QUOTED.fullmatch(value) or _DIGITS.fullmatch(value)
    if found is None:
        return value.strip().removeprefix('"'), None
    return found[1], int(found[2]) if found[2] else None


def ussd_command(text: str) -> str:
    """Return the command that sends ``text``, coded as the modem wants it, to the network.

    Raises:
        ValueError: the text holds a quote, which would end it.
    """
    if '"' in text:
        raise ValueError("a USSD text cannot hold a quote")
    return f'AT+CUSD=1,"{text}",{CODING}'
