"""A job that was read before is taken for what it is only as long as it stands so."""

from __future__ import annotations

import pytest
from support.world import World

from gateway.db.jobs import change_job
from gateway.dispatch.settling import Handed, settle_sent
from gateway.domain.states import JobState, Stage
from tests.dispatch.deeds import LINE, claim, hand


async def settle_as_claimed(world: World, **meanwhile: object) -> None:
    """Write that the only part was sent, with the job as it was before something changed it."""
    await claim(world)
    job, [part, *_] = await world.job(), await world.parts()
    attempt = await hand(world)
    handed = Handed(part=part, attempt=attempt, job=job)
    policy, now = world.context.policy, world.clock.now()
    if meanwhile:
        await world.database.write(lambda c: change_job(c, job.key, **meanwhile))
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
    world: World, meanwhile: dict[str, object], told: tuple[JobState, int]
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
