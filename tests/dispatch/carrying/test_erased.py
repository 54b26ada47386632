"""Who is erased while a carrier is asked holds up nobody else's answers."""

from __future__ import annotations

from datetime import timedelta

import pytest
from support.carrying import FRANCE, carried
from support.serving import told
from support.world import KEYS, World

from gateway.carrier import CarriedState, FakeCarrier
from gateway.db.carriages import due_carriages
from gateway.db.retiring import retire_jobs
from gateway.db.spent import SpentJobs
from gateway.dispatch.carrying.settling import settle_looks

OTHER = "+33639980002"


@pytest.mark.rule("G-7", "SIM-5")
async def test_the_answers_about_others_are_kept(world: World, carrier: FakeCarrier) -> None:
    async with carried(world, carrier):
        await world.accept("hers", to=FRANCE)
        await told(world, "sent", "hers")
        await world.accept("his", to=OTHER)
        await told(world, "sent", "his")
    later, policy = world.clock.now() + timedelta(days=1), world.context.policy
    due = await world.database.read(lambda c: due_carriages(c, carrier.line, later, 10))
    assert len(due) == 2
    carrier.settle(CarriedState.DELIVERED)
    known = {one.carried_id: await carrier.look(one.carried_id) for one in due if one.carried_id}
    hers = (await world.job("hers")).key
    await world.database.write(lambda c: retire_jobs(c, [hers], SpentJobs(KEYS), later))
    ended = await world.database.write(
        lambda c: settle_looks(c, due, known, [], policy=policy, now=later)
    )
    assert ended == 1
    assert (await world.states("his"))[-1] == "delivered"
