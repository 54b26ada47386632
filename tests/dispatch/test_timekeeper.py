"""What falls due, and that it does not hold up the writer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from support.world import START, World

from gateway.db.jobs import promote_jobs
from gateway.domain.states import Stage

LATER = START + timedelta(minutes=5)


async def test_all_that_is_due_is_done_in_batches(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.dispatch.timekeeper.BATCH", 2)
    for number in range(5):
        await world.accept(f"due-{number}", send_at=LATER)
        await world.accept(f"over-{number}", expires_at=LATER)
    await world.advance(minutes=5)
    assert [(await world.job(f"due-{number}")).stage for number in range(5)] == [Stage.READY] * 5
    for number in range(5):
        assert await world.states(f"over-{number}") == ["accepted", "expired"]


async def test_a_batch_takes_what_has_waited_longest(world: World) -> None:
    await world.accept("late", send_at=LATER)
    await world.accept("early", send_at=START + timedelta(minutes=1))
    assert await world.database.write(lambda c: promote_jobs(c, LATER, 1)) == 1
    assert (await world.job("early")).stage is Stage.READY
    assert (await world.job("late")).stage is Stage.SCHEDULED


async def test_what_is_not_due_stays(world: World) -> None:
    await world.accept("order-1", send_at=LATER, expires_at=LATER + timedelta(minutes=5))
    await world.advance(minutes=4, seconds=59)
    assert (await world.job()).stage is Stage.SCHEDULED
    assert await world.states() == ["accepted"]
