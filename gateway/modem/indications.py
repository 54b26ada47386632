"""How a modem announces what comes in (``AT+CNMI``, 3GPP TS 27.005 clause 3.4.1).

What ``AT+CNMI=?`` lists is not what a modem then takes (MODEMS.md 3.2), so it is found out by
trying: messages stored and announced (``mt=1``, they survive a gateway that is down), reports
routed (``ds=1``) or stored and announced (``ds=2``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from gateway.at.answer import fields, number
from gateway.modem.asking import ask
from gateway.modem.link import Link

_LADDER: Final = (
    (2, 1, 0, 1, 0),
    (2, 1, 0, 2, 0),
    (1, 1, 0, 1, 0),
    (1, 1, 0, 2, 0),
    (3, 1, 0, 1, 0),
    (2, 1, 0, 0, 0),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Indications:
    """What a modem agreed to announce."""

    command: str = ""
    """The command that set it; empty when it agreed to nothing."""
    messages: bool = False
    reports: bool = False

    @property
    def complete(self) -> bool:
        """False when the storages must be looked through from time to time instead."""
        return self.messages and self.reports


async def set_indications(link: Link) -> Indications:
    """Go down the ladder to the first setting that the modem takes and keeps.

    Raises:
        LinkLostError: the link was lost.
    """
    for rung in _LADDER:
        for shown in (rung, rung[:4]):
            command = "AT+CNMI=" + ",".join(map(str, shown))
            if (await ask(link, command)).ok and await _kept(link, rung):
                return Indications(command=command, messages=True, reports=rung[3] > 0)
    return Indications()


async def keeps_indications(link: Link, agreed: Indications) -> bool:
    """Tell whether a modem still does what it agreed to; some forget (MODEMS.md 3.3).

    Raises:
        LinkLostError: the link was lost.
    """
    wanted = [number(field) or 0 for field in fields(agreed.command.partition("=")[2])]
    return not agreed.command or await _kept(link, tuple(wanted))


async def _kept(link: Link, wanted: tuple[int, ...]) -> bool:
    """Read back; a modem that cannot tell is believed."""
    told = (await ask(link, "AT+CNMI?")).values("+CNMI")
    if not told:
        return True
    kept = [number(field) for field in fields(told[0])]
    return len(kept) < 4 or (kept[1], kept[3]) == (wanted[1], wanted[3])
