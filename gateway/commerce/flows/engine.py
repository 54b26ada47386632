"""Decides what is due: each run in one transaction with its message, once.

One gateway does it for all on its database. What is interrupted is done at the next look: a run
waits until the commit that decides it, and what was decided for a trigger stands.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timezone
from functools import partial
from typing import Final, NoReturn, Protocol, TypeVar
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import Connection

from gateway.commerce.flows.conditions import ON, is_of
from gateway.commerce.flows.days import LAST_ZONE, at_hour, began, days_now
from gateway.commerce.flows.flow import DAILY, Flow
from gateway.commerce.flows.judging import MENDING
from gateway.commerce.flows.listening import SPREADS
from gateway.commerce.flows.loading import Book
from gateway.commerce.flows.spreading import AFTER, next_lot, spreads, write_lot
from gateway.commerce.flows.taking import Taker
from gateway.commerce.recommend import for_person
from gateway.db.commerce.flow_runs import (
    NewRun,
    Run,
    RunKey,
    begin_runs,
    claim_run,
    claim_runs,
    due_runs,
    move_run,
    named,
)
from gateway.dispatch import Context
from gateway.domain.errors import StorageError
from gateway.domain.failpoint import Failpoint, reach
from gateway.domain.ids import PersonId, StoreName

log = structlog.get_logger(__name__)

T = TypeVar("T")

TICK: Final = 1.0
"""Seconds between looks."""

BATCH: Final = 25
"""Runs in one transaction: some 50 ms, so that the lines' outcomes do not wait behind them."""

_LAST: Final = timezone(LAST_ZONE)

NOBODY: Final = PersonId("")


class Admits(Protocol):
    """The way into the queue, around a transaction of ours."""

    def look(self) -> None:
        """Take a picture of the lines; in the event loop, before."""
        ...

    def notify(self) -> None:
        """Wake who waits for jobs; after it."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class _Done:
    """What a batch did."""

    taken: int
    spreading: Sequence[Run] = ()


class FlowEngine:
    """Decides what is due, once a second.

    Args:
        context: the database, the time and the rules.
        book: the flows of all stores, as they are now.
        taker: takes a run that is due.
        admission: the way into the queue.
        zones: where each store is, for persons of whom nothing tells.
    """

    def __init__(
        self,
        context: Context,
        book: Book,
        taker: Taker,
        admission: Admits,
        zones: Callable[[StoreName], ZoneInfo],
    ) -> None:
        self._context = context
        self._book = book
        self._taker = taker
        self._admission = admission
        self._zones = zones
        self._looked: frozenset[tuple[StoreName, str, date]] = frozenset()
        self._known: frozenset[tuple[StoreName, date]] = frozenset()

    async def run(self) -> NoReturn:
        """Tick until cancelled."""
        while True:
            try:
                await self.tick()
            except StorageError as error:
                log.warning("flows_wait_for_storage", error=str(error))
            await asyncio.sleep(TICK)

    async def tick(self) -> None:
        """Do all that is due now, a batch at a time."""
        now = self._context.now()
        await self._look_at_days(now)
        await self._get_to_know(now)
        while await self._context.database.read(lambda c: due_runs(c, now, 1)):
            reach(Failpoint.FLOW_DUE)
            done = await self._do_batch(now)
            reach(Failpoint.FLOW_DECIDED)
            if not done.taken:
                return  # they are with another gateway, which loses the duty or has just got it
            for run in done.spreading:
                await self._spread(run, now)

    async def _do_batch(self, now: datetime) -> _Done:
        try:
            return await self._write(partial(self._take_some, now=now, most=BATCH))
        except (StorageError, asyncio.CancelledError):
            raise
        except Exception:
            # One of them is to blame: alone it takes no other with it.
            log.exception("flows_stumbled")
            return await self._one_by_one(now)

    async def _one_by_one(self, now: datetime) -> _Done:
        runs = await self._context.database.read(lambda c: due_runs(c, now, BATCH))
        for run in runs:
            if spreads(run):
                continue
            try:
                await self._write(partial(self._take_one, key=run.key, now=now))
            except StorageError:
                raise
            except Exception:
                log.exception("flow_not_decided", store=run.store, flow=run.flow, run=run.key)
                await self._write(partial(move_run, run=run, due_at=now + MENDING))
        return _Done(taken=len(runs), spreading=[run for run in runs if spreads(run)])

    async def _write(self, change: Callable[[Connection], T]) -> T:
        self._context.database.require_space()  # what is decided makes jobs
        self._admission.look()
        result = await self._context.database.write(change)
        self._admission.notify()
        return result

    def _take_some(self, connection: Connection, now: datetime, most: int) -> _Done:
        runs = claim_runs(connection, now, most)
        for run in runs:
            if not spreads(run):
                self._taker.take(connection, run, now)
        return _Done(taken=len(runs), spreading=[run for run in runs if spreads(run)])

    def _take_one(self, connection: Connection, key: RunKey, now: datetime) -> None:
        run = claim_run(connection, key)
        if run is not None:
            self._taker.take(connection, run, now)

    async def _spread(self, run: Run, now: datetime) -> None:
        """Give all whom a run concerns one of their own."""
        database = self._context.database
        flow = self._book.find(run.store, run.flow)
        if flow is None or _is_over(flow, run, now):
            await database.write(partial(self._taker.take, run=run, now=now))
            return
        zone, at = self._zones(run.store), run
        while True:
            lot = await database.read(partial(next_lot, flow=flow, run=at, zone=zone, now=now))
            await database.write(partial(write_lot, run=at, lot=lot))
            reach(Failpoint.FLOW_SPREAD)
            if lot.done:
                return
            at = replace(at, subject={**at.subject, AFTER: lot.last})

    async def _look_at_days(self, now: datetime) -> None:
        """Begin the looks of the days that it is somewhere; each once, whoever begins it."""
        looks = {
            (store, flow.name, day): _look(store, flow, day)
            for store in self._book.flows
            for flow in self._book.of(store)
            if flow.trigger in DAILY
            for day in days_now(now)
            if now < at_hour(day, flow.hour, _LAST) + flow.within
        }
        new = [look for name, look in looks.items() if name not in self._looked]
        if new:
            await self._context.database.write(lambda connection: begin_runs(connection, new))
        self._looked = frozenset(looks)

    async def _get_to_know(self, now: datetime) -> None:
        """Have what is bought together read once a day, beside the writer: it takes a while."""
        today = now.date()
        stores = {
            store
            for store in self._book.flows
            if any(flow.recommend for flow in self._book.of(store))
        }
        for store in stores - {one for one, day in self._known if day == today}:
            await self._context.database.read(partial(_ask_once, store=store, now=now))
        self._known = frozenset((store, today) for store in stores)


def _is_over(flow: Flow, run: Run, now: datetime) -> bool:
    """Tell whether there is nobody left to find; of a daily look each person's day tells."""
    late = flow.trigger not in DAILY and now >= run.began_at + flow.within
    return late or not is_of(flow, run)


def _ask_once(connection: Connection, store: StoreName, now: datetime) -> None:
    for_person(connection, store, NOBODY, (), now, 1)


def _look(store: StoreName, flow: Flow, day: date) -> NewRun:
    """Return what stands for all whom a daily look finds."""
    name = named("day", day.isoformat())
    return NewRun(
        store=store,
        flow=flow.name,
        trigger=name,
        topic=name,
        subject={ON: flow.trigger.value, SPREADS: True, "day": day.isoformat()},
        began_at=began(day),
        due_at=began(day),
    )
