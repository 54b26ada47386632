"""Pause, resume and stop at every moment: what waits obeys at once, what is out is finished."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update
from support.campaigns import SALE, Campaigning
from support.serving import served, told
from support.world import ACME

from gateway.commerce.campaigns.stopping import PAUSED
from gateway.db.commerce.campaigns import CampaignState, find_campaign
from gateway.db.jobs import change_job
from gateway.db.tables import PARTS
from gateway.domain.errors import RejectedError
from gateway.domain.states import JobState, PartState, Stage


async def decided(shop: Campaigning, count: int = 3, text: str = SALE) -> list[str]:
    """Let members be decided for; return their jobs."""
    await shop.know(count)
    await shop.launch(text)
    await shop.engine.tick()
    return [str(one.job) for one in await shop.decisions()]


async def test_a_paused_campaign_decides_for_nobody(shop: Campaigning) -> None:
    await shop.know(3)
    await shop.launch()
    assert await shop.steer("pause") is CampaignState.PAUSED
    await shop.engine.tick()
    assert await shop.left() == 3
    assert await shop.steer("resume") is CampaignState.RUNNING
    await shop.engine.tick()
    assert await shop.left() == 0


async def test_what_is_queued_waits_while_it_is_paused_and_goes_at_once_when_resumed(
    shop: Campaigning,
) -> None:
    world = shop.deciding.world
    jobs = await decided(shop)
    await shop.steer("pause")
    async with served(world) as modem:
        for job in jobs:
            await told(world, "deferred", job)
        assert modem.written == []
        assert {(await world.job(job)).reason for job in jobs} == {PAUSED}
        await shop.steer("resume")
        await world.timekeeper.tick()
        for job in jobs:
            await told(world, "sent", job)
    assert len(modem.written) == 3


async def test_what_waits_for_another_reason_is_not_brought_forward(shop: Campaigning) -> None:
    world = shop.deciding.world
    [job] = await decided(shop, 1)
    record = await world.job(job)
    later = world.clock.now() + timedelta(hours=5)
    await world.database.write(
        lambda c: change_job(
            c,
            record.key,
            stage=Stage.SCHEDULED,
            state=JobState.DEFERRED,
            not_before=later,
            reason="outside the window",
        )
    )
    await shop.steer("pause")
    await shop.steer("resume")
    assert (await world.job(job)).not_before == later


async def test_a_stop_takes_back_what_waits_and_writes_down_who_got_nothing(
    shop: Campaigning, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.commerce.campaigns.engine.AHEAD", 2)
    monkeypatch.setattr("gateway.commerce.campaigns.engine.BATCH", 2)
    await decided(shop, 5)
    assert await shop.steer("stop") is CampaignState.STOPPED
    await shop.engine.tick()
    assert await shop.states() == {"cancelled": 2}
    assert await shop.outcomes() == {("sent", None): 2, ("skipped", "stopped"): 3}
    record = await shop.record()
    assert (record.state, record.finished_at) == (
        CampaignState.STOPPED,
        shop.deciding.world.clock.now(),
    )


async def test_what_is_stopped_while_it_is_queued_is_not_handed_over(shop: Campaigning) -> None:
    """The engine may be slow, or another gateway's: the gate knows."""
    world = shop.deciding.world
    jobs = await decided(shop, 2)
    await shop.steer("stop")
    async with served(world) as modem:
        for job in jobs:
            await told(world, "cancelled", job)
    assert modem.written == []
    await shop.engine.tick()
    assert (await shop.record()).finished_at is not None


async def test_what_is_out_stays_out_when_it_is_stopped(shop: Campaigning) -> None:
    world = shop.deciding.world
    jobs = await decided(shop, 2)
    async with served(world) as modem:
        for job in jobs:
            await told(world, "sent", job)
        await shop.steer("stop")
        await shop.engine.tick()
    assert len(modem.written) == 2
    assert await shop.states() == {"sent": 2}


async def test_what_is_half_out_is_finished_when_it_is_stopped(shop: Campaigning) -> None:
    world = shop.deciding.world
    [half, waiting] = await decided(shop, 2)
    key = (await world.job(half)).key
    out = update(PARTS).where(PARTS.c.job_key == key).values(state=PartState.SENT)
    await world.database.write(lambda c: c.execute(out))
    await shop.steer("stop")
    await shop.engine.tick()
    states = {job: (await world.job(job)).state for job in (half, waiting)}
    assert states == {half: JobState.ACCEPTED, waiting: JobState.CANCELLED}
    assert (await world.job(half)).stage is Stage.READY  # its line goes on with it


async def test_a_campaign_is_finished_when_its_last_message_is_out(shop: Campaigning) -> None:
    world = shop.deciding.world
    jobs = await decided(shop, 2)
    await shop.engine.tick()
    assert (await shop.record()).state is CampaignState.RUNNING
    async with served(world):
        for job in jobs:
            await told(world, "sent", job)
    await shop.engine.tick()
    record = await shop.record()
    assert (record.state, record.finished_at) == (CampaignState.FINISHED, world.clock.now())


@pytest.mark.parametrize("word", ["pause", "resume", "stop", "approve"])
async def test_what_is_not_there_or_over_cannot_be_steered(shop: Campaigning, word: str) -> None:
    with pytest.raises(RejectedError, match="launched no campaign"):
        await shop.steer(word)
    await decided(shop, 1)
    await shop.steer("stop")
    with pytest.raises(RejectedError, match="is stopped already"):
        await shop.steer(word)


async def test_only_what_is_paused_is_resumed(shop: Campaigning) -> None:
    await decided(shop, 1)
    with pytest.raises(RejectedError, match="is running, not paused"):
        await shop.steer("resume")
    assert await shop.steer("pause") is await shop.steer("pause")


async def test_a_store_of_another_name_has_no_such_campaign(shop: Campaigning) -> None:
    await decided(shop, 1)
    found = await shop.deciding.world.database.read(lambda c: find_campaign(c, ACME, "other"))
    assert found is None


async def test_nothing_of_a_sale_is_handed_over_after_its_end(shop: Campaigning) -> None:
    world = shop.deciding.world
    text = SALE + "sale_ends = 2026-11-23T10:00:00"
    jobs = await decided(shop, 2, text)
    assert {(await world.job(job)).expires_at for job in jobs} == {
        world.clock.now() + timedelta(hours=1)
    }
    await world.advance(hours=1)
    async with served(world) as modem:
        for job in jobs:
            await told(world, "expired", job)
    assert modem.written == []


async def test_who_was_not_reached_by_the_end_is_late(
    shop: Campaigning, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.commerce.campaigns.engine.AHEAD", 2)
    monkeypatch.setattr("gateway.commerce.campaigns.engine.BATCH", 2)
    await decided(shop, 5, SALE + "deadline = 2026-11-23T10:00:00")
    await shop.deciding.world.advance(hours=1)
    await shop.engine.tick()
    assert await shop.outcomes() == {("sent", None): 2, ("skipped", "late"): 3}
    assert (await shop.record()).state is CampaignState.FINISHED


async def test_a_campaign_that_is_paused_ends_all_the_same(shop: Campaigning) -> None:
    await decided(shop, 1, SALE + "deadline = 2026-11-23T10:00:00")
    await shop.steer("pause")
    await shop.deciding.world.advance(hours=2)
    await shop.engine.tick()
    assert (await shop.record()).state is CampaignState.FINISHED
