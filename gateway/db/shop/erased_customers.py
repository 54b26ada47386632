"""By what names stores called persons who were erased, under keyed fingerprints."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache

from sqlalchemy import Connection, bindparam, insert, select

from gateway.db.names import by_place, one_of
from gateway.db.prepared import Prepared
from gateway.db.tables import ERASED_CUSTOMERS
from gateway.domain.ids import StoreName

_E = ERASED_CUSTOMERS.c


@cache
def _find(names: int) -> Prepared:
    return Prepared(
        select(_E.name).where(_E.store == bindparam("store"), one_of(_E.name, names)).limit(1)
    )


def was_erased(connection: Connection, store: StoreName, names: Sequence[str]) -> bool:
    """Tell whether a customer was erased, by the fingerprints of the name under each key."""
    found = _find(len(names)).first(connection, {"store": store, **by_place(names)})
    return found is not None


def note_erased(
    connection: Connection, store: StoreName, names: Iterable[str], now: datetime
) -> None:
    """Remember customers who are erased, each by the fingerprint under the key in use."""
    for name in names:
        if not was_erased(connection, store, [name]):
            row = {"store": store, "name": name, "erased_at": now}
            connection.execute(insert(ERASED_CUSTOMERS), row)
