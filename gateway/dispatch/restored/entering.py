"""Finds out whether a database is what it was when it was last at work, or has gone back in time.

A backup says so of itself. A copy that somebody made by other means does not; of it the diary
beside the database has come further than the database, or was written in an epoch that it has
never heard of.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import Enum, auto
from functools import partial
from typing import Final

import structlog
from sqlalchemy import Connection

from gateway.backup.diary import Cursor, Diary
from gateway.db import Database
from gateway.db.console.epochs import EpochKind, EpochRecord, begin_epoch, knows_epoch, newest_epoch
from gateway.db.console.happened import Marks, known_attempts, marks_of
from gateway.db.locks import hold
from gateway.db.nodes import NodeRecord, read_nodes
from gateway.dispatch.restored.knowledge import Knowledge, knowledge_of
from gateway.dispatch.restored.settling import Settled, Settler
from gateway.domain.clock import Clock
from gateway.domain.errors import StorageError
from gateway.domain.failpoint import Failpoint, reach

log = structlog.get_logger(__name__)

SILENT: Final = timedelta(seconds=20)
"""Without a word for which another gateway is not at work: it beats every few seconds."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Entered:
    """How a database was found."""

    settled: Settled | None
    """What became of it as a copy; None: it is none."""
    diary_since: date | None = None
    """Since when there is a diary; None: there is none, and what was sent since is unknown."""


class _Entry(Enum):
    """How an epoch is entered."""

    NEW = auto()
    COPY = auto()
    """The database has gone back in time."""
    SETTLED = auto()
    """It has, and another gateway has settled it, or this one before it was killed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Found:
    epoch: EpochRecord | None
    marks: Marks
    attempts: tuple[int, Collection[int]]
    """See `known_attempts`."""
    knows_diary: bool
    """Whether the epoch in which the diary was last written is one of the database's."""


_UNTOUCHED: Final = Entered(settled=None)


async def enter(database: Database, diary: Diary, settler: Settler, clock: Clock) -> Entered:
    """Begin an epoch in a database that has none, or that is a copy; else go on in it.

    Nobody may be at work on the database.

    Raises:
        StorageError: it cannot be read or written.
    """
    cursor = await asyncio.to_thread(diary.cursor)
    found = await database.read(partial(_look, cursor=cursor))
    if found.epoch is not None and _goes_on(found, cursor):
        if cursor is None:  # a diary begins where the database is
            await advance(diary, Cursor(epoch=found.epoch.id, marks=found.marks))
        return _UNTOUCHED
    entry = _entry_of(found, cursor)
    copied_at = None if found.epoch is None else found.epoch.copied_at
    knowledge = await asyncio.to_thread(_read, diary, entry, found)
    begun, settled = await database.write(
        partial(
            _begin, entry=entry, seen=found.epoch, knowledge=knowledge, settler=settler, clock=clock
        )
    )
    reach(Failpoint.EPOCH_BEGUN)
    await advance(diary, begun)
    if settled is None:
        return _UNTOUCHED
    since = await asyncio.to_thread(lambda: diary.began_on)
    _log(settled, copied_at, since)
    return Entered(settled=settled, diary_since=since)


def _log(settled: Settled, copied_at: datetime | None, since: date | None) -> None:
    log.warning(
        "restored_copy_entered",
        copied_at=None if copied_at is None else copied_at.isoformat(),
        diary_since=None if since is None else since.isoformat(),
        in_doubt=settled.handed,
        names_spent=settled.spent,
        taken_back=settled.taken_back,
        held=settled.held,
        remedy="look at what waits, then `shopbell restore --release` or `--discard`",
    )


def _entry_of(found: _Found, cursor: Cursor | None) -> _Entry:
    """Tell what is to be done with a database that does not simply go on."""
    if found.epoch is None:
        return _Entry.NEW if cursor is None else _Entry.COPY
    settled = found.epoch.kind is EpochKind.RESTORED and found.knows_diary
    same = cursor is not None and cursor.epoch == found.epoch.id
    return _Entry.SETTLED if settled and not same else _Entry.COPY


def _look(connection: Connection, cursor: Cursor | None) -> _Found:
    return _Found(
        epoch=newest_epoch(connection),
        marks=marks_of(connection),
        attempts=known_attempts(connection),
        knows_diary=cursor is not None and knows_epoch(connection, cursor.epoch),
    )


def _goes_on(found: _Found, cursor: Cursor | None) -> bool:
    """Tell whether the database is where it was, or further."""
    if found.epoch is None or found.epoch.kind is EpochKind.COPY:
        return False
    if cursor is None:
        return True
    if cursor.epoch != found.epoch.id:
        return False
    ours, theirs = found.marks, cursor.marks
    return ours.attempts >= theirs.attempts and ours.consents >= theirs.consents


def _read(diary: Diary, entry: _Entry, found: _Found) -> Knowledge:
    if entry is _Entry.NEW:
        return Knowledge()
    copied_at = None if found.epoch is None else found.epoch.copied_at
    try:
        if entry is _Entry.SETTLED and found.epoch is not None:
            return knowledge_of(
                diary.read(), Marks(attempts=0, consents=0), copied_at, found.epoch.id
            )
        up_to, beyond = found.attempts
        known = replace(found.marks, attempts=up_to)
        return knowledge_of(diary.read(), known, copied_at, beyond=beyond)
    except OSError as error:
        raise StorageError(f"{diary.folder}: {(error.strerror or str(error)).lower()}") from error


def _begin(
    connection: Connection,
    entry: _Entry,
    seen: EpochRecord | None,
    knowledge: Knowledge,
    settler: Settler,
    clock: Clock,
) -> tuple[Cursor, Settled | None]:
    """Begin the epoch where none is begun yet, with all that follows from it."""
    hold(connection, "epoch")  # of several gateways one begins it
    now, settled, epoch = clock.now(), None, newest_epoch(connection)
    if epoch != seen or (entry is _Entry.SETTLED and epoch is not None):
        name = "" if epoch is None else epoch.id
        settled = None if entry is _Entry.NEW else settler.add(connection, knowledge, now)
    elif entry is _Entry.NEW:
        name = begin_epoch(connection, EpochKind.MADE, now)
    else:
        _require_alone(connection)
        settled = settler.settle(connection, knowledge, now)
        is_backup = seen is not None and seen.kind is EpochKind.COPY
        copied_at = seen.copied_at if seen is not None and is_backup else None
        name = begin_epoch(connection, EpochKind.RESTORED, now, copied_at)
    return Cursor(epoch=name, marks=marks_of(connection)), settled


def _require_alone(connection: Connection) -> None:
    """Pass where no other gateway is at work, of which it would not be known what it has at a line.

    Raises:
        StorageError: one is.
    """
    if connection.dialect.name == "sqlite":  # the lock of its file has seen to it
        return
    others = [node.name for node in read_nodes(connection) if _is_at_work(node)]
    if others:
        raise StorageError(
            "the database has gone back in time, and gateways are at work on it "
            f"({', '.join(others)}): stop all of them, then start them again"
        )


def _is_at_work(node: NodeRecord) -> bool:
    return not node.ended and node.silent_for < SILENT


async def advance(diary: Diary, cursor: Cursor) -> None:
    """Say in the diary where the database is; where that fails the next start finds out."""
    try:
        await asyncio.to_thread(diary.advance, cursor)
    except OSError as error:
        log.error("diary_not_written", error=(error.strerror or str(error)).lower())
