"""What one modem in service announces, and putting it right.

It is `gateway.modem.start.indications` at work, shared by the watch, which looks once an
hour whether the modem still does what it agreed to, and by the inbox, which finds out when that
does not work.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import structlog

from gateway.modem.known.profile import ANNOUNCEMENTS
from gateway.modem.link.link import Link
from gateway.modem.start.indications import (
    Indications,
    keeps_indications,
    ladder_of,
    set_indications,
)
from gateway.modem.start.start import Setup

log = structlog.get_logger(__name__)

_DS: Final = 3
_ROUTED: Final = 1


class Announcer:
    """The announcements of one connected modem."""

    def __init__(self, link: Link, setup: Setup) -> None:
        self._link = link
        self._ladder = ladder_of(setup.profile)
        self._experience = setup.experience
        self._agreed = setup.indications

    @property
    def agreed(self) -> Indications:
        """What the modem does."""
        return self._agreed

    def adopt(self, indications: Indications) -> None:
        """Take over what was agreed later, once the modem's SMS service had started."""
        self._agreed = indications

    async def keeps(self) -> bool:
        """Tell whether the modem still does what it agreed to.

        Raises:
            LinkLostError: the link was lost.
        """
        return await keeps_indications(self._link, self._agreed)

    async def renew(self) -> None:
        """Agree anew with a modem that has forgotten what it agreed to (MODEMS.md 3.3).

        Raises:
            LinkLostError: the link was lost.
        """
        if await self.keeps():
            return
        log.warning("announcements_forgotten", modem=self._link.name)
        known = self._agreed.values
        self._agreed = await set_indications(self._link, self._ladder, known=known)

    async def route_reports(self) -> None:
        """Have reports routed whose storage cannot be read, and remember it (MODEMS.md 3.5).

        A modem that does not route them is left as it was.

        Raises:
            LinkLostError: the link was lost.
        """
        if self._agreed.values[_DS : _DS + 1] == (_ROUTED,):
            return None
        rungs = [rung for rung in (*self._ladder, *ANNOUNCEMENTS) if rung[_DS] == _ROUTED]
        found = await set_indications(self._link, rungs)
        log.warning("reports_mislaid", modem=self._link.name, announces=found.command)
        if not found.values:
            return await self._restore()
        self._agreed = found
        learned = replace(self._experience.learned, announcements=found.values)
        return await self._experience.keep(learned)

    async def _restore(self) -> None:
        known = self._agreed.values
        self._agreed = await set_indications(self._link, self._ladder, known=known)
