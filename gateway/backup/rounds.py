"""The backups that a gateway makes by itself: when one is due, at a quiet minute."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final, NoReturn, TypeVar

import structlog
from sqlalchemy import Connection, literal_column, select

from gateway.backup.errors import BackupError
from gateway.backup.folder import backups_in, name_of, outdated
from gateway.backup.making import Source, make_backup
from gateway.backup.standing import BackupStanding
from gateway.db import Database
from gateway.db.tables import JOBS
from gateway.domain.clock import Clock
from gateway.domain.errors import StorageError
from gateway.domain.modesty import be_modest
from gateway.settings import BackupSettings

log = structlog.get_logger(__name__)

T = TypeVar("T")

FIRST: Final = 30.0
"""Seconds after the start until the first look."""

LOOK: Final = 60.0
"""Seconds between two looks."""

PATIENCE: Final = timedelta(hours=1)
"""For how long a quiet minute is waited for; a box that is never quiet is copied all the same."""

_BUSY: Final = select(JOBS.c.key).where(literal_column("jobs.stage = 'ready'")).limit(1)
"""The stage is a literal: a partial index serves no bound parameter."""


class BackupRounds:
    """Makes them, and removes those that are too old.

    Args:
        database: of the gateway.
        clock: tells when one is due.
        settings: gives what ``[backup]`` says now.
        source: what is copied; None: a server's database, of which its own programs make copies.
        standing: where it is told how it went.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        settings: Callable[[], BackupSettings],
        source: Callable[[], Source] | None,
        standing: BackupStanding,
    ) -> None:
        self._database = database
        self._clock = clock
        self._settings = settings
        self._source = source
        self._standing = standing

    async def run(self) -> NoReturn:
        """Look every minute until cancelled."""
        await asyncio.sleep(FIRST)
        while True:
            try:
                await self.work()
            except (StorageError, BackupError, OSError) as error:
                self._failed(str(error))
            except Exception:
                log.exception("backup_failed")
                self._failed("see the log")
            await asyncio.sleep(LOOK)

    async def work(self) -> bool:
        """Make a backup if one is due now; return whether it was made.

        Raises:
            BackupError: it could not be made.
            StorageError: the database cannot be read.
        """
        settings, now = self._settings(), self._clock.now()
        if settings.dir is None or self._source is None:
            return False
        source = self._source()
        kept = await asyncio.to_thread(backups_in, settings.dir, source.node)
        due = None if not kept else kept[-1].at + settings.every
        if due is not None and (now < due or (now < due + PATIENCE and await self._is_busy())):
            return False
        await _modestly(partial(_make, source, settings.dir, now, settings.keep))
        self._standing.failed_at = self._standing.failure = None
        return True

    async def _is_busy(self) -> bool:
        """Tell whether something goes out, or could."""

        def look(connection: Connection) -> bool:
            return connection.execute(_BUSY).first() is not None

        return await self._database.read(look)

    def _failed(self, why: str) -> None:
        if self._standing.failure != why:
            log.error("backup_failed", error=why)
        self._standing.failed_at, self._standing.failure = self._clock.now(), why


def _make(source: Source, folder: Path, now: datetime, keep: timedelta) -> None:
    folder.mkdir(mode=0o700, exist_ok=True)
    target = folder / name_of(source.node, now)
    manifest = make_backup(source, target, now, force=True)
    log.info("backup_made", file=target.name, octets=target.stat().st_size, rows=manifest.counts)
    for old in outdated(backups_in(folder, source.node), now, keep):
        old.file.unlink(missing_ok=True)
        log.info("backup_removed", file=old.file.name)


async def _modestly(do: Callable[[], T]) -> T:
    """Do something in a thread of its own that lets others go first."""

    def work() -> T:
        be_modest()
        return do()

    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="backup") as thread:
        return await loop.run_in_executor(thread, work)
