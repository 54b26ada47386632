"""How many events of each type a store told of a day, kept as they are taken."""

from __future__ import annotations

import hashlib
from datetime import UTC, date
from typing import Any, Final

from sqlalchemy import Connection, bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite

from gateway.db.prepared import Prepared
from gateway.db.tables import EVENT_TALLIES
from gateway.domain.event import StoreEvent
from gateway.domain.ids import StoreName
from gateway.domain.shop import Tally

NOTHING: Final = Tally(events=0, digest="0" * 16)

_BITS: Final = 64
_T: Final = EVENT_TALLIES.c
_KEY: Final = (
    _T.store == bindparam("of_store"),
    _T.type == bindparam("of_type"),
    _T.day == bindparam("of_day"),
)
# For update: of two gateways that add at once none may overwrite what the other added.
_FIND: Final = Prepared(select(_T.events, _T.digest).where(*_KEY).with_for_update())
_CHANGE: Final = Prepared(update(EVENT_TALLIES).where(*_KEY))
_BEGIN: Final = {
    "sqlite": Prepared(sqlite.insert(EVENT_TALLIES).on_conflict_do_nothing()),
    "postgresql": Prepared(postgresql.insert(EVENT_TALLIES).on_conflict_do_nothing()),
}
_OF_DAY: Final = select(_T.type, _T.events, _T.digest).where(
    _T.store == bindparam("of_store"), _T.day == bindparam("of_day")
)


def add_to_tally(connection: Connection, event: StoreEvent) -> None:
    """Count an event that is taken, on the day that it happened on in UTC."""
    day = event.time.astimezone(UTC).date().isoformat()
    key = {"of_store": event.store, "of_type": event.type, "of_day": day}
    found = _FIND.first(connection, key)
    if found is None:
        _begin(connection, event, day)
        found = _FIND.first(connection, key)
    known = NOTHING if found is None else Tally(events=found.events, digest=found.digest)
    now = with_id(known, event.id)
    _CHANGE.run(connection, {**key, "events": now.events, "digest": now.digest})


def with_id(tally: Tally, name: str) -> Tally:
    """Return a tally with one event more; in whatever order they come, the sum is the same."""
    first = int.from_bytes(hashlib.sha256(name.encode()).digest()[: _BITS // 8], "big")
    total = (int(tally.digest, 16) + first) % 2**_BITS
    return Tally(events=tally.events + 1, digest=f"{total:016x}")


def tallies_of(connection: Connection, store: StoreName, day: date) -> dict[str, Tally]:
    """Return what was taken of a day, by the type of the events."""
    rows = connection.execute(_OF_DAY, {"of_store": store, "of_day": day.isoformat()})
    return {row.type: Tally(events=row.events, digest=row.digest) for row in rows}


def _begin(connection: Connection, event: StoreEvent, day: str) -> None:
    row: dict[str, Any] = {"store": event.store, "type": event.type, "day": day}
    row |= {"events": NOTHING.events, "digest": NOTHING.digest}
    _BEGIN[connection.dialect.name].run(connection, row)
