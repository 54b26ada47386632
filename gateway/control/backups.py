"""What is asked about backups, and about a copy that was put in place."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from gateway.backup.folder import backups_in
from gateway.control.server import Operation
from gateway.db import Database
from gateway.db.console.epochs import restored
from gateway.domain.clock import Clock
from gateway.settings import BackupSettings


@dataclass(kw_only=True, slots=True)
class BackupStanding:
    """How the backups that a gateway makes by itself went; its duty writes it."""

    failed_at: datetime | None = None
    """When the last one failed; None: it did not."""
    failure: str | None = None
    """Why."""


class BackupDesk:
    """Tells of backups and of a restored copy.

    Args:
        database: of the gateway.
        clock: tells the age of a backup.
        node: whose backups are meant.
        settings: gives what ``[backup]`` says now.
        standing: how the last one went.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        node: str,
        settings: Callable[[], BackupSettings],
        standing: BackupStanding,
    ) -> None:
        self._database = database
        self._clock = clock
        self._node = node
        self._settings = settings
        self._standing = standing

    def operations(self) -> Mapping[str, Operation]:
        """Return what may be asked, by name."""
        return {"backups": self._backups, "restored": self._restored}

    async def _backups(self, _fields: Mapping[str, Any]) -> object:
        """Tell which there are: ``dir`` is None where the gateway makes none."""
        settings, now = self._settings(), self._clock.now()
        kept = []
        if settings.dir is not None:
            kept = await asyncio.to_thread(backups_in, settings.dir, self._node)
        newest = kept[-1] if kept else None
        return {
            "dir": None if settings.dir is None else str(settings.dir),
            "every_seconds": settings.every.total_seconds(),
            "keep_seconds": settings.keep.total_seconds(),
            "count": len(kept),
            "newest": None
            if newest is None
            else {"file": newest.file.name, "at": newest.at, "size": newest.size},
            "age_seconds": None if newest is None else (now - newest.at).total_seconds(),
            "failed_at": self._standing.failed_at,
            "failure": self._standing.failure,
        }

    async def _restored(self, _fields: Mapping[str, Any]) -> object:
        """Tell of a restored copy: None where the database is none, or was released."""
        found = await self._database.read(restored)
        return None if found is None else asdict(found)
