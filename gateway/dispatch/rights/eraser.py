"""Erases whom the ledger says is to be erased, as soon as nothing of them is at a modem.

In this order, so that a crash at any moment leaves the erasure to be found again and nothing to be
sent: what waits in the queue is ended; what is at a modem is waited for, since it may be on the air
and its outcome is written to rows that must be there; the modems hand over and delete what they
store; the rows go, all in one transaction with the erasure itself; files are looked through; and
the database's own files are cleared of what the rows left in them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final, NoReturn

import structlog
from sqlalchemy import Connection

from gateway.consent.identity import Identities
from gateway.db.erasures import (
    ErasureRecord,
    close_erasure,
    erase_rows,
    pending_erasures,
)
from gateway.db.owned import customers_of
from gateway.db.scrub import scrub
from gateway.db.shop.erased_customers import note_erased
from gateway.db.whereabouts import Sought, Whereabouts, find_whereabouts, unfinished_jobs
from gateway.dispatch.consenting import take_changes
from gateway.dispatch.context import Context
from gateway.dispatch.ending import end_job
from gateway.domain.consent import Change
from gateway.domain.errors import StorageError
from gateway.domain.spelling import Spelling
from gateway.domain.states import JobState, Stage
from gateway.modem.shelves import Emptied, Shelves

log = structlog.get_logger(__name__)

AGAIN: Final = 0.5
"""Seconds between two looks while somebody waits."""

LOOK: Final = 5.0
"""Seconds between two looks for erasures; a modem has what is at it for some seconds."""

SCRUB_PAUSES: Final = (10.0, 60.0, 600.0, 3600.0)
"""Seconds between tries to clear the database's files that were not clean; then it is given up."""

REASON: Final = "the person's data were erased"

Place = Callable[[Spelling], Awaitable[int]]
"""Forgets a number somewhere outside of the database; returns how many things were removed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Erased:
    """What an erasure at a store did."""

    store: str
    rows: Mapping[str, int]
    """How many of each table went or were changed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What became of one person's erasure."""

    done: tuple[Erased, ...] = ()
    """One for each store."""
    waiting: bool = False
    """Whether a message is still at a modem; the rest follows by itself."""
    places: Mapping[str, int] = field(default_factory=dict)
    """How many things went elsewhere."""
    unread: tuple[str, ...] = ()
    """Modems that could not be looked through; run it again when they are in service."""
    clean: bool = True
    """Whether nothing is left in the database's files, as far as that can be told by looking."""


@dataclass(kw_only=True, slots=True)
class Reach:
    """Where an eraser gets to beside the database."""

    shelves: Shelves | None = None
    """None: no gateway runs, and no modem can be asked."""
    modems: tuple[str, ...] = ()
    """Those that cannot be looked through for that reason."""
    places: Mapping[str, Place] = field(default_factory=dict)


