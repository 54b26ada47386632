"""Asks a carrier how what it took has fared, and what became of what is in doubt."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from gateway.carrier import Carried, Carrier
from gateway.db.carriages import CarriageRecord, due_carriages
from gateway.dispatch.carrying.settling import settle_looks
from gateway.dispatch.carrying.times import LISTED_WITHIN, SKEW
from gateway.dispatch.context import Context
from gateway.dispatch.plan import LineCounters
from gateway.domain.ids import CarriedId

DUE: Final = 500
"""Jobs that are asked about at a time."""

FEW: Final = 5
"""Up to so many are asked about one by one; for more the list is quicker."""

MOST_SINGLE: Final = 50
"""Questions about one message at a time; the others of those due have their turn in a moment."""


class StatusWatch:
    """Looks after what one carrier took."""

    def __init__(self, carrier: Carrier, context: Context, counters: LineCounters) -> None:
        self._carrier = carrier
        self._context = context
        self._counters = counters

    async def look(self) -> bool:
        """Ask about all that is due; return whether there was anything.

        Raises:
            CarrierError: the carrier did not answer.
            StorageError: what it said could not be kept.
        """
        context, now, line = self._context, self._context.now(), self._carrier.line
        due = await context.database.read(
            lambda connection: due_carriages(connection, line, now, DUE)
        )
        if not due:
            return False
        listed = await self._list(due, now)
        known = {carried.id: carried for carried in listed}
        asked = await self._ask_singly(due, known)
        policy = context.policy
        self._counters.reports += await context.database.write(
            lambda connection: settle_looks(
                connection, asked, known, listed, policy=policy, now=now
            )
        )
        context.outbox_changed.notify()
        return True

    async def _list(self, due: Sequence[CarriageRecord], now: datetime) -> Sequence[Carried]:
        """Return what the carrier has of late, where that helps."""
        lately = [one.handed_at for one in due if one.handed_at >= now - LISTED_WITHIN]
        in_doubt = any(one.carried_id is None for one in due)
        if not lately or (len(due) <= FEW and not in_doubt):
            return []
        return await self._carrier.sent_since(min(lately) - SKEW)

    async def _ask_singly(
        self, due: Sequence[CarriageRecord], known: dict[CarriedId, Carried]
    ) -> list[CarriageRecord]:
        """Ask about those that are not listed; return all about which something is known now."""
        asked: list[CarriageRecord] = []
        left = MOST_SINGLE
        for one in due:
            if one.carried_id is not None and one.carried_id not in known:
                if not left:
                    continue
                left -= 1
                carried = await self._carrier.look(one.carried_id)
                if carried is not None:
                    known[one.carried_id] = carried
            asked.append(one)
        return asked
