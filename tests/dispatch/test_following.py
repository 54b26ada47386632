"""A job that was read before is taken for what it is only as long as it stands so."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Connection
from support.world import World

from gateway.db.counts import count_move, kind_of
from gateway.db.jobs import change_job
from gateway.dispatch.settling import Handed, settle_sent
from gateway.domain.states import JobState, Stage
from tests.dispatch.deeds import LINE, claim, hand


async def settle_as_claimed(world: World, **meanwhile: Any) -> None:
    """Write that the only part was sent, with the job as it was before something changed it."""
    await claim(world)
    job, [part, *_] = await world.job(), await world.parts()
    attempt = await hand(world)
    handed = Handed(part=part, attempt=attempt, job=job)
    policy, now = world.context.policy, world.clock.now()

    def change(connection: Connection) -> None:
        change_job(connection, job.key, **meanwhile)
        was = kind_of(job.store, job.purpose, job.accepted_at, job.state)
        count_move(connection, was, JobState(meanwhile.get("state", job.state)), 1)

    if meanwhile:
        await world.database.write(change)
    await world.database.write(
        lambda c: settle_sent(c, handed, 7, line=LINE, policy=policy, now=now)
    )


async def test_a_job_that_stands_as_it_did_is_not_read_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.accept()
    monkeypatch.delattr("gateway.dispatch.telling.read_job_with_parts")
    await settle_as_claimed(world)
    assert await world.states() == ["accepted", "sent"]
    assert (await world.job()).stage is Stage.HANDED


@pytest.mark.parametrize(
    ("meanwhile", "told"),
    [
        ({"seq": 4}, (JobState.SENT, 5)),
        ({"state": JobState.CANCELLED}, (JobState.CANCELLED, 1)),
        ({"state": JobState.DELIVERED, "stage": Stage.DONE, "seq": 3}, (JobState.DELIVERED, 3)),
    ],
)
async def test_a_job_that_changed_meanwhile_is_read_again(
    world: World, meanwhile: dict[str, Any], told: tuple[JobState, int]
) -> None:
    await world.accept()
    await settle_as_claimed(world, **meanwhile)
    job = await world.job()
    assert (job.state, job.seq) == told


async def test_a_job_of_several_parts_is_where_all_of_them_are(world: World) -> None:
    await world.accept(text="x" * 200)
    await settle_as_claimed(world)
    assert await world.states() == ["accepted"]
    assert (await world.job()).stage is Stage.CLAIMED
