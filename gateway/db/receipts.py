"""Statements on what carriers gave us: each message once, and from when on they are asked."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import Connection, bindparam, delete, func, insert, select

from gateway.db.tables import CARRIER_RECEIPTS
from gateway.domain.ids import CarriedId, LineId

_BEGINNING: Final = CarriedId("")

_OF_LINE = CARRIER_RECEIPTS.c.line == bindparam("which")
_LATEST = select(func.max(CARRIER_RECEIPTS.c.received_at)).where(_OF_LINE)
_FIND = select(CARRIER_RECEIPTS.c.line).where(
    _OF_LINE, CARRIER_RECEIPTS.c.carried_id == bindparam("id")
)


def latest_receipt(connection: Connection, line: LineId, now: datetime) -> datetime:
    """Return when the newest message that we have came to a carrier, by its own clock.

    Where none ever came that is ``now``, which is remembered: what comes while the gateway is down
    is then asked for at its next start.
    """
    latest: datetime | None = connection.execute(_LATEST, {"which": line}).scalar_one_or_none()
    if latest is None:
        note_receipt(connection, line, _BEGINNING, now)
        return now
    return min(latest, now)


def note_receipt(connection: Connection, line: LineId, name: CarriedId, at: datetime) -> bool:
    """Write that a message came; return False when it was written before."""
    if connection.execute(_FIND, {"which": line, "id": name}).first() is not None:
        return False
    row = {"line": line, "carried_id": name, "received_at": at}
    connection.execute(insert(CARRIER_RECEIPTS), row)
    return True


def prune_receipts(connection: Connection, line: LineId, before: datetime) -> None:
    """Forget what came before an instant, which the carrier is not asked about any more."""
    connection.execute(
        delete(CARRIER_RECEIPTS).where(
            CARRIER_RECEIPTS.c.line == line, CARRIER_RECEIPTS.c.received_at < before
        )
    )
