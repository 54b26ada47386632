"""A carrier at work on a world's queue."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from support.world import World

from gateway.carrier import FakeCarrier
from gateway.consent.case import Case
from gateway.dispatch import Fleet, LinePlan
from gateway.dispatch.carrying import CarrierAtWork
from gateway.dispatch.desk import Desk
from gateway.domain.ids import CarrierName, LineId, carrier_line
from gateway.domain.verdict import Allowed, Verdict

NAME = CarrierName("main")
CARRIER = carrier_line(NAME)
FRANCE = "+33639980001"


def by_carrier(case: Case) -> Verdict | None:
    """A rule: what goes to France goes by the carrier, whoever asks."""
    return Allowed(line=CARRIER) if case.asked.recipient.startswith("+33") else None


def new_carrier(world: World) -> FakeCarrier:
    return FakeCarrier(name=NAME, clock=world.clock)


@asynccontextmanager
async def carried(
    world: World, carrier: FakeCarrier, plan: LinePlan | None = None
) -> AsyncIterator[CarrierAtWork]:
    """The carrier is at work inside the `async with`."""
    plans = {LineId(carrier.line): plan or LinePlan(pinned=True)}
    at_work = CarrierAtWork(carrier, Fleet(plans=plans), world.context, Desk(world.context))
    running = asyncio.create_task(at_work.run(), name="carrier")
    try:
        yield at_work
    finally:
        assert not running.done(), "nothing that goes wrong ends a carrier"
        running.cancel()
        await asyncio.wait({running})