class Eraser:
    """Does the erasures that the database holds.

    Args:
        context: the database, the time and the rules.
        identities: who a number is in the ledger.
        url: of the database.
        reach: what else there is.
    """

    def __init__(self, context: Context, identities: Identities, url: str, reach: Reach) -> None:
        self._context = context
        self._identities = identities
        self._url = url
        self._reach = reach
        self._lock = asyncio.Lock()
        self._unclean: list[Spelling | None] = []
        self._pauses = iter(SCRUB_PAUSES)
        self._scrub_at = 0.0
        self._attended: set[str] = set()
        """Numbers that somebody waits for, who wants to hear what was done."""

    async def run(self) -> NoReturn:
        """Look every few seconds until cancelled."""
        while True:
            try:
                await self.work()
            except StorageError as error:
                log.warning("erasure_waits_for_storage", error=str(error))
            except Exception:
                log.exception("erasure_failed")
            await asyncio.sleep(LOOK)

    async def work(self) -> Sequence[Outcome]:
        """Do what can be done now; return what was finished.

        Raises:
            StorageError: the database cannot.
        """
        async with self._lock:
            pending = await self._context.database.read(pending_erasures)
            numbers = dict.fromkeys(erasure.number for erasure in pending)
            free = [number for number in numbers if number not in self._attended]
            done = [await self._finish(_of(pending, number)) for number in free]
            await self._clear()
        return [outcome for outcome in done if not outcome.waiting]

    async def erase(self, number: str, changes: Sequence[Change], limit: float) -> Outcome:
        """Erase a person now, and say what was done.

        Args:
            number: E.164.
            changes: of the ledger, with `Action.ERASED`.
            limit: seconds that what is at a modem is waited for; it is erased later all the same.

        Raises:
            StorageError: the database cannot.
        """
        self._attended.add(number)
        try:
            await self._record(changes)
            return await self._see_through(number, limit)
        finally:
            self._attended.discard(number)

    async def _record(self, changes: Sequence[Change]) -> None:
        context, now = self._context, self._context.now()
        await context.database.write(
            lambda connection: take_changes(connection, changes, policy=context.policy, now=now)
        )
        context.outbox_changed.notify()

    async def _see_through(self, number: str, limit: float) -> Outcome:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + limit
        while True:
            async with self._lock:
                pending = await self._context.database.read(pending_erasures)
                outcome = await self._finish(_of(pending, number))
            if not outcome.waiting or loop.time() > deadline:
                return outcome
            await asyncio.sleep(AGAIN)

    async def _finish(self, erasures: Sequence[ErasureRecord]) -> Outcome:
        """Erase somebody, at one store or at several, unless something is still at a modem."""
        database = self._context.database
        wanted = [(erasure, self._sought(erasure)) for erasure in erasures]
        at_work = [await database.write(partial(self._end, sought)) for _, sought in wanted]
        self._context.outbox_changed.notify()
        if any(at_work):
            log.info("erasure_waits_for_modem", jobs=sum(at_work))
            return Outcome(waiting=True)
        if not wanted:
            return Outcome()
        spelling = wanted[0][1].spelling
        emptied = await self._empty(spelling)
        done, alone = [], False
        for erasure, sought in wanted:
            found = await database.read(partial(find_whereabouts, sought=sought))
            rows = await database.write(partial(self._erase, erasure, sought, found))
            done.append(Erased(store=erasure.store, rows=rows))
            alone = found.alone
        places = await self._leave_places(spelling) if alone else {}
        clean = await self._scrub(spelling if alone else None)
        for erased in done:
            log.info("person_erased", store=erased.store, rows=sum(erased.rows.values()))
        return Outcome(
            done=tuple(done),
            places={"modem storage": emptied.deleted, **places},
            unread=emptied.unread,
            clean=clean,
        )

    def _sought(self, erasure: ErasureRecord) -> Sought:
        return Sought(
            spelling=Spelling(erasure.number),
            persons=self._identities.all_of(erasure.number),
            store=erasure.store,
            until=erasure.requested_at,
        )

    def _end(self, sought: Sought, connection: Connection) -> int:
        """End what waits in the queue; return how many jobs are at a modem."""
        jobs = unfinished_jobs(connection, sought)
        for job in jobs:
            if job.stage is not Stage.CLAIMED:
                end_job(
                    connection,
                    job,
                    JobState.CANCELLED,
                    policy=self._context.policy,
                    now=self._context.now(),
                    reason=REASON,
                    halfway=REASON,
                )
        return sum(job.stage is Stage.CLAIMED for job in jobs)

    def _erase(
        self, erasure: ErasureRecord, sought: Sought, found: Whereabouts, connection: Connection
    ) -> Mapping[str, int]:
        now = self._context.now()
        for store, called in customers_of(connection, sought).items():
            names = [self._identities.customer_names(store, name)[0] for name in sorted(called)]
            note_erased(connection, store, names, now)
        rows = erase_rows(connection, found, sought, self._context.spent, now)
        close_erasure(connection, erasure)
        return rows

    async def _empty(self, spelling: Spelling) -> Emptied:
        """Have the modems hand over and delete; what they hand over is then found in the rows."""
        if self._reach.shelves is None:
            return Emptied(unread=self._reach.modems)
        return await self._reach.shelves.forget(spelling.stands_in_hex)

    async def _leave_places(self, spelling: Spelling) -> Mapping[str, int]:
        return {name: await forget(spelling) for name, forget in self._reach.places.items()}

    async def _scrub(self, spelling: Spelling | None) -> bool:
        clean = await asyncio.to_thread(scrub, self._url, spelling)
        if not clean:
            self._unclean.append(spelling)
        return clean

    async def _clear(self) -> None:
        """Try again where a reader kept the log, or there was no room; a few times, not for ever.

        A text to somebody else that is still to be sent may name the number, and stays.
        """
        now = asyncio.get_running_loop().time()
        if not self._unclean or now < self._scrub_at:
            return
        left, self._unclean = self._unclean, []
        for spelling in left:
            await self._scrub(spelling)
        if not self._unclean:
            self._pauses = iter(SCRUB_PAUSES)
            return
        pause = next(self._pauses, None)
        if pause is None:
            log.error("octets_left_of_erased", persons=len(self._unclean))
            self._unclean, self._pauses = [], iter(SCRUB_PAUSES)
        else:
            self._scrub_at = now + pause


def _of(erasures: Sequence[ErasureRecord], number: str) -> list[ErasureRecord]:
    return [erasure for erasure in erasures if erasure.number == number]
