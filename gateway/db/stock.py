"""Which lanes have ready jobs, as the writing connection remembers it.

Whoever makes a job ready notes its shelf in the same transaction, and whoever claims finds there
what to look at, without a look at the table. It belongs to the connection: all that touch it run in
the writer's thread, so that a note is never between two others.

What is noted may be less than what is true, never more: a shelf may turn out empty, and its
earliest deadline may have gone; a rollback, and another gateway on the same database, make it
incomplete, and then it is filled anew by `refill`, whose cost is that of the shelves and not of the
jobs on them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, TypeAlias

from sqlalchemy import (
    CTE,
    ColumnElement,
    Connection,
    Engine,
    Text,
    and_,
    bindparam,
    case,
    cast,
    event,
    func,
    literal_column,
    null,
    select,
)

from gateway.db.prepared import Prepared
from gateway.db.tables import JOBS, LANES
from gateway.domain.ids import LaneKey, LineId, StoreName
from gateway.domain.lane import Lane, Shelf

_PLACE: Final = "stock"
_PLACES: Final = 1000
"""Places that are remembered; of lines with settings of before they are of no use."""

LaneName: TypeAlias = tuple[int, str, str, str, str]
"""Urgency, store, campaign, destination, network."""

Heads: TypeAlias = dict[LineId | None, datetime]
"""By the line that jobs are held for: an instant before which none of them expires."""


@dataclass(slots=True)
class Stock:
    """What a writing connection knows of the queue."""

    whole: bool = False
    """Whether every shelf that has ready jobs is in it, as far as this process made them ready."""
    lanes: dict[LaneKey, Lane] = field(default_factory=dict)
    names: dict[LaneName, LaneKey] = field(default_factory=dict)
    places: dict[object, Any] = field(default_factory=dict)
    """Where the next look for what few of a shelf are begins; by whoever looks."""
    _heads: dict[LaneKey, Heads] = field(default_factory=dict)
    _urgencies: dict[int, set[LaneKey]] = field(default_factory=lambda: defaultdict(set))
    _counts: Counter[StoreName] = field(default_factory=Counter)

    def note(self, shelf: Shelf, expires_at: datetime) -> None:
        """Take note of a job that became ready.

        A lane that is not known here was not made by this connection; it is found at the next
        `refill`.
        """
        lane = self.lanes.get(shelf.lane)
        if lane is None:
            self.whole = False
            return
        heads = self._heads.setdefault(shelf.lane, {})
        heads[shelf.held_for] = min(heads.get(shelf.held_for, expires_at), expires_at)
        self._urgencies[lane.urgency].add(shelf.lane)

    def correct(self, shelf: Shelf, expires_at: datetime) -> None:
        """Take note that nothing on a shelf expires before an instant."""
        self._heads[shelf.lane][shelf.held_for] = expires_at

    def drop(self, shelf: Shelf) -> None:
        """Take note that a shelf is empty."""
        heads = self._heads.get(shelf.lane)
        if heads is not None:
            heads.pop(shelf.held_for, None)
            if not heads:
                del self._heads[shelf.lane]
                self._urgencies[self.lanes[shelf.lane].urgency].discard(shelf.lane)

    def urgencies(self) -> list[int]:
        """Return of which urgency there is anything, the most urgent first."""
        return sorted(urgency for urgency, lanes in self._urgencies.items() if lanes)

    def stocked(self, urgency: int) -> list[tuple[Lane, Mapping[LineId | None, datetime]]]:
        """Return the lanes of an urgency that have anything, and what they have."""
        return [(self.lanes[key], self._heads[key]) for key in self._urgencies[urgency]]

    def learn(self, lane: Lane) -> None:
        """Remember a lane."""
        self.lanes[lane.key] = lane
        name = (lane.urgency, lane.store, lane.campaign, lane.destination, lane.network)
        if name not in self.names:
            self._counts[lane.store] += 1
        self.names[name] = lane.key

    def count(self, store: StoreName) -> int:
        """Return how many lanes of a store are known."""
        return self._counts[store]

    def refill(self, connection: Connection) -> None:
        """Look which shelves have ready jobs; the cost is that of the shelves."""
        rows = _SHELVES.all(connection, {})
        unknown = {row.lane for row in rows} - self.lanes.keys()
        if unknown:
            self._read_lanes(connection)
        self._heads.clear()
        self._urgencies.clear()
        if len(self.places) > _PLACES:
            self.places.clear()
        self.whole = True
        for row in rows:
            self.note(Shelf(LaneKey(row.lane), row.held_for), row.head)

    def _read_lanes(self, connection: Connection) -> None:
        for row in connection.execute(select(LANES)):
            self.learn(lane_of(row))

    def forget(self) -> None:
        """Take note that what was done since the last commit was not done."""
        self.whole = False
        self.lanes.clear()
        self.names.clear()
        self._counts.clear()
        self._heads.clear()
        self._urgencies.clear()


def stock_of(connection: Connection) -> Stock:
    """Return what a writing connection knows of the queue."""
    stock: Stock | None = connection.info.get(_PLACE)
    if stock is None:
        stock = connection.info[_PLACE] = Stock()
    return stock


def lane_of(row: Any) -> Lane:
    """Return a row of the table as a lane."""
    return Lane(
        key=LaneKey(row.key),
        urgency=row.urgency,
        store=StoreName(row.store),
        campaign=row.campaign,
        destination=row.destination,
        network=row.network,
    )


def forget_at_rollback(engine: Engine) -> None:
    """Have the connections of an engine forget what they learned in what is rolled back."""

    def forget(connection: Connection, *_: object) -> None:
        if connection.invalidated:  # what a lost connection had learned is gone with it
            return
        stock: Stock | None = connection.info.get(_PLACE)
        if stock is not None:
            stock.forget()

    event.listen(engine, "rollback", forget)
    event.listen(engine, "rollback_savepoint", forget)


_READY: Final[ColumnElement[bool]] = literal_column("jobs.stage = 'ready'")
"""A literal: a partial index serves no bound parameter."""
_FIRST: Final = ""
"""Before every id of a line, and in place of none."""


def _stocked() -> CTE:
    """Return the lanes that have ready jobs, each found by one step through the index."""
    first = select(func.min(JOBS.c.lane).label("lane")).where(_READY)
    lanes = first.cte("stocked", recursive=True)
    more = select(func.min(JOBS.c.lane)).where(_READY, JOBS.c.lane > lanes.c.lane)
    return lanes.union_all(
        select(more.scalar_subquery()).select_from(lanes).where(lanes.c.lane.is_not(None))
    )


def _shelves() -> CTE:
    """Return each lane of them with each line that its jobs are held for, and with none."""
    lanes = _stocked()
    first = select(lanes.c.lane, cast(bindparam("first", _FIRST), Text).label("held_for"))
    shelves = first.where(lanes.c.lane.is_not(None)).cte("shelves", recursive=True)
    more = select(cast(func.min(JOBS.c.held_for), Text)).where(
        _READY, JOBS.c.lane == shelves.c.lane, JOBS.c.held_for > shelves.c.held_for
    )
    return shelves.union_all(
        select(shelves.c.lane, more.scalar_subquery()).where(shelves.c.held_for.is_not(None))
    )


def _heads() -> Prepared:
    shelves = _shelves()
    here = and_(_READY, JOBS.c.lane == shelves.c.lane)
    free = select(func.min(JOBS.c.expires_at)).where(here, JOBS.c.held_for.is_(None))
    held = select(func.min(JOBS.c.expires_at)).where(here, JOBS.c.held_for == shelves.c.held_for)
    is_free = shelves.c.held_for == bindparam("none", _FIRST)
    found = select(
        shelves.c.lane,
        case((is_free, null()), else_=shelves.c.held_for).label("held_for"),
        case((is_free, free.scalar_subquery()), else_=held.scalar_subquery()).label("head"),
    ).where(shelves.c.held_for.is_not(None))
    stock = found.subquery("stock")
    return Prepared(select(stock).where(stock.c.head.is_not(None)))


_SHELVES = _heads()


def ready_shelves(connection: Connection) -> list[tuple[Shelf, datetime]]:
    """Return the shelves that have ready jobs, each with the earliest deadline on it."""
    rows = _SHELVES.all(connection, {})
    return [(Shelf(LaneKey(row.lane), row.held_for), row.head) for row in rows]
