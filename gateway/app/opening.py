"""The database with its keys: nothing leans on a ledger whose fingerprints cannot be made."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from gateway.backup.diary import Diary
from gateway.backup.restoring import finish_restore, is_unfinished
from gateway.consent.identity import Identities
from gateway.db import Database
from gateway.db.keeping import keep_keys
from gateway.db.lock import hold_lock
from gateway.db.spent import SpentJobs
from gateway.dispatch.progress import DoubtPolicy
from gateway.dispatch.restored.entering import enter
from gateway.dispatch.restored.settling import Settler
from gateway.domain.clock import SystemClock
from gateway.settings import Settings


@asynccontextmanager
async def open_database(settings: Settings) -> AsyncIterator[Database]:
    """Open the database of a gateway for writing; where it has no key yet, one is made.

    A restore that was killed is finished first, and a copy of the database is found out.

    Raises:
        DatabaseInUseError: another process has it.
        KeyFileError: the ledger of consent was written under a key that is not there.
        StorageError: the database cannot be opened.
    """
    address, node = settings.database.address, settings.gateway.node
    finish(settings.database.file)
    async with Database.open(address, node=node) as database:
        clock = SystemClock()
        keys = await keep_keys(database, settings.database.key_path, clock)
        await enter(database, diary_of(settings), make_settler(keys, node), clock)
        yield database


def finish(file: Path | None) -> None:
    """Finish a restore that was killed after it had been decided.

    Raises:
        DatabaseInUseError: another process has the database.
    """
    if file is not None and is_unfinished(file.resolve()):
        with hold_lock(file.resolve()):
            finish_restore(file.resolve())


def diary_of(settings: Settings) -> Diary:
    """Return the diary beside a database."""
    beside = settings.database.beside
    return Diary(beside.with_name(f"{beside.name}.diary"))


def make_settler(keys: Sequence[bytes], node: str) -> Settler:
    """Return what makes of a copy what may go on."""
    return Settler(
        spent=SpentJobs(keys), identities=Identities(keys), policy=DoubtPolicy(), node=node
    )
