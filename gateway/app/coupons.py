"""Codes from the shops' folders into the database: at the start and when the folders are read."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import structlog

from gateway.commerce.coupons import Pool, load_pools, stock
from gateway.db import Database
from gateway.domain.errors import ContentError, StorageError
from gateway.domain.ids import StoreName
from gateway.domain.signal import Signal
from gateway.settings import Settings

log = structlog.get_logger(__name__)


class CouponStock:
    """Puts what the files of pools hold into the database; nothing of it stops the gateway."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self._database = database
        self._folders = _folders(settings)
        self._changed = Signal()

    def take_up(self, settings: Settings) -> None:
        """Look at the files again."""
        self._folders = _folders(settings)
        self._changed.notify()

    async def run(self) -> None:
        """Fill the pools, now and whenever the folders are read again, until cancelled."""
        while True:
            ticket = self._changed.ticket()
            for store, folder in self._folders.items():
                for pool in load_pools(folder)[0].values():
                    await self._fill(store, folder, pool)
            await ticket.wait()

    async def _fill(self, store: StoreName, folder: Path, pool: Pool) -> None:
        try:
            new = await stock(self._database, store, folder, {pool.name: pool})
        except (ContentError, StorageError) as error:
            log.error("coupons_not_taken", store=store, pool=pool.name, error=str(error))
            return
        if new:
            log.info("coupons_taken", store=store, pool=pool.name, codes=new)


def _folders(settings: Settings) -> Mapping[StoreName, Path]:
    return {
        StoreName(store.name): store.shop_dir
        for store in settings.store
        if store.shop_dir is not None
    }
