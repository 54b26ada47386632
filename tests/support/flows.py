"""A shop whose flows run, over the real tables and the real queue, on a clock of the test's."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import select
from support.deciding import LONDON, Deciding, FormatLibrary
from support.events import CUSTOMER, event
from support.world import ACME, IDENTITIES, RECIPIENT, World

from gateway.commerce.flows import Flows, parse_flow
from gateway.commerce.flows.engine import FlowEngine
from gateway.commerce.flows.judging import FlowCondition
from gateway.commerce.flows.listening import FlowListener
from gateway.commerce.flows.loading import Book, shipped_flows
from gateway.commerce.flows.taking import Taker
from gateway.commerce.gate import CommerceGate
from gateway.db.commerce.decisions import Decision, find_decision
from gateway.db.commerce.flow_runs import Run, newest_runs
from gateway.db.tables import JOBS
from gateway.domain.errors import StorageError
from gateway.domain.ids import Campaign, PersonId

TEXTS = {
    name: f"{name} for {{first_name}}"
    for name in (*shipped_flows(), "refer-a-friend-credit", "hello")
}


def flows_of(*names: str, **texts: str) -> Flows:
    """Shipped flows by their names, without a holdout, and others by their texts."""
    shipped = {name: f"{shipped_flows()[name]}" for name in names}
    known = {name: parse_flow(name, _all(text)) for name, text in {**shipped, **texts}.items()}
    return Flows(known=known)


def _all(text: str) -> str:
    """Return a flow's text without its holdout: who is held out is a subject of its own."""
    said = text.replace("holdout = 0.1", "holdout = 0")
    return said if "holdout" in said else f"holdout = 0\n{said}"


@dataclass
class Flowing:
    """A shop at work.

    Attributes:
        world: the queue; made with `listener` among its listeners.
        book: the flows.
    """

    world: World
    book: Book
    texts: Mapping[str, str] = field(default_factory=lambda: TEXTS)
    _ids: Any = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        self.deciding = Deciding(self.world, FormatLibrary(**self.texts))
        self.restart()

    def restart(self) -> None:
        """Have a new engine do the work, which knows nothing but the database."""
        belongs, context = self.deciding.desk.belongs, self.world.context
        taker = Taker(self.book, self.deciding.decider, belongs, context.policy)
        self.engine = FlowEngine(context, self.book, taker, self.world.admission, lambda _: LONDON)
        gate = context.gate
        assert isinstance(gate, CommerceGate)
        gate.conditions["flow"] = FlowCondition(self.book, belongs)

    def person(self, phone: str) -> PersonId:
        """Return the pseudonym of a number."""
        return IDENTITIES.of(phone)

    def now(self, **later: float) -> datetime:
        return self.world.clock.now() + timedelta(**later)

    async def happens(
        self, kind: str, *, at: datetime | None = None, history: bool = False, **properties: Any
    ) -> None:
        """Let the shop tell of something; it must be taken."""
        told = event(kind, f"event-{next(self._ids)}", time=_text(at or self.now()), **properties)
        if history:
            object.__setattr__(told, "history", True)
        assert await self.world.admit(told) == [None]

    async def knows(self, phone: str = RECIPIENT, customer: str = "8812", **facts: Any) -> None:
        """Let the shop tell of a person, who allows marketing."""
        told = {"first_name": "Ada", "phone": phone, "customer": customer} | facts
        await self.happens(CUSTOMER, at=self.now(days=-30), **told)

    async def passes(self, **by: float) -> None:
        """Let time pass, and what is due then happen."""
        await self.world.advance(**by)
        await self.engine.tick()

    async def runs(self, flow: str | None = None) -> list[Run]:
        """Return the runs, the newest first."""
        return await self.world.database.read(lambda c: newest_runs(c, ACME, flow, 10_000))

    async def states(self, flow: str | None = None) -> list[tuple[str, str | None]]:
        """Return what became of the runs for persons, in the order in which they began."""
        return [(run.state.value, run.reason) for run in reversed(await self.runs(flow))]

    async def sent(self) -> list[str]:
        """Return the texts that are, or were, in the queue, in their order."""
        query = select(JOBS.c.text).order_by(JOBS.c.key)
        return await self.world.database.read(lambda c: list(c.scalars(query)))

    async def decision(self, run: Run) -> Decision:
        """Return what was decided of a run."""
        campaign = Campaign(f"flow.{run.flow}")
        made = await self.world.database.read(
            lambda c: find_decision(c, ACME, campaign, run.trigger)
        )
        assert made is not None
        return made


def _text(instant: datetime) -> str:
    return instant.isoformat().replace("+00:00", "Z")


def make_flowing(database: Any, flows: Flows, **fields: Any) -> Flowing:
    """Return a shop with these flows on a database."""
    book = Book({ACME: flows})
    return Flowing(World(database, listeners=[FlowListener(book)], **fields), book)


Shop = Callable[..., Awaitable[Flowing]]
"""Makes a shop with some of the shipped flows, and others by their texts, that knows a person."""


@contextmanager
def failing(flowing: Flowing, at: int, *, kept: bool = False) -> Iterator[None]:
    """Have the process die, as far as the database knows, at the N-th write to come.

    Args:
        flowing: whose database.
        at: 1 is the next.
        kept: whether it died after the commit, and not before it.
    """
    database, writes = flowing.world.database, count(1)
    write = database.write

    async def dying(change: Any) -> Any:
        place = next(writes)
        if place < at or (kept and place == at):
            result = await write(change)
        if place >= at:
            raise StorageError("died")
        return result

    database.write = dying  # type: ignore[method-assign]
    try:
        yield
    finally:
        database.write = write  # type: ignore[method-assign]
