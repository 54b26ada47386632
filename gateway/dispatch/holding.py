"""Which jobs wait for the line by which their person knows the store, and for how long.

One conversation stays under one number while its line lives. A job is held for that line when it is
admitted, and let go of when the line cannot send it, or not in time.

What it knows of lines is a picture that is taken in the event loop (`Holding.look`) and used in the
database's thread.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Protocol, TypeAlias

from sqlalchemy import Connection

from gateway.db.holding import count_held, free_held, lines_elsewhere
from gateway.db.known_lines import KnownLines
from gateway.db.stock import stock_of
from gateway.dispatch.desk import Offer
from gateway.dispatch.routing.choose import CostRouter
from gateway.dispatch.routing.load import capacity
from gateway.dispatch.serving import Serves
from gateway.domain.ids import LineId, is_carrier
from gateway.domain.job import NEVER
from gateway.domain.lane import Lane, Shelf
from gateway.domain.purpose import Purpose

OTP_WAIT: Final = timedelta(seconds=10)
"""How long a one-time password waits for a line that cannot send: somebody stands at a login."""

LOOK_EVERY: Final = 1.0
"""Seconds for which a picture of the lines is good enough for what is admitted."""

HORIZONS: Final = (60.0, 600.0, 3600.0)
"""Seconds within which what is held for a line and expires has to fit into what the line can send.
What expires later has time to be looked at again."""

BATCH: Final = 500
"""Jobs that are let go of in one transaction, some 10 ms."""

Offers: TypeAlias = Mapping[LineId, Offer]


class Presence(Protocol):
    """Knows the lines that are in service here; the desk."""

    def offers(self) -> Offers:
        """Return how each of them stands now."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class _Held:
    """Jobs of a lane that wait for a line."""

    lane: Lane
    line: LineId
    head: datetime
    """None of them expires before it."""

    @property
    def shelf(self) -> Shelf:
        return Shelf(self.lane.key, self.line)


class NoLines:
    """The lines of a gateway that does not run."""

    def offers(self) -> Offers:
        """Return none."""
        return {}


class Holding:
    """Holds jobs for lines, and lets go of them."""

    def __init__(
        self,
        known: KnownLines,
        lines: Presence,
        router: CostRouter,
        *,
        node: str,
        wait: timedelta,
    ) -> None:
        """Make one.

        Args:
            known: by which lines persons know stores.
            lines: those that are in service.
            router: says which may send what.
            node: where they are.
            wait: for how long a line that cannot send is waited for.
        """
        self._known = known
        self._router = router
        self._lines = lines
        self._node = node
        self._wait = wait
        self._offers: Offers = {}
        self._looked_at = float("-inf")
        self._elsewhere: frozenset[LineId] = frozenset()
        self._unable: dict[tuple[LineId, bool], datetime] = {}
        """Since when a line could send nothing, and whether it was asked for the most urgent."""

    def look(self, *, anew: bool = False) -> None:
        """Take a picture of the lines, unless there is a fresh one."""
        now = asyncio.get_running_loop().time()
        if anew or now - self._looked_at >= LOOK_EVERY:
            self._looked_at, self._offers = now, self._lines.offers()

    def line_for(
        self, connection: Connection, lane: Lane, recipient: str, now: datetime
    ) -> LineId | None:
        """Return the line that a new job is to wait for, or None for any.

        Args:
            connection: the transaction.
            lane: of the job.
            recipient: E.164.
            now: the current instant.
        """
        line = self._known.find(connection, lane.store, recipient)
        if line is None:
            return None
        exact = replace(lane, destination=recipient)
        return line if self._keeps(connection, line, exact, now) else None

    def release(self, connection: Connection, now: datetime) -> int:
        """Let go of what lines will not send, at most `BATCH`; return how much."""
        held = list(_held(connection))
        if any(one.line not in self._offers for one in held):
            self._elsewhere = lines_elsewhere(connection, self._node)
        freed = 0
        for one in held:
            if freed < BATCH and not self._keeps(connection, one.line, one.lane, now):
                freed += _free_all(connection, one.shelf, BATCH - freed)
        for line, shelves in self._of_lines(held).items():
            freed += self._free_late(connection, self._offers[line], shelves, now, BATCH - freed)
        return freed

    def _of_lines(self, held: Sequence[_Held]) -> Mapping[LineId, Sequence[_Held]]:
        shelves: dict[LineId, list[_Held]] = {}
        for one in held:
            if one.line in self._offers:
                shelves.setdefault(one.line, []).append(one)
        return shelves

    def _keeps(self, connection: Connection, line: LineId, lane: Lane, now: datetime) -> bool:
        """Tell whether a line may send what is in a lane, and is able to, or will be soon."""
        offer = self._offers.get(line)
        if offer is not None and self._router.serves(offer.state, lane) is Serves.NONE:
            return False
        urgent = lane.urgency == Purpose.OTP.urgency
        able_at = now if line in self._elsewhere else _able_at(connection, offer, lane)
        if able_at == now:
            self._unable.pop((line, urgent), None)
            return True
        wait = min(OTP_WAIT, self._wait) if urgent else self._wait
        since = self._unable.setdefault((line, urgent), now)
        return now - since < wait and (able_at is None or able_at - now < wait)

    def _free_late(
        self,
        connection: Connection,
        offer: Offer,
        shelves: Sequence[_Held],
        now: datetime,
        limit: int,
    ) -> int:
        """Let go of what a line would send too late, of what expires last, at most so much.

        Each job is taken for one part: what is longer is let go of at a later look.
        """
        freed = 0
        for horizon in HORIZONS:
            by = now + timedelta(seconds=horizon)
            room = int(capacity(offer.state, self._looked_at, horizon))
            for one in shelves:
                if one.head > by or freed >= limit:
                    continue
                jobs = count_held(connection, one.shelf, by=by, limit=room + limit)
                if jobs > room:
                    late = min(jobs - room, limit - freed)
                    freed += free_held(connection, one.shelf, by=by, limit=late)
                room = max(0, room - jobs)
        return freed


def _able_at(connection: Connection, offer: Offer | None, lane: Lane) -> datetime | None:
    """Return when a line may send: now, when its budget is new, or None for who knows when."""
    if offer is None or offer.state.stopped:
        return None
    return offer.allowance.able_at(connection, offer.holder.line, lane.urgency)


def _held(connection: Connection) -> Iterator[_Held]:
    """Give what is held for SIMs, the most urgent first."""
    stock = stock_of(connection)
    for urgency in stock.urgencies():
        for lane, heads in stock.stocked(urgency):
            for line, head in heads.items():
                if line is not None and not is_carrier(line):
                    yield _Held(lane=lane, line=line, head=head)


def _free_all(connection: Connection, shelf: Shelf, limit: int) -> int:
    freed = free_held(connection, shelf, by=NEVER, limit=limit)
    if freed < limit and not count_held(connection, shelf, by=NEVER, limit=1):
        stock_of(connection).drop(shelf)
    return freed
