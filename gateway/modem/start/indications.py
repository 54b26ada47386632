"""How a modem announces what comes in (``AT+CNMI``, 3GPP TS 27.005 clause 3.4.1).

What ``AT+CNMI=?`` lists is not what a modem then takes (MODEMS.md 3.2), so it is found out by
trying, down the ladder of its profile: messages stored and announced (``mt=1``, they survive a
gateway that is down), reports routed (``ds=1``) or stored and announced (``ds=2``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from gateway.at.answer import fields, number
from gateway.modem.known.profile import Profile
from gateway.modem.link.asking import ask
from gateway.modem.link.link import Link

Values = tuple[int, ...]
"""Mode, mt, bm, ds and, for some, bfr."""

_LAST_RESORT: Final[tuple[Values, ...]] = ((2, 2, 0, 1, 0), (1, 2, 0, 1, 0), (2, 2, 0, 0, 0))
"""Messages routed: lost while nobody listens, but a modem that takes nothing else still works."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Indications:
    """What a modem agreed to announce."""

    values: Values = ()
    """Empty when it agreed to nothing."""

    @property
    def command(self) -> str:
        """The command that set it; empty when the modem agreed to nothing."""
        return _command(self.values) if self.values else ""

    @property
    def messages(self) -> bool:
        """Whether messages are announced."""
        return bool(self.values)

    @property
    def reports(self) -> bool:
        """Whether delivery reports are."""
        return len(self.values) > 3 and self.values[3] > 0

    @property
    def kept(self) -> bool:
        """Whether messages are stored, and survive a gateway that is down (MODEMS.md 4.15)."""
        return self.values[1:2] == (1,)

    @property
    def complete(self) -> bool:
        """False when the storages must be looked through from time to time instead."""
        return self.messages and self.reports


def ladder_of(profile: Profile) -> tuple[Values, ...]:
    """Return what is tried with a stick of this kind, best first."""
    return (*profile.ladders.announcements, *_LAST_RESORT)


async def set_indications(
    link: Link, ladder: Iterable[Values], *, known: Values = ()
) -> Indications:
    """Go down the ladder to the first setting that the modem takes and keeps.

    Args:
        link: the modem's port.
        ladder: what its profile says.
        known: what it took the last time, tried first; empty when that is not known.

    Raises:
        LinkLostError: the link was lost.
    """
    rungs = [shown for rung in ladder for shown in (rung, rung[:4])]
    for values in dict.fromkeys([known, *rungs] if known else rungs):
        if (await ask(link, _command(values))).ok and await _kept(link, values):
            return Indications(values=values)
    return Indications()


async def keeps_indications(link: Link, agreed: Indications) -> bool:
    """Tell whether a modem still does what it agreed to; some forget (MODEMS.md 3.3).

    Raises:
        LinkLostError: the link was lost.
    """
    return not agreed.values or await _kept(link, agreed.values)


def _command(values: Values) -> str:
    return "AT+CNMI=" + ",".join(map(str, values))


async def _kept(link: Link, wanted: Values) -> bool:
    """Read back; a modem that cannot tell is believed."""
    told = (await ask(link, "AT+CNMI?")).values("+CNMI")
    if not told:
        return True
    kept = [number(field) for field in fields(told[0])]
    return len(kept) < 4 or (kept[1], kept[3]) == (wanted[1], wanted[3])
