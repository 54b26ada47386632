"""The database with its keys: nothing leans on a ledger whose fingerprints cannot be made."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from gateway.db import Database
from gateway.db.keeping import keep_keys
from gateway.domain.clock import SystemClock
from gateway.settings import Settings


@asynccontextmanager
async def open_database(settings: Settings) -> AsyncIterator[Database]:
    """Open the database of a gateway for writing; where it has no key yet, one is made.

    Raises:
        DatabaseInUseError: another process has it.
        KeyFileError: the ledger of consent was written under a key that is not there.
        StorageError: the database cannot be opened.
    """
    address, node = settings.database.address, settings.gateway.node
    async with Database.open(address, node=node) as database:
        await keep_keys(database, settings.database.key_path, SystemClock())
        yield database
