"""What went out, laid beside the ledger: a leak shows, whoever made it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import delete, update
from support.serving import served, told
from support.world import ACME, IDENTITIES, World

from gateway.consent.audit import Audited, audit
from gateway.db.tables import ATTEMPTS, CONSENT_EVENTS
from gateway.domain.consent import Action
from gateway.domain.purpose import Purpose


async def send(world: World, job: str, text: str = "Sale!") -> None:
    await world.accept(job, purpose=Purpose.MARKETING, text=text)
    async with served(world):
        await told(world, "sent", job)


async def look(world: World) -> Audited:
    return await world.database.read(lambda c: audit(c, IDENTITIES))


@pytest.mark.rule("K-10", "G-1")
async def test_what_was_allowed_when_it_went_out_is_no_leak(world: World) -> None:
    assert await look(world) == Audited(messages=0)
    await world.allow()
    await send(world, "sale-1", text="Sale! " * 40)
    await send(world, "sale-2")
    await world.accept("shipped")
    world.clock.instant += timedelta(minutes=1)
    await world.allow(Action.WITHDRAWN)
    assert await look(world) == Audited(messages=2), "a message of two parts is one"


@pytest.mark.rule("K-10")
async def test_what_went_out_after_a_stop_is_one(world: World) -> None:
    await world.allow()
    await send(world, "sale")
    late = world.clock.now() + timedelta(hours=1)
    await world.database.write(
        lambda c: c.execute(update(ATTEMPTS).values(intended_at=late)) and None
    )
    world.clock.instant += timedelta(minutes=1)
    await world.allow(Action.WITHDRAWN)
    assert await look(world) == Audited(messages=1, leaks=((ACME, "sale"),))


@pytest.mark.rule("K-10", "G-1")
async def test_what_went_out_with_nothing_on_record_is_one(world: World) -> None:
    await world.allow()
    await send(world, "sale")
    await world.database.write(lambda c: c.execute(delete(CONSENT_EVENTS)) and None)
    assert (await look(world)).leaks == ((ACME, "sale"),)


async def test_a_stop_in_the_very_moment_is_none(world: World) -> None:
    """Which of the two was committed first cannot be told from their instants."""
    await world.allow()
    await send(world, "sale")
    await world.allow(Action.WITHDRAWN)
    assert (await look(world)).leaks == ()
