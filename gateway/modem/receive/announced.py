"""What a modem announced (``+CMTI``, ``+CDSI``): found wherever it lies, handed over, deleted.

Announcements name wrong storages, wrong places and kinds, and come before what they announce
(MODEMS.md 3.5-3.7, 4.1, 4.9), so that what is read is judged by itself and a place that stays empty
is followed by a look through all storages.
"""

from __future__ import annotations

import asyncio
from typing import Final

import structlog

from gateway.at import Slot, Stored
from gateway.modem.receive.announcer import Announcer
from gateway.modem.receive.handover import HandOver
from gateway.modem.receive.kinds import Kind, is_empty_report, kind_of
from gateway.modem.receive.shelf import Shelf
from gateway.modem.receive.sweep import Sweep
from gateway.modem.start.storages import REPORTS

log = structlog.get_logger(__name__)

PAUSES: Final = (0.0, 0.5, 1.0)
"""Seconds before each look at an announced place; a modem may still be writing to it."""

MISLAID_MAX: Final = 3
"""Reports announced in their own storage and found nowhere, one after the other, until they are
asked for another way. One announced elsewhere is enough: that modem names the wrong storage."""


class Announced:
    """Takes what one modem announces."""

    def __init__(
        self, name: str, shelf: Shelf, sweep: Sweep, hand_over: HandOver, announcer: Announcer
    ) -> None:
        self._name = name
        self._shelf = shelf
        self._sweep = sweep
        self._hand_over = hand_over
        self._announcer = announcer
        self._mislaid = 0
        self._others: set[Slot] = set()

    async def message(self, slot: Slot) -> None:
        """Take what was announced as a message; a report is as welcome.

        Raises:
            ModemError: the modem did not answer, or is not there; it keeps what it has.
        """
        if not await self._take((slot,), {Kind.MESSAGE, Kind.REPORT}):
            log.info("announced_place_empty", modem=self._name, name="+CMTI")
            await self._sweep.run(trusting=False)

    async def report(self, slot: Slot) -> None:
        """Take what was announced as a report; errors as of `message`.

        What lies in its place and is none is not touched here: it may be a draft, and a message is
        found by the sweep.
        """
        places = tuple(dict.fromkeys((slot, Slot(memory=REPORTS, index=slot.index))))
        found = await self._take(places, {Kind.REPORT})
        if not found:
            log.info("announced_place_empty", modem=self._name, name="+CDSI")
        if not found or places[0] in self._others:
            found = bool(await self._sweep.run(trusting=False)) or found
        self._mislaid = 0 if found else self._mislaid + _weight(slot)
        if self._mislaid >= MISLAID_MAX:
            self._mislaid = 0
            await self._announcer.route_reports()

    async def _take(self, places: tuple[Slot, ...], wanted: set[Kind]) -> bool:
        """Look for what was announced, again and again; return whether it was there."""
        self._others.clear()
        for pause in PAUSES:
            await asyncio.sleep(pause)
            for slot in places:
                stored = await self._shelf.read(slot)
                if stored is not None and await self._keep(slot, stored, wanted):
                    return True
        return False

    async def _keep(self, slot: Slot, stored: Stored, wanted: set[Kind]) -> bool:
        """Hand over and delete what was announced."""
        kind = kind_of(stored, Kind.MESSAGE if Kind.MESSAGE in wanted else Kind.REPORT)
        if kind not in wanted:
            self._others.add(slot)
            return False
        if kind is Kind.REPORT and is_empty_report(stored):
            log.info("empty_report", modem=self._name, octets=len(stored.pdu) // 2)
            return False
        if await self._hand_over.stored(stored, kind):
            await self._shelf.delete(slot, stored)
        return True


def _weight(slot: Slot) -> int:
    """How much a report that is found nowhere says about its modem."""
    return 1 if slot.memory in (REPORTS, None) else MISLAID_MAX
