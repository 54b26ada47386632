"""Statements on lanes: found, or made when a job is the first of its kind."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite

from gateway.db.prepared import Prepared
from gateway.db.stock import lane_of, stock_of
from gateway.db.tables import LANES
from gateway.domain.ids import LaneKey, StoreName
from gateway.domain.lane import Lane

MOST: Final = 1000
"""Lanes of a store that this process knows, beyond which its campaigns get no lane of their own: to
choose costs something for each lane that has jobs, and a store that gives every job a campaign of
its own must not hold up the others. An honest one has that many after years."""

_NAME = ("urgency", "store", "campaign", "destination", "network")
_FIND = Prepared(select(LANES).where(*(LANES.c[name] == bindparam(name) for name in _NAME)))
_MAKE = {
    "sqlite": Prepared(sqlite.insert(LANES).on_conflict_do_nothing()),
    "postgresql": Prepared(postgresql.insert(LANES).on_conflict_do_nothing()),
}


def lane_for(
    connection: Connection,
    *,
    urgency: int,
    store: StoreName,
    campaign: str = "",
    destination: str = "",
    network: str = "",
) -> Lane:
    """Return the lane of such jobs; see `gateway.domain.lane` for what the values mean.

    It is remembered, so that only the first job of its kind asks the database. Two gateways may
    make the same one at a time: then one does, and the other finds it.
    """
    stock = stock_of(connection)
    key = stock.names.get((urgency, store, campaign, destination, network))
    if key is not None:
        return stock.lanes[key]
    if campaign and stock.count(store) >= MOST:
        return lane_for(
            connection, urgency=urgency, store=store, destination=destination, network=network
        )
    name = {
        "urgency": urgency,
        "store": store,
        "campaign": campaign,
        "destination": destination,
        "network": network,
    }
    row = _FIND.first(connection, name)
    if row is None:
        _MAKE[connection.dialect.name].run(connection, name)
        [row] = _FIND.all(connection, name)
    stock.learn(lane := lane_of(row))
    return lane


_TELL = Prepared(
    update(LANES).where(LANES.c.key == bindparam("which")).values(reason=bindparam("why"))
)


def tell_of_lane(connection: Connection, lane: LaneKey, reason: str | None) -> None:
    """Write why nothing of a lane goes out; None: it does."""
    _TELL.run(connection, {"which": lane, "why": reason})
