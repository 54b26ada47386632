"""One round of the desk: for all lines that ask at a moment, what each gets. One transaction.

The most urgent first; then the store, and of it the campaign, whose turn it is; of that the job
with the nearest deadline; and for it the line that the router likes best. What a line has begun, or
what is for it alone, it alone gets, in the same order.

It runs in the database's thread and may run again after a rollback, so that it changes nothing but
the database: what it did is in its `Result`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from typing import Final, TypeAlias

from sqlalchemy import Connection

from gateway.db.claims import Claimed, Filter, Waiting, as_claimed, claim
from gateway.db.parts import PartRecord
from gateway.db.stock import stock_of
from gateway.dispatch.desk.depth import Depths
from gateway.dispatch.desk.fairness import Fairness, Flow
from gateway.dispatch.desk.offer import Offer
from gateway.dispatch.desk.tray import Tray
from gateway.dispatch.desk.work import Work
from gateway.dispatch.pacing import Passage, SharedPace
from gateway.dispatch.progress import DoubtPolicy, is_due
from gateway.dispatch.router import Router
from gateway.dispatch.router import Waiting as AtHand
from gateway.dispatch.serving import Serves, serves
from gateway.dispatch.telling import facts_of, follow_parts
from gateway.domain.ids import JobKey, LineId
from gateway.domain.job import MAX_PARTS
from gateway.domain.lane import Lane, Shelf
from gateway.domain.line_state import Left, LineState
from gateway.domain.purpose import Purpose

LOOK_AHEAD: Final = 16
"""Jobs of a shelf that are looked at, at most, for one that fits into what a line may still send:
the last parts of a budget are not worth a walk through a campaign of long messages."""

Heads: TypeAlias = Mapping[LineId | None, datetime]


@dataclass(frozen=True, kw_only=True, slots=True)
class View:
    """What the desk knows when a round begins."""

    offers: Sequence[Offer]
    """One a line, in the order in which they asked."""
    fleet: Sequence[LineState]
    router: Router
    shared: SharedPace
    """How fast lines may send together."""
    shares: Mapping[int, Fairness]
    """By urgency."""
    policy: DoubtPolicy
    now: datetime
    time: float
    """The same instant on the loop's clock, in seconds."""
    refresh: bool
    """Whether others may have made jobs ready."""
    depths: Depths = field(default_factory=Depths)


@dataclass(kw_only=True, slots=True)
class Result:
    """What a round did."""

    works: dict[LineId, Work] = field(default_factory=dict)
    taken: list[tuple[Passage, int]] = field(default_factory=list)
    """What passes the limits that lines share, and how many parts of it."""
    shares: dict[int, Fairness] = field(default_factory=dict)
    """As they are afterwards, where they changed."""
    wait: float | None = None
    """Seconds until something may go that had to wait for a limit that lines share."""
    left: bool = False
    """Whether anything was ready that none of the lines took."""


def serve(connection: Connection, view: View) -> Result:
    """Give the lines that ask what is due next."""
    return _Round(connection, view).run()


