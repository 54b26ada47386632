"""What the workers of `dispatch` share; put together once by `gateway.app`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Final, TypeVar

import structlog
from sqlalchemy import Connection

from gateway.db.database import Database
from gateway.db.known_lines import KnownLines
from gateway.db.spent import SpentJobs
from gateway.dispatch.gate import Gate
from gateway.dispatch.nodes.claim import Alone, Claims
from gateway.dispatch.opting import OptIns
from gateway.dispatch.opting import Silent as AsksNobody
from gateway.dispatch.pacing import SharedPace
from gateway.dispatch.plan import InboundPlan
from gateway.dispatch.progress import DoubtPolicy
from gateway.dispatch.terms import FreeLines, LineRules
from gateway.dispatch.vitals import Vitals
from gateway.domain.clock import Clock
from gateway.domain.destination import Destinations
from gateway.domain.errors import StorageError
from gateway.domain.signal import Signal
from gateway.domain.spans import Spans
from gateway.meter import Meter, Silent

log = structlog.get_logger(__name__)

T = TypeVar("T")

INSIST_PAUSE: Final = 1.0
"""Seconds between tries to write what must be written while the database cannot."""

PARTING_PATIENCE: Final = 10.0
"""Seconds that a cancelled worker still gives such a write: after them the intent alone tells the
next start that the part is in doubt."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Context:
    """The database, the time and the rules."""

    database: Database
    clock: Clock
    node: str
    zone: tzinfo
    """Where the SIMs' days begin and end."""
    gate: Gate
    policy: DoubtPolicy
    spent: SpentJobs
    """The names of jobs that are kept no more."""
    known: KnownLines
    """By which line persons know stores."""
    opt_ins: OptIns = field(default_factory=AsksNobody)
    """Asks those who are to be asked for their consent."""
    inbound: InboundPlan = field(default_factory=InboundPlan)
    lines: LineRules = field(default_factory=FreeLines)
    """On what terms each line may be used."""
    vitals: Vitals = field(default_factory=Vitals)
    """How well each line does."""
    shared: SharedPace = field(default_factory=SharedPace)
    """How fast lines may send together."""
    claims: Claims = field(default_factory=Alone)
    """What is this node's, where several share the database."""
    meter: Meter = field(default_factory=Silent)
    """Counts and times what happens."""
    destinations: Destinations = field(default_factory=Destinations)
    """What is told apart of recipients' numbers."""
    queue_changed: Signal = field(default_factory=Signal)
    """Notified when a job may have become ready."""
    outbox_changed: Signal = field(default_factory=Signal)
    """Notified when something is to be published."""

    def now(self) -> datetime:
        """The current instant, UTC."""
        return self.clock.now()

    def spans(self) -> Spans:
        """The day, the month and whatever else budgets are for, where the box stands."""
        return Spans(self.now(), self.zone)

    async def insist(self, change: Callable[[Connection], T]) -> T:
        """Write what must land: the outcome of a part that may have gone out.

        It is tried until the database takes it, and a cancellation waits for it for a while.
        """
        task = asyncio.create_task(self._try_until_written(change), name="outcome")
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            await asyncio.wait({task}, timeout=PARTING_PATIENCE)
            task.cancel()
            raise
        finally:
            self.outbox_changed.notify()

    async def _try_until_written(self, change: Callable[[Connection], T]) -> T:
        while True:
            try:
                return await self.database.write(change)
            except StorageError as error:
                log.error("outcome_waits_for_storage", error=str(error))
                await asyncio.sleep(INSIST_PAUSE)
