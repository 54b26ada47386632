"""Since when no report waits for its part, by line, as the writing connection remembers it.

A report is hardly ever faster than its +CMGS, and yet it is looked after each outcome whether one
was. The look is saved where an earlier one found nothing and nothing was kept since. What is known
belongs to the connection, as `gateway.db.stock` does, and is forgotten at a rollback. Of a server
nothing is remembered: other gateways write there, and a line may come over with its reports.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Engine, event

from gateway.domain.ids import LineId

_PLACE: Final = "no report waits"


def remember_reports(engine: Engine) -> None:
    """Have the connections of an engine remember; none but they may write to its database."""

    def connected(_driver: object, record: Any) -> None:
        record.info[_PLACE] = {}

    def forget(connection: Connection, *_: object) -> None:
        if not connection.invalidated:  # what a lost connection had learned is gone with it
            connection.info[_PLACE].clear()

    event.listen(engine, "connect", connected)
    event.listen(engine, "rollback", forget)
    event.listen(engine, "rollback_savepoint", forget)


def none_waits(connection: Connection, line: LineId, since: datetime) -> bool:
    """Tell whether it is known that no report waits that came in on a line since an instant."""
    known = _known(connection).get(line)
    return known is not None and known <= since


def note_none_waits(connection: Connection, line: LineId, since: datetime) -> None:
    """Take note that no report waits that came in on a line since an instant."""
    _known(connection)[line] = since


def note_one_waits(connection: Connection, line: LineId) -> None:
    """Take note that a report was kept of which it cannot be told yet what it speaks of."""
    _known(connection).pop(line, None)


def _known(connection: Connection) -> dict[LineId, datetime]:
    known: dict[LineId, datetime] = connection.info.get(_PLACE, {})
    return known
