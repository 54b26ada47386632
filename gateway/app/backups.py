"""Backups in a gateway: made by itself, told of, and what a copy must not forget."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Final

from gateway.app.law import keys_of
from gateway.app.opening import diary_of
from gateway.backup.catching import DiaryKeeper
from gateway.backup.configuration import without_secrets
from gateway.backup.making import Source
from gateway.backup.rounds import BackupRounds
from gateway.backup.standing import BackupStanding
from gateway.control.backups import BackupDesk
from gateway.db.console.epochs import is_held
from gateway.db.spent import SpentJobs
from gateway.dispatch import Context
from gateway.domain.errors import StorageError
from gateway.settings import Settings, secret_keys

LOOK: Final = 2.0
"""Seconds between two looks whether a restored copy was let go."""

Work = Callable[[], Awaitable[object]]


class Backups:
    """What a gateway does so that its database can be lost.

    Args:
        settings: gives what the gateway goes by now.
        context: the database and the time.
        source: what is copied; None: the database is a server's, which has its own backups.
    """

    def __init__(
        self,
        settings: Callable[[], Settings],
        context: Context,
        source: Callable[[], Source] | None,
    ) -> None:
        standing = BackupStanding()
        self._database = context.database
        self._diary = DiaryKeeper(
            context.database,
            diary_of(settings()),
            SpentJobs(keys_of(settings())),
            context.clock,
        )
        self._rounds = BackupRounds(
            context.database, context.clock, lambda: settings().backup, source, standing
        )
        self.desk = BackupDesk(context, lambda: settings().backup, standing)

    async def run(self) -> None:
        """Keep the diary and make the backups until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._diary.run(), name="diary")
            tasks.create_task(self._rounds.run(), name="backups")

    def waiting(self, duties: Mapping[str, Work]) -> Mapping[str, Work]:
        """Return duties that begin when a restored copy was let go; else at once."""
        return {name: self._after_release(work) for name, work in duties.items()}

    def _after_release(self, work: Work) -> Work:
        async def wait_and_work() -> None:
            while True:
                if not await self._is_held():
                    await work()
                    return
                await asyncio.sleep(LOOK)

        return wait_and_work

    async def _is_held(self) -> bool:
        """Tell whether a restored copy waits; while the database cannot tell, it does."""
        with suppress(StorageError):
            return await self._database.read(is_held)
        return True


def source_of(settings: Settings, path: Path | None) -> Callable[[], Source] | None:
    """Return what gives what is copied; None where the database is a server's.

    Args:
        settings: what the gateway is made of.
        path: of the configuration, which goes with it without its secrets.
    """
    file = settings.database.file
    if file is None:
        return None

    def source() -> Source:
        return Source(
            database=file.resolve(),
            keys=settings.database.key_path,
            configuration=None if path is None else _told(path),
            node=settings.gateway.node,
            version=version("shopbell"),
        )

    return source


def _told(path: Path) -> str | None:
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):  # taken away since it was read
        return None
    return without_secrets(text, secret_keys())
