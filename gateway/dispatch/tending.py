"""Looks after what waits in vain: for a line that will not send it, or for none that could."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from gateway.db.holding import lines_elsewhere
from gateway.db.stock import stock_of
from gateway.dispatch.context import Context
from gateway.dispatch.holding import BATCH, Holding
from gateway.dispatch.unserved import Reasons, Unserved, write_reasons
from gateway.domain.lane import Lane

EVERY: Final = timedelta(seconds=5)
"""Between two looks: a one-time password is let go of after ten seconds."""


class Tending:
    """Looks every few seconds, when it is asked to by whoever looks at the clock."""

    def __init__(self, context: Context, holding: Holding, unserved: Unserved) -> None:
        self._context = context
        self._holding = holding
        self._unserved = unserved
        self._looked_at: datetime | None = None

    async def tend(self) -> None:
        """Look, unless that was just done; let go of all that is to be let go of.

        Raises:
            StorageError: it cannot be written.
        """
        now, before = self._context.now(), self._looked_at
        if before is not None and timedelta(0) <= now - before < EVERY:
            return
        self._looked_at = now
        self._holding.look(anew=True)
        while await self._do_batch(now) >= BATCH:
            pass

    async def _do_batch(self, now: datetime) -> int:
        def look(connection: Connection) -> tuple[int, Reasons]:
            freed = self._holding.release(connection, now)
            return freed, self._tell(connection)

        freed, told = await self._context.database.write(look)
        self._unserved.said(told)
        if freed:
            self._context.queue_changed.notify()
        return freed

    def _tell(self, connection: Connection) -> Reasons:
        """Write of which lanes nothing goes out; other gateways may have other lines."""
        if lines_elsewhere(connection, self._context.node):
            return {}
        changes = self._unserved.changes(_offered(connection))
        write_reasons(connection, changes)
        return changes


def _offered(connection: Connection) -> list[Lane]:
    """Return the lanes that have jobs for any line."""
    stock = stock_of(connection)
    return [
        lane
        for urgency in stock.urgencies()
        for lane, heads in stock.stocked(urgency)
        if None in heads
    ]