class _Round:
    def __init__(self, connection: Connection, view: View) -> None:
        self._connection = connection
        self._view = view
        self._stock = stock_of(connection)
        self._shared = view.shared.copy()
        self._idle = {offer.holder.line: offer for offer in view.offers}
        self._lefts: dict[LineId, Left] = {}
        self._room: dict[LineId, int] = {}
        self._claims: list[Claimed] = []
        self._taken: set[JobKey] = set()
        self._trays: dict[Shelf, list[Tray]] = {}
        self._result = Result()

    def run(self) -> Result:
        if self._view.refresh or not self._stock.whole:
            self._stock.refill(self._connection)
        for urgency in self._stock.urgencies():
            if self._idle:
                self._serve(urgency)
        for tray in chain.from_iterable(self._trays.values()):
            tray.tell(self._stock)
        if self._claims:
            claim(self._connection, self._claims)
        self._result.left = bool(self._idle and self._stock.urgencies())
        return self._result

    def _serve(self, urgency: int) -> None:
        flows: dict[Flow, list[tuple[Lane, Heads]]] = {}
        for lane, heads in self._stock.stocked(urgency):
            flows.setdefault(Flow(lane.store, lane.campaign), []).append((lane, heads))
        self._look_at_budgets(urgency)
        fairness = self._view.shares.get(urgency, Fairness()).copy()
        fairness.attend(flows)
        trays: dict[Flow, list[Tray]] = {}
        while flows and self._idle:
            flow = fairness.next(flows)
            if flow not in trays:
                of_lanes = (self._of(lane, heads) for lane, heads in flows[flow])
                trays[flow] = list(chain.from_iterable(of_lanes))
                for tray in trays[flow]:
                    self._trays.setdefault(tray.shelf, []).append(tray)
            parts = self._take(trays[flow], len(flows))
            if parts is None:
                del flows[flow]
            else:
                fairness.charge(flow, parts)
        self._result.shares[urgency] = fairness

    def _of(self, lane: Lane, heads: Heads) -> list[Tray]:
        """Return what the lines that ask may take of a lane."""
        room = self._room
        states = [offer.state for line, offer in self._idle.items() if room.get(line, 1) > 0]
        trays = [
            tray
            for state in states
            if state.line in heads
            and (tray := _tray(lane, state, heads[state.line], held=True)) is not None
        ]
        return trays + (self._free(lane, states, heads[None]) if None in heads else [])

    def _free(self, lane: Lane, states: Sequence[LineState], head: datetime) -> list[Tray]:
        """Return what any line may take of a lane: all of it, or what its recipients allow."""
        asking = [state for state in states if not state.pinned]
        if not asking:
            return []
        fleet, time = self._view.fleet, self._view.time
        waiting = AtHand(
            left=(head - self._view.now).total_seconds(),
            deeper=lambda count: self._view.depths.deeper(self._connection, lane.key, count, time),
        )
        takers = self._view.router.takers(lane, asking, fleet, time, waiting)
        trays: list[Tray] = []
        whole: list[LineId] = []
        for state in (self._idle[line].state for line in takers):
            if serves(state, lane) is Serves.ALL:
                whole.append(state.line)
            elif (tray := _tray(lane, state, head)) is not None:
                trays.append(tray)
        shelf = Shelf(lane.key, None)
        return [Tray(lane=lane, shelf=shelf, head=head, takers=whole), *trays]

    def _look_at_budgets(self, urgency: int) -> None:
        """Note how many parts of this urgency the lines that have budgets may begin."""
        for line, offer in self._idle.items():
            if line not in self._lefts:
                self._lefts[line] = offer.allowance.left(self._connection, line)
        rooms = ((line, self._lefts[line].of(urgency)) for line in self._idle)
        self._room = {line: room for line, room in rooms if room is not None}

    def _take(self, trays: list[Tray], flows: int) -> int | None:
        """Give a line the next job of a flow; return its parts, or None when there is none to give.

        Args:
            trays: of the flow; those of which nothing more can be given are removed.
            flows: among how many the lines are shared out.
        """
        while trays:
            tray = min(trays, key=lambda one: one.head)
            tray.takers = [line for line in tray.takers if line in self._idle]
            if not tray.takers:
                trays.remove(tray)
            elif given := self._match(tray):
                return self._give(tray, *given)
            elif tray.ended or len(tray.jobs) >= LOOK_AHEAD:
                trays.remove(tray)
            else:
                limit = self._wanted(tray, flows)
                tray.fetch(self._connection, self._view.now, limit, self._taken)
        return None

    def _passage(self, tray: Tray, waiting: Waiting, line: LineId) -> Passage:
        return Passage(
            store=tray.lane.store,
            destination=waiting.row.recipient,
            operator=self._idle[line].holder.operator,
        )

    def _waits(self, tray: Tray, waiting: Waiting, line: LineId, parts: int) -> bool:
        """Tell whether a job has to wait for a limit that lines share; note for how long."""
        passage = self._passage(tray, waiting, line)
        wait = self._shared.wait(passage, self._view.time, parts)
        if wait > 0:
            known = self._result.wait
            self._result.wait = wait if known is None else min(known, wait)
        return wait > 0

    def _wanted(self, tray: Tray, flows: int) -> int:
        """Return how many jobs to look at: as many as may go, or some to choose from."""
        if tray.jobs:  # of which none could be given
            return LOOK_AHEAD
        share = -(-len(tray.takers) // flows)
        tight = any(self._room.get(line, MAX_PARTS) < MAX_PARTS for line in tray.takers)
        return max(share, LOOK_AHEAD) if tight else share

    def _match(self, tray: Tray) -> tuple[Waiting, list[PartRecord], LineId] | None:
        """Return the first job that fits into what one of its takers may send, and which."""
        for waiting in tray.jobs:
            parts = self._due(waiting)
            for line in tray.takers:
                if len(parts) > self._room.get(line, MAX_PARTS):
                    continue
                if not self._waits(tray, waiting, line, len(parts)):
                    return waiting, parts, line
        return None

    def _due(self, waiting: Waiting) -> list[PartRecord]:
        row, view = waiting.row, self._view
        return [
            part
            for part in waiting.parts
            if is_due(
                facts_of(self._connection, part),
                Purpose(row.purpose),
                report=row.report,
                policy=view.policy,
                now=view.now,
            )
        ]

    def _give(self, tray: Tray, waiting: Waiting, parts: list[PartRecord], line: LineId) -> int:
        offer = self._idle[line]
        holder = offer.holder
        claimed = Claimed(waiting=waiting, node=holder.node, line=line, modem=holder.modem)
        self._taken.add(waiting.key)
        for one in self._trays[tray.shelf]:
            one.take(waiting)
        if not parts:
            self._release(claimed)
            return 0
        passage = self._passage(tray, waiting, line)
        self._claims.append(claimed)
        self._result.works[line] = Work(holder=holder, job=as_claimed(claimed), parts=parts)
        self._result.taken.append((passage, len(parts)))
        self._shared.take(passage, self._view.time, len(parts))
        del self._idle[line]
        return len(parts)

    def _release(self, claimed: Claimed) -> None:
        """Bring a job of which nothing is due to where it belongs."""
        view = self._view
        claim(self._connection, [claimed])
        follow_parts(
            self._connection,
            claimed.waiting.key,
            policy=view.policy,
            now=view.now,
            release=True,
        )


def _tray(lane: Lane, state: LineState, head: datetime, *, held: bool = False) -> Tray | None:
    """Return what a line may take of a shelf, or None for nothing."""
    much = serves(state, lane, held=held)
    if much is Serves.NONE:
        return None
    return Tray(
        lane=lane,
        shelf=Shelf(lane.key, state.line if held else None),
        head=head,
        takers=[state.line],
        only=Filter(routes=state.routes, bars=state.bars) if much is Serves.SOME else None,
    )
