"""What is asked about backups, and about a copy that was put in place."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from gateway.backup.folder import backups_in
from gateway.backup.standing import BackupStanding
from gateway.control.server import Operation
from gateway.db.console.epochs import restored
from gateway.dispatch import Context
from gateway.dispatch.restored.releasing import release
from gateway.settings import BackupSettings


class BackupDesk:
    """Tells of backups and of a restored copy, and lets go of it.

    Args:
        context: the database and the time.
        settings: gives what ``[backup]`` says now.
        standing: how the last one went.
    """

    def __init__(
        self,
        context: Context,
        settings: Callable[[], BackupSettings],
        standing: BackupStanding,
    ) -> None:
        self._context = context
        self._settings = settings
        self._standing = standing

    def operations(self) -> Mapping[str, Operation]:
        """Return what may be asked, by name."""
        return {
            "backups": self._backups,
            "restored": self._restored,
            "restored_release": self._release,
        }

    async def _backups(self, _fields: Mapping[str, Any]) -> object:
        """Tell which there are: ``dir`` is None where the gateway makes none."""
        settings, now = self._settings(), self._context.now()
        kept = []
        if settings.dir is not None:
            kept = await asyncio.to_thread(backups_in, settings.dir, self._context.node)
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
        """Tell of a restored copy: None where the database is none, or was let go."""
        found = await self._context.database.read(restored)
        return None if found is None else asdict(found)

    async def _release(self, fields: Mapping[str, Any]) -> object:
        """Let go of what a restored copy holds, or cancel it."""
        return asdict(await release(self._context, discard=fields.get("discard") is True))
