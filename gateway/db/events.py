"""Names of the events of stores that were taken, so that none is taken twice.

What stays is a keyed fingerprint of the name and of what was said: without the key nobody can try
out which number it was about.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache

from sqlalchemy import Connection, bindparam, insert, select

from gateway.db.names import by_place, one_of
from gateway.db.prepared import Prepared
from gateway.db.tables import TAKEN_EVENTS
from gateway.domain.event import StoreEvent
from scoring.pseudonym import pseudonym

_WRITE = Prepared(insert(TAKEN_EVENTS))


@cache
def _find(names: int) -> Prepared:
    return Prepared(
        select(TAKEN_EVENTS.c.digest).where(
            TAKEN_EVENTS.c.store == bindparam("store"), one_of(TAKEN_EVENTS.c.name, names)
        )
    )


class TakenEvents:
    """Writes and finds the names.

    Args:
        keys: of the pseudonyms, the one in use first; see `gateway.db.key`.
    """

    def __init__(self, keys: Sequence[bytes]) -> None:
        self._keys = tuple(keys)

    def same(self, connection: Connection, event: StoreEvent) -> bool | None:
        """Tell whether an event of this name was the same; None when there was none."""
        names = [_name(key, event) for key in self._keys]
        row = _find(len(names)).first(connection, {"store": event.store, **by_place(names)})
        if row is None:
            return None
        return any(_digest(key, event) == row.digest for key in self._keys)

    def write(self, connection: Connection, event: StoreEvent, now: datetime) -> None:
        """Remember that an event was taken."""
        key = self._keys[0]
        row = {
            "store": event.store,
            "name": _name(key, event),
            "digest": _digest(key, event),
            "taken_at": now,
        }
        _WRITE.run(connection, row)


def _name(key: bytes, event: StoreEvent) -> str:
    return pseudonym(key, "event", f"{event.store}/{event.source}\0{event.id}")


def _digest(key: bytes, event: StoreEvent) -> str:
    return pseudonym(key, "event", event.digest.hex())
