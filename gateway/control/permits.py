"""An operator's permission for a SIM, recorded with who gave it and when (COMPLIANCE SIM-1)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import Connection

from gateway.consent.lines import Lines
from gateway.control.server import Operation
from gateway.db import Database
from gateway.db.lines import LineRecord, permit_line, read_lines
from gateway.domain.clock import Clock
from gateway.domain.errors import RejectedError
from gateway.domain.signal import Signal

log = structlog.get_logger(__name__)


class PermitDesk:
    """Records permissions while the gateway runs, which go by them at once."""

    def __init__(
        self, database: Database, clock: Clock, lines: Lines, queue_changed: Signal
    ) -> None:
        self._database = database
        self._clock = clock
        self._lines = lines
        self._queue_changed = queue_changed

    def operations(self) -> Mapping[str, Operation]:
        """Return what may be asked, by name."""
        return {"permit": self._permit}

    async def _permit(self, fields: Mapping[str, Any]) -> object:
        name, by, now = str(fields.get("name")), str(fields.get("by")), self._clock.now()

        def change(connection: Connection) -> LineRecord:
            record = permit(connection, name, by, now)
            self._lines.refresh(connection)
            return record

        record = await self._database.write(change)
        self._queue_changed.notify()
        log.info("sim_permitted", modem=name, line=record.id, by=by)
        return {"line": record.id}


def permit(connection: Connection, modem: str, by: str, now: datetime) -> LineRecord:
    """Record that somebody permits the SIM in a modem what needs a permission; return the SIM.

    Args:
        connection: the transaction.
        modem: its name.
        by: who permits it.
        now: the current instant, UTC.

    Raises:
        RejectedError: no SIM was seen in such a modem.
    """
    held = [record for record in read_lines(connection) if record.modem == modem]
    if not held:
        reason = f"no SIM was seen in a modem {modem!r} yet; let the gateway run with it once"
        raise RejectedError("unknown_modem", reason, field="name")
    permit_line(connection, held[-1].id, by, now)
    return held[-1]
