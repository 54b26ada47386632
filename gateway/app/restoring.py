"""Puts a backup back: checked, settled as a copy, and only then in the place of the database."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from gateway.app.law import make_rules
from gateway.app.opening import diary_of, finish, make_settler, open_database
from gateway.app.queue import make_context
from gateway.backup.catching import catch_up
from gateway.backup.diary import Cursor, Diary
from gateway.backup.errors import BackupError
from gateway.backup.manifest import DATABASE, KEYS, Manifest
from gateway.backup.restoring import Places, Staged, is_unfinished, put_in_place, stage
from gateway.db import Database, Reader
from gateway.db.console.epochs import newest_epoch
from gateway.db.console.happened import marks_of
from gateway.db.keeping import require_keys
from gateway.db.key import KeyFileError, load_keys
from gateway.db.lock import hold_lock, running_gateway
from gateway.db.spent import SpentJobs
from gateway.dispatch import Context
from gateway.dispatch.restored.entering import Entered, advance, enter
from gateway.domain.clock import SystemClock
from gateway.domain.errors import StorageError
from gateway.settings import Settings

log = structlog.get_logger(__name__)

SERVER: Final = (
    "the database is on a server; stop every gateway, put its dump back with pg_restore (or psql), "
    "and start them: each finds out that it has gone back in time. docs/backup.md shows how"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Restored:
    """What a restore did."""

    manifest: Manifest
    entered: Entered
    aside: Path | None
    """Where the files are that were there before; None: it was only tried."""


async def restore(settings: Settings, file: Path, *, check: bool = False) -> Restored:
    """Put a backup in the place of the database, of which nothing is deleted.

    Args:
        settings: of the gateway, which must not run.
        file: the backup.
        check: whether it is only tried; nothing is changed then.

    Raises:
        DatabaseInUseError: a gateway runs.
        BackupError: the backup is not what it should be; nothing was changed.
        KeyFileError: its ledger was written under a key that is neither in it nor here.
        StorageError: the disk failed.
    """
    places = places_of(settings)
    if check:
        return await _try(settings, file, places)
    if running_gateway(settings.database.address) is None:
        finish(places.database)
    with hold_lock(places.database):
        diary, clock = diary_of(settings), SystemClock()
        await _catch_up(settings, places, diary)
        staged = await asyncio.to_thread(stage, file, places)
        try:
            entered, cursor = await _settle(settings, staged, places, diary)
            _give_to_owner(staged.folder, places.database)
            aside = await asyncio.to_thread(put_in_place, staged, places, clock.now())
        except BaseException:
            _drop(staged, places)
            raise
        await advance(diary, cursor)
        _give_to_owner(diary.folder, places.database)
    return Restored(manifest=staged.manifest, entered=entered, aside=aside)


def places_of(settings: Settings) -> Places:
    """Return where a gateway's files are.

    Raises:
        BackupError: its database is on a server.
    """
    if settings.database.file is None:
        raise BackupError(SERVER)
    return Places(database=settings.database.file.resolve(), keys=settings.database.key_path)


@asynccontextmanager
async def offline_context(settings: Settings) -> AsyncIterator[Context]:
    """Open the queue of a gateway that does not run.

    Raises:
        DatabaseInUseError: a gateway does run.
        StorageError: the database cannot be opened.
    """
    async with open_database(settings) as database:
        yield make_context(settings, database, make_rules(settings))


async def _try(settings: Settings, file: Path, places: Places) -> Restored:
    staged = await asyncio.to_thread(stage, file, places)
    try:
        # A diary of its own: what is found out must not be taken for what is in force.
        entered, _ = await _settle(settings, staged, places, diary_of(settings))
    finally:
        shutil.rmtree(staged.folder, ignore_errors=True)
    return Restored(manifest=staged.manifest, entered=entered, aside=None)


async def _catch_up(settings: Settings, places: Places, diary: Diary) -> None:
    """Bring the diary up to the database that is about to go, as far as it can be read."""
    try:
        keys = load_keys(places.keys)
    except (KeyFileError, OSError):
        return
    spent, clock = SpentJobs(keys), SystemClock()

    def look(connection: Connection) -> int:
        return catch_up(connection, diary, spent, clock)

    try:
        async with Reader.open(settings.database.address) as reader:
            await reader.read(look)
    except (StorageError, SQLAlchemyError) as error:
        log.warning("diary_not_caught_up", error=str(error))


async def _settle(
    settings: Settings, staged: Staged, places: Places, diary: Diary
) -> tuple[Entered, Cursor]:
    """Migrate what was staged, and make of it what may go on."""
    keys_file = staged.folder / KEYS
    keys_file = keys_file if keys_file.exists() else places.keys
    url = f"sqlite:///{staged.folder / DATABASE}"
    async with Database.open(url, node=settings.gateway.node) as database:
        keys = await database.read(lambda connection: require_keys(connection, keys_file))
        settler = make_settler(keys or load_keys(keys_file), settings.gateway.node)
        entered = await enter(database, _Unmoved(diary.folder), settler, SystemClock())
        cursor = await database.read(_cursor)
    for left in staged.folder.glob(f"{DATABASE}.*"):
        left.unlink()
    return entered, cursor


class _Unmoved(Diary):
    """A diary that stays where it is: the copy that it is read for is not in force yet."""

    def advance(self, cursor: Cursor) -> None:
        """Leave it."""


def _cursor(connection: Connection) -> Cursor:
    epoch = newest_epoch(connection)
    return Cursor(epoch="" if epoch is None else epoch.id, marks=marks_of(connection))


def _give_to_owner(folder: Path, database: Path) -> None:
    """Let whoever has the database have what was made: root may put it back for the service."""
    if os.geteuid() != 0 or not folder.exists():
        return
    like = (database if database.exists() else database.parent).stat()
    for file in (folder, *folder.iterdir()):
        os.chown(file, like.st_uid, like.st_gid)


def _drop(staged: Staged, places: Places) -> None:
    """Remove what was staged, unless it is in force by now."""
    if not is_unfinished(places.database):
        shutil.rmtree(staged.folder, ignore_errors=True)
