"""Numbers that the network says are nobody's: found in its reports and put into the ledger (US-8).

One report of a number that cannot be reached for good, one refusal as unassigned, or several other
failures for good in a row, with nothing delivered since. A phone that is off, full or out of reach
says nothing about whose the number is.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, NoReturn

import structlog
from sqlalchemy import Connection

from gateway.consent.identity import Identities
from gateway.consent.standing import standing_of
from gateway.db.consent import events_of
from gateway.db.database import Database
from gateway.db.failed import JobFate, failed_recipients, fates_of
from gateway.domain.consent import ALL, Action, Change, ConsentEvent, Method
from gateway.domain.errors import StorageError
from gateway.domain.ids import StoreName
from gateway.domain.states import PartState

log = structlog.get_logger(__name__)

EVERY: Final = 60.0
"""Seconds between two looks."""

NOT_OBTAINABLE: Final = 0x43
"""TP-Status of a number that nobody can be reached under (3GPP TS 23.040 clause 9.2.3.15)."""

PERMANENT: Final = (0x40, 0x41, 0x42, NOT_OBTAINABLE, 0x44, 0x45)
"""Values of TP-Status that blame the destination for good. 0x46 is a phone that was off, 0x47 to
0x49 are the doing of the service centre."""

IN_A_ROW: Final = 3
"""Jobs that failed for good after which a number is taken to be nobody's."""

Admit = Callable[[Change], Awaitable[None]]


def proof(fates: Sequence[JobFate]) -> JobFate | None:
    """Return what shows that a number is nobody's, or None when nothing does.

    Args:
        fates: of the messages to it, the newest first.
    """
    failed: dict[tuple[str, str], JobFate] = {}
    for fate in fates:
        if fate.state is PartState.DELIVERED:
            return None
        if fate.refused or fate.status == NOT_OBTAINABLE:
            return fate
        if fate.status in PERMANENT:
            failed.setdefault((fate.store, fate.job), fate)
        if len(failed) == IN_A_ROW:
            return next(iter(failed.values()))
    return None


class Deactivation:
    """Looks through what failed, once a minute.

    Args:
        database: where it is.
        identities: who a number is.
        admit: writes a change to the ledger, with all that follows from it.
    """

    def __init__(self, database: Database, identities: Identities, admit: Admit) -> None:
        self._database = database
        self._identities = identities
        self._admit = admit

    async def run(self) -> NoReturn:
        """Look until cancelled."""
        while True:
            try:
                await self.look()
            except StorageError as error:
                log.warning("deactivation_waits_for_storage", error=str(error))
            await asyncio.sleep(EVERY)

    async def look(self) -> None:
        """Write down every number that turned out to be nobody's."""
        for change in await self._database.read(self._changes):
            await self._admit(change)
            log.info("number_deactivated", store=change.event.store)

    def _changes(self, connection: Connection) -> list[Change]:
        return [
            change
            for recipient in failed_recipients(connection, PERMANENT)
            for change in self._changes_of(connection, recipient)
        ]

    def _changes_of(self, connection: Connection, recipient: str) -> list[Change]:
        """Return a change for each store that wrote there, unless it is known or out of date."""
        fates = fates_of(connection, recipient)
        found = proof(fates)
        if found is None:
            return []
        changes = []
        for store in sorted({fate.store for fate in fates}):
            history = events_of(connection, store, self._identities.all_of(recipient))
            if any(_settles(one.event, found) for one in history):
                continue
            if not standing_of(history).deactivated:
                changes.append(self._change(store, recipient, found))
        return changes

    def _change(self, store: StoreName, recipient: str, found: JobFate) -> Change:
        status = None if found.status is None else f"0x{found.status:02X}"
        event = ConsentEvent(
            store=store,
            person=self._identities.of(recipient),
            purpose=ALL,
            action=Action.DEACTIVATED,
            method=Method.REPORT,
            at=found.at,
            actor="network",
            evidence={"job": found.job, "tp_status": status} if status else {"job": found.job},
        )
        return Change(event=event, number=recipient)


def _settles(event: ConsentEvent, found: JobFate) -> bool:
    """Tell whether the person used the number after it failed."""
    return event.action is Action.GRANTED and event.at > found.at
