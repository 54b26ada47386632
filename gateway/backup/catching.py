"""Brings a diary up to what a database holds, in lots, beside whoever writes to it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from time import monotonic
from typing import Final, NoReturn

import structlog
from sqlalchemy import Connection

from gateway.backup.diary import Cursor, Diary, Handed, Refused
from gateway.db import Database
from gateway.db.console.epochs import newest_epoch
from gateway.db.console.happened import (
    OVERLAP,
    HandedOver,
    Marks,
    TakenBack,
    handed_since,
    marks_of,
    taken_back_since,
)
from gateway.db.spent import SpentJobs
from gateway.domain.clock import Clock
from gateway.domain.errors import StorageError

log = structlog.get_logger(__name__)

EVERY: Final = 0.7
"""Seconds between two looks: what was handed over is in the diary within a second."""

LOT: Final = 1_000
"""Rows that are read at once: some ten milliseconds of a reader."""

PRUNE_EVERY: Final = 3600.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Lot:
    """Some of what happened."""

    entries: Sequence[Handed | Refused]
    cursor: Cursor
    """How far it goes."""
    more: bool


def lot_since(connection: Connection, cursor: Cursor, spent: SpentJobs) -> Lot:
    """Return what happened since, at most `LOT` of each kind."""
    epoch, marks = cursor.epoch, cursor.marks
    handed, attempts, more_handed = handed_since(connection, marks.attempts, LOT)
    taken, consents, more_taken = taken_back_since(connection, marks.consents, LOT)
    entries: list[Handed | Refused] = [_handed(one, epoch, spent) for one in handed]
    entries += [_refused(one, epoch) for one in taken]
    return Lot(
        entries=entries,
        cursor=Cursor(epoch=epoch, marks=Marks(attempts=attempts, consents=consents)),
        more=more_handed or more_taken,
    )


def catch_up(connection: Connection, diary: Diary, spent: SpentJobs, clock: Clock) -> int:
    """Bring a diary up to a database that nobody writes to; return how many entries were new.

    Where the diary does not know how far it has come, it begins with the oldest attempt that is
    still at work.

    Raises:
        OSError: the diary cannot be written.
    """
    epoch = newest_epoch(connection)
    if epoch is None:
        return 0
    cursor = diary.cursor()
    if cursor is None or cursor.epoch != epoch.id:
        cursor = Cursor(epoch=epoch.id, marks=Marks(attempts=0, consents=0))
    written, more = 0, True
    while more:
        lot = lot_since(connection, cursor, spent)
        diary.write(lot.entries, clock.now().date())
        written, cursor, more = written + len(lot.entries), lot.cursor, lot.more
    diary.advance(cursor)
    return written


class DiaryKeeper:
    """Keeps the diary of a gateway that runs; each node on a server keeps its own.

    Args:
        database: of the gateway.
        diary: where it is written.
        spent: makes the fingerprints.
        clock: tells the day.
    """

    def __init__(self, database: Database, diary: Diary, spent: SpentJobs, clock: Clock) -> None:
        self._database = database
        self._diary = diary
        self._spent = spent
        self._clock = clock
        self._seen: set[int] = set()
        self._prune_at = 0.0
        self._failing = False

    async def run(self) -> NoReturn:
        """Look again and again until cancelled; a full disk or a lost server is waited for."""
        while True:
            with suppress(StorageError):
                try:
                    while await self.work():
                        pass
                    self._failing = False
                except OSError as error:
                    self._complain(error)
                except StorageError:
                    raise
                except Exception:
                    log.exception("diary_failed")
            await asyncio.sleep(EVERY)

    async def work(self) -> bool:
        """Write a lot of what happened since; return whether there is more.

        Raises:
            StorageError: the database cannot be read.
            OSError: the diary cannot be written.
        """
        cursor = self._diary.cursor() or await self._database.read(_beginning)
        if cursor is None:
            return False
        behind = 0 if self._database.exclusive else OVERLAP
        since = Cursor(epoch=cursor.epoch, marks=_back(cursor.marks, behind))
        lot = await self._database.read(partial(lot_since, cursor=since, spent=self._spent))
        fresh = [entry for entry in lot.entries if not self._is_known(entry)]
        await asyncio.to_thread(self._keep, fresh, cursor, _furthest(cursor, lot.cursor))
        self._remember(lot, behind)
        return lot.more

    def _keep(self, entries: Sequence[Handed | Refused], before: Cursor, after: Cursor) -> None:
        today = self._clock.now().date()
        self._diary.write(entries, today)
        if after != before:
            self._diary.advance(after)
        now = monotonic()
        if now >= self._prune_at:
            self._prune_at = now + PRUNE_EVERY
            self._diary.prune(today)

    def _is_known(self, entry: Handed | Refused) -> bool:
        return isinstance(entry, Handed) and entry.key in self._seen

    def _remember(self, lot: Lot, behind: int) -> None:
        """Know the attempts that are looked at again."""
        if behind:
            keys = {entry.key for entry in lot.entries if isinstance(entry, Handed)}
            first = lot.cursor.marks.attempts - behind
            self._seen = {key for key in self._seen | keys if key > first}

    def _complain(self, error: OSError) -> None:
        if not self._failing:
            log.error("diary_not_written", error=(error.strerror or str(error)).lower())
        self._failing = True


def _beginning(connection: Connection) -> Cursor | None:
    """Return from where a diary begins of which nothing is known: from now."""
    epoch = newest_epoch(connection)
    return None if epoch is None else Cursor(epoch=epoch.id, marks=marks_of(connection))


def _back(marks: Marks, attempts: int) -> Marks:
    return Marks(attempts=max(0, marks.attempts - attempts), consents=marks.consents)


def _furthest(one: Cursor, other: Cursor) -> Cursor:
    attempts = max(one.marks.attempts, other.marks.attempts)
    return Cursor(epoch=other.epoch, marks=Marks(attempts=attempts, consents=other.marks.consents))


def _handed(one: HandedOver, epoch: str, spent: SpentJobs) -> Handed:
    return Handed(
        epoch=epoch,
        key=one.key,
        at=one.at,
        store=one.store,
        name=spent.names_of(one.store, one.job)[0],
        digest=spent.digest_of(one.digest),
        seq=one.seq,
        parts=one.parts,
        line=one.line,
    )


def _refused(one: TakenBack, epoch: str) -> Refused:
    return Refused(
        epoch=epoch,
        key=one.key,
        at=one.at,
        recorded_at=one.recorded_at,
        store=one.store,
        person=one.person,
        purpose=one.purpose,
        action=one.action,
    )
