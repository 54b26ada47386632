"""Asks a carrier what persons wrote, so that a STOP works there as it does on a SIM (US-6)."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

import structlog

from gateway.carrier import Carrier, Received
from gateway.db.receipts import latest_receipt, prune_receipts
from gateway.dispatch.carrying.times import OVERLAP
from gateway.dispatch.context import Context
from gateway.dispatch.inbound import log_finished, take_carried
from gateway.dispatch.plan import LineCounters
from gateway.domain.errors import StorageError
from gateway.domain.ids import CarriedId
from gateway.domain.measures import Counted

log = structlog.get_logger(__name__)


class Inbox:
    """Takes what came to one carrier's number."""

    def __init__(self, carrier: Carrier, context: Context, counters: LineCounters) -> None:
        self._carrier = carrier
        self._context = context
        self._counters = counters
        self._latest: datetime | None = None
        self._seen: dict[CarriedId, datetime] = {}
        """What was taken or cannot be, and when it came: none of it is taken to the database."""

    async def receive(self) -> bool:
        """Ask for what came since the last time, and take it; return True.

        Raises:
            CarrierError: the carrier did not answer.
            StorageError: what it gave could not be kept, and is asked for again.
        """
        since = await self._begin() - OVERLAP
        for received in await self._carrier.received_since(since):
            if received.id not in self._seen:
                await self._take(received)
        await self._forget()
        return True

    async def _begin(self) -> datetime:
        if self._latest is None:
            now, line = self._context.now(), self._carrier.line
            self._latest = await self._context.database.write(
                lambda connection: latest_receipt(connection, line, now)
            )
        return self._latest

    async def _take(self, received: Received) -> None:
        """Take one message; one that we stumble over costs itself and nothing else."""
        context, now, line = self._context, self._context.now(), self._carrier.line
        name = uuid4().hex
        try:
            taken = await context.database.write(
                lambda connection: take_carried(
                    connection, line, received, context.inbound, id=name, now=now
                )
            )
        except StorageError:
            raise
        except Exception:
            log.exception("carried_message_not_taken", line=line, message=received.id)
        else:
            self._counters.received += taken.new
            context.meter.count(Counted.PARTS_RECEIVED, line, by=int(taken.new))
            log_finished(taken.finished)
            context.outbox_changed.notify()
            context.queue_changed.notify()
        self._seen[received.id] = received.received_at

    async def _forget(self) -> None:
        """Let go of what is not asked for any more."""
        if self._latest is None or not self._seen:
            return
        latest = min(max(self._latest, *self._seen.values()), self._context.now())
        if latest <= self._latest:
            return
        self._latest, before = latest, latest - 2 * OVERLAP
        self._seen = {name: at for name, at in self._seen.items() if at >= before}
        line = self._carrier.line
        await self._context.database.write(
            lambda connection: prune_receipts(connection, line, before)
        )
